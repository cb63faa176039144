"""Stores in images of the user's own: told from where data is mounted, how it is initialised, and from names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stocktake.discover import engines, images
from stocktake.discover.claims import Service
from stocktake.discover.images import Image

_DATA: Mapping[str, str] = {
    "/bitnami/kafka": "kafka",
    "/bitnami/mariadb": "mariadb",
    "/bitnami/mongodb": "mongodb",
    "/bitnami/mysql": "mysql",
    "/bitnami/postgresql": "postgresql",
    "/bitnami/redis": "redis",
    "/data/db": "mongodb",
    "/usr/share/elasticsearch/data": "elasticsearch",
    "/usr/share/opensearch/data": "opensearch",
    "/var/lib/cassandra": "cassandra",
    "/var/lib/clickhouse": "clickhouse",
    "/var/lib/influxdb": "influxdb",
    "/var/lib/influxdb2": "influxdb",
    "/var/lib/mysql": "mysql",
    "/var/lib/neo4j/data": "neo4j",
    "/var/lib/postgresql": "postgresql",
    "/var/lib/postgresql/data": "postgresql",
    "/var/lib/rabbitmq": "rabbitmq",
    "/var/opt/mssql": "mssql",
}
_FIRST_SETTINGS: Mapping[str, str] = {
    "COUCHDB_USER": "couchdb",
    "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD": "mariadb",
    "MARIADB_RANDOM_ROOT_PASSWORD": "mariadb",
    "MARIADB_ROOT_PASSWORD": "mariadb",
    "MARIADB_ROOT_PASSWORD_FILE": "mariadb",
    "MINIO_ROOT_USER": "minio",
    "MONGO_INITDB_DATABASE": "mongodb",
    "MONGO_INITDB_ROOT_USERNAME": "mongodb",
    "MSSQL_SA_PASSWORD": "mssql",
    "MYSQL_ALLOW_EMPTY_PASSWORD": "mysql",
    "MYSQL_RANDOM_ROOT_PASSWORD": "mysql",
    "MYSQL_ROOT_PASSWORD": "mysql",
    "MYSQL_ROOT_PASSWORD_FILE": "mysql",
    "POSTGRES_HOST_AUTH_METHOD": "postgresql",
    "POSTGRES_PASSWORD": "postgresql",
    "POSTGRES_PASSWORD_FILE": "postgresql",
    "RABBITMQ_DEFAULT_USER": "rabbitmq",
    "SA_PASSWORD": "mssql",
}
_FITTING = frozenset(
    (
        "alpine", "base", "cluster", "custom", "db", "dev", "extended", "extensions", "ha", "image", "local", "main",
        "master", "node", "plus", "postgis", "primary", "prod", "replica", "search", "server", "single", "ssl",
        "standalone", "vector",
    )
)  # fmt: skip
_STORE_NAME = re.compile(r"(^|[-_.])(db|database|datastore|store|sql|broker|mq|queue|cache)\d*$", re.IGNORECASE)
_NO_SERVER = re.compile(
    r"export|backup|client|init|migrat|admin|operator|prox|ui$|web|cli|tool|seed|setup|dump|restore|worker|consumer|"
    r"producer|manager|api|service|app|commander|insight|express|connect|sink|bridge|adapter|monitor|test|listener|gateway"
)


def disguised(service: Service) -> Image | None:
    """The store that a service is although its image is nobody's but the user's; None where nothing says so."""
    engine = next((_DATA[target.rstrip("/")] for _, target in service.mounts if target.rstrip("/") in _DATA), "")
    name = service.name.lower()
    first = next((_FIRST_SETTINGS[each.key] for each in service.settings if each.key in _FIRST_SETTINGS), "")
    if not engine and first and (_STORE_NAME.search(name) or _named(name) == first):
        engine = first
    if not engine and not service.command:
        image, tag = images.split(service.image)
        engine = _named(image.rpartition("/")[2]) if image else _named(name)
        return Image(engines.ENGINES[engine].type, engine, images.version(tag)) if engine else None
    return Image(engines.ENGINES[engine].type, engine) if engine and not _NO_SERVER.search(name) else None


def _named(name: str) -> str:
    """The engine that a name ends with, as in `orders-mysql`, or begins with before a word that changes nothing."""
    words = re.split(r"[-_.]", name.lower())
    if _NO_SERVER.search(name.lower()):
        return ""
    first = engines.of_name(words[0]) if all(word.isdigit() or word in _FITTING for word in words[1:]) else ""
    return first or engines.of_name(words[-1])

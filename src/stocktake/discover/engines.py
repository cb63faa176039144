"""Engines: what kind of asset each one is, the port it listens on, and the names of variables that speak of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple


class Engine(NamedTuple):
    """`words` begin the names of settings that are about it (`POSTGRES_HOST`)."""

    type: str
    port: int = 0
    words: tuple[str, ...] = ()


ENGINES: Mapping[str, Engine] = {
    "activemq": Engine("message-queue", 61616, ("activemq", "artemis")),
    "arangodb": Engine("document-db", 8529, ("arango", "arangodb")),
    "azure-blob": Engine("object-store", 10000, ("azure_storage", "azurite")),
    "azure-search": Engine("search-index"),
    "beanstalkd": Engine("message-queue", 11300, ("beanstalkd",)),
    "bigquery": Engine("data-warehouse", 0, ("bigquery",)),
    "bigtable": Engine("wide-column", 0, ("bigtable",)),
    "cassandra": Engine("wide-column", 9042, ("cassandra",)),
    "chroma": Engine("vector-db", 0, ("chroma", "chromadb")),
    "clickhouse": Engine("data-warehouse", 8123, ("clickhouse",)),
    "cloudflare-kv": Engine("key-value"),
    "cloudflare-queues": Engine("message-queue"),
    "cockroachdb": Engine("relational-db", 26257, ("cockroach",)),
    "consul": Engine("key-value", 8500, ("consul",)),
    "cosmosdb": Engine("document-db", 0, ("cosmos", "cosmosdb")),
    "couchbase": Engine("document-db", 8091, ("couchbase",)),
    "couchdb": Engine("document-db", 5984, ("couchdb",)),
    "d1": Engine("relational-db"),
    "databricks": Engine("data-warehouse", 0, ("databricks",)),
    "dax": Engine("cache"),
    "db2": Engine("relational-db", 50000, ("db2",)),
    "dgraph": Engine("graph-db", 9080, ("dgraph",)),
    "dragonfly": Engine("cache", 0, ("dragonfly",)),
    "duckdb": Engine("embedded-db", 0, ("duckdb",)),
    "dynamodb": Engine("key-value", 0, ("dynamodb",)),
    "efs": Engine("file-store"),
    "elasticsearch": Engine("search-index", 9200, ("elasticsearch", "elastic", "es")),
    "emqx": Engine("message-queue", 0, ("emqx",)),
    "etcd": Engine("key-value", 2379, ("etcd",)),
    "eventbridge": Engine("message-queue", 0, ("eventbridge",)),
    "eventgrid": Engine("message-queue", 0, ("eventgrid",)),
    "eventhubs": Engine("event-stream", 0, ("eventhub", "eventhubs")),
    "filestore": Engine("file-store"),
    "firebird": Engine("relational-db", 3050, ("firebird",)),
    "firehose": Engine("event-stream", 0, ("firehose",)),
    "firestore": Engine("document-db", 0, ("firestore",)),
    "fsx": Engine("file-store"),
    "gcs": Engine("object-store", 0, ("gcs",)),
    "h2": Engine("embedded-db"),
    "influxdb": Engine("time-series", 8086, ("influx", "influxdb")),
    "kafka": Engine("event-stream", 9092, ("kafka",)),
    "key-vault": Engine("secret-store"),
    "keydb": Engine("cache", 0, ("keydb",)),
    "kinesis": Engine("event-stream", 0, ("kinesis",)),
    "kusto": Engine("data-warehouse", 0, ("kusto",)),
    "ldap": Engine("identity-store", 389, ("ldap",)),
    "loki": Engine("log-store", 3100, ("loki",)),
    "manticore": Engine("search-index", 9306, ("manticore",)),
    "mariadb": Engine("relational-db", 0, ("mariadb",)),
    "meilisearch": Engine("search-index", 7700, ("meili", "meilisearch")),
    "memcached": Engine("cache", 11211, ("memcache", "memcached")),
    "memgraph": Engine("graph-db", 0, ("memgraph",)),
    "milvus": Engine("vector-db", 19530, ("milvus",)),
    "minio": Engine("object-store", 9000, ("minio",)),
    "mongodb": Engine("document-db", 27017, ("mongo", "mongodb")),
    "mqtt": Engine("message-queue", 1883, ("mqtt", "mosquitto")),
    "mssql": Engine("relational-db", 1433, ("mssql", "sqlserver")),
    "mysql": Engine("relational-db", 3306, ("mysql",)),
    "nats": Engine("message-queue", 4222, ("nats",)),
    "neo4j": Engine("graph-db", 7687, ("neo4j",)),
    "neptune": Engine("graph-db", 0, ("neptune",)),
    "nsq": Engine("message-queue", 4150, ("nsq", "nsqd")),
    "opensearch": Engine("search-index", 0, ("opensearch",)),
    "oracle": Engine("relational-db", 1521, ("oracle",)),
    "postgresql": Engine("relational-db", 5432, ("postgres", "postgresql", "pg", "pgsql")),
    "prometheus": Engine("time-series", 9090),
    "pubsub": Engine("message-queue", 0, ("pubsub",)),
    "pulsar": Engine("event-stream", 6650, ("pulsar",)),
    "qdrant": Engine("vector-db", 6333, ("qdrant",)),
    "questdb": Engine("time-series", 9009, ("questdb",)),
    "rabbitmq": Engine("message-queue", 5672, ("rabbitmq", "rabbit", "amqp")),
    "redis": Engine("cache", 6379, ("redis",)),
    "redpanda": Engine("event-stream", 0, ("redpanda",)),
    "redshift": Engine("data-warehouse", 5439, ("redshift",)),
    "rethinkdb": Engine("document-db", 28015, ("rethinkdb",)),
    "s3": Engine("object-store", 0, ("s3",)),
    "scylla": Engine("wide-column", 0, ("scylla",)),
    "seaweedfs": Engine("object-store", 0, ("seaweedfs",)),
    "secret-manager": Engine("secret-store"),
    "secrets-manager": Engine("secret-store"),
    "servicebus": Engine("message-queue", 0, ("servicebus",)),
    "sftp": Engine("file-store", 0, ("sftp",)),
    "snowflake": Engine("data-warehouse", 0, ("snowflake",)),
    "sns": Engine("message-queue", 0, ("sns",)),
    "solr": Engine("search-index", 8983, ("solr",)),
    "spanner": Engine("relational-db", 0, ("spanner",)),
    "sqlite": Engine("embedded-db", 0, ("sqlite",)),
    "sqs": Engine("message-queue", 9324, ("sqs",)),
    "surrealdb": Engine("document-db", 0, ("surreal", "surrealdb")),
    "synapse": Engine("data-warehouse"),
    "timescaledb": Engine("time-series", 0, ("timescale", "timescaledb")),
    "timestream": Engine("time-series"),
    "trino": Engine("data-warehouse", 0, ("trino",)),
    "typesense": Engine("search-index", 8108, ("typesense",)),
    "valkey": Engine("cache", 0, ("valkey",)),
    "vault": Engine("secret-store", 8200, ("vault",)),
    "victoriametrics": Engine("time-series", 8428, ("victoriametrics",)),
    "weaviate": Engine("vector-db", 0, ("weaviate",)),
    "yugabytedb": Engine("relational-db", 5433, ("yugabyte",)),
    "zookeeper": Engine("key-value", 2181, ("zookeeper", "zk")),
}
KIN = (
    frozenset(("postgresql", "timescaledb", "cockroachdb", "yugabytedb")),
    frozenset(("mysql", "mariadb")),
    frozenset(("redis", "valkey", "keydb", "dragonfly")),
    frozenset(("kafka", "redpanda")),
    frozenset(("s3", "minio", "seaweedfs")),
    frozenset(("cassandra", "scylla")),
    frozenset(("mqtt", "emqx")),
    frozenset(("neo4j", "memgraph")),
    frozenset(("elasticsearch", "opensearch")),
)
STORES = frozenset(engine.type for engine in ENGINES.values()) | {
    "backup-repository",
    "block-store",
    "data-lake",
    "spreadsheet",
}
BROKERS = frozenset(("message-queue", "event-stream"))
_OF_PORT = {engine.port: name for name, engine in ENGINES.items() if engine.port}
_OF_WORD = {word: name for name, engine in ENGINES.items() for word in engine.words}
_NAMES = {
    **{name: name for name in ENGINES},
    **_OF_WORD,
    "asyncpg": "postgresql",
    "mysql2": "mysql",
    "mysqli": "mysql",
    "pdo_pgsql": "postgresql",
    "postgis": "postgresql",
    "psycopg": "postgresql",
    "psycopg2": "postgresql",
    "pymysql": "mysql",
    "sqlite3": "sqlite",
    "sqlsrv": "mssql",
}


def of_port(port: int | None) -> str:
    """The engine that listens on a port by default."""
    return _OF_PORT.get(port or 0, "")


def of_setting(key: str) -> str:
    """The engine that the name of a setting speaks of: `POSTGRES_HOST`, `SPRING_REDIS_HOST`, `PGHOST`, `redis.url`."""
    words = re.findall(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+(?![a-z])", key)
    if words and words[0].lower() in ("pghost", "pgport", "pgdatabase"):
        return "postgresql"
    return next((_OF_WORD[word.lower()] for word in words if word.lower() in _OF_WORD), "")


def of_word(text: str) -> str:
    """The engine that a value names, as in `DB_CONNECTION=pgsql` or `django.db.backends.postgresql`."""
    words = re.split(r"[^a-z0-9_]+", text.lower())
    return next((_NAMES[word] for word in reversed(words) if word in _NAMES), "") if len(text) < 80 else ""


def of_name(word: str) -> str:
    """The engine whose name, or whose word of three letters and more, this is."""
    return _NAMES.get(word, "") if len(word) > 2 else ""


def agree(one: str, other: str) -> bool:
    """Whether a client for one engine can be talking to the other."""
    return not one or not other or one == other or any(one in kin and other in kin for kin in KIN)

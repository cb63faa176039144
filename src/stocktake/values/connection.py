"""How one reaches a store, without what must stay secret, and the engines that the field's URL schemes name."""

from typing import NamedTuple

ENGINES = {
    "amqp": "rabbitmq",
    "amqps": "rabbitmq",
    "bolt": "neo4j",
    "cassandra": "cassandra",
    "clickhouse": "clickhouse",
    "clickhouses": "clickhouse",
    "cockroachdb": "cockroachdb",
    "cql": "cassandra",
    "db2": "db2",
    "duckdb": "duckdb",
    "elasticsearch": "elasticsearch",
    "gs": "gcs",
    "h2": "h2",
    "kafka": "kafka",
    "mariadb": "mariadb",
    "memcached": "memcached",
    "mongodb": "mongodb",
    "mqtt": "mqtt",
    "mqtts": "mqtt",
    "mssql": "mssql",
    "mysql": "mysql",
    "mysql2": "mysql",
    "mysqlx": "mysql",
    "nats": "nats",
    "neo4j": "neo4j",
    "opensearch": "opensearch",
    "oracle": "oracle",
    "postgis": "postgresql",
    "postgres": "postgresql",
    "postgresql": "postgresql",
    "psql": "postgresql",
    "pulsar": "pulsar",
    "redis": "redis",
    "rediss": "redis",
    "redshift": "redshift",
    "s3": "s3",
    "s3a": "s3",
    "scylla": "scylla",
    "snowflake": "snowflake",
    "sqlite": "sqlite",
    "sqlite3": "sqlite",
    "sqlserver": "mssql",
    "trino": "trino",
    "valkey": "valkey",
    "valkeys": "valkey",
}
FILES = frozenset(("duckdb", "h2", "sqlite"))
BUCKETS = frozenset(("gcs", "s3"))


class Dsn(NamedTuple):
    """A connection string without its password, its parameters and the user's name.

    `database` is a path for engines that live in a file, a bucket for object stores, a virtual host for RabbitMQ.
    `secret` says that a password stood there; `members` are further `host:port` of the same cluster.
    What is filled in later is None.
    """

    engine: str
    host: str | None = None
    port: int | None = None
    database: str | None = None
    user_present: bool = False
    secret: bool = False
    scheme: str = ""
    members: tuple[str, ...] = ()

    def text(self) -> str:
        """A URL that may be shown; a password is `•••`."""
        if self.engine in BUCKETS:
            return f"{self.engine}://{self.database or ''}"
        host = f"[{self.host}]" if self.host and ":" in self.host else self.host or ""
        place = f"{host}:{self.port}" if self.port else host
        hosts = ",".join(part for part in (place, *self.members) if part)
        return f"{self.engine}://{'•••@' if self.secret else ''}{hosts}{f'/{self.database}' if self.database else ''}"

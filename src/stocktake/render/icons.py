"""Which icon of the `diagrams` package stands for what: by engine where it is known, else by type."""

from __future__ import annotations

from collections.abc import Mapping

from stocktake.model.graph import Entry

ENGINES: Mapping[str, str] = {
    "activemq": "onprem.queue.Activemq",
    "cassandra": "onprem.database.Cassandra",
    "ceph": "onprem.storage.Ceph",
    "clickhouse": "onprem.database.Clickhouse",
    "cockroachdb": "onprem.database.Cockroachdb",
    "consul": "onprem.network.Consul",
    "couchdb": "onprem.database.Couchdb",
    "duckdb": "onprem.database.Duckdb",
    "etcd": "onprem.network.Etcd",
    "influxdb": "onprem.database.Influxdb",
    "kafka": "onprem.queue.Kafka",
    "mariadb": "onprem.database.Mariadb",
    "memcached": "onprem.inmemory.Memcached",
    "mongodb": "onprem.database.Mongodb",
    "mssql": "onprem.database.Mssql",
    "mysql": "onprem.database.Mysql",
    "nats": "onprem.queue.Nats",
    "neo4j": "onprem.database.Neo4J",
    "oracle": "onprem.database.Oracle",
    "postgresql": "onprem.database.Postgresql",
    "prometheus": "onprem.monitoring.Prometheus",
    "qdrant": "onprem.database.Qdrant",
    "rabbitmq": "onprem.queue.Rabbitmq",
    "redis": "onprem.inmemory.Redis",
    "scylladb": "onprem.database.Scylla",
    "solr": "onprem.search.Solr",
    "vault": "onprem.security.Vault",
}

TYPES: Mapping[str, str] = {
    "api": "azure.general.Code",
    "backup-repository": "azure.general.Ssd",
    "batch-job": "azure.general.Scheduler",
    "block-store": "azure.general.Ssd",
    "cache": "azure.general.Cache",
    "data-lake": "generic.storage.Storage",
    "data-warehouse": "generic.database.SQL",
    "embedded-db": "azure.general.File",
    "external-api": "onprem.network.Internet",
    "external-saas": "onprem.network.Internet",
    "file-store": "azure.general.Files",
    "frontend": "azure.general.Browser",
    "gateway": "generic.network.Router",
    "identity-provider": "azure.general.Usericon",
    "identity-store": "azure.general.Usericon",
    "library": "azure.general.Module",
    "log-store": "azure.general.LogStreaming",
    "message-queue": "azure.general.StorageQueue",
    "event-stream": "azure.general.StorageQueue",
    "object-store": "azure.general.StorageContainer",
    "search-index": "azure.general.Search",
    "secret-store": "onprem.security.Vault",
    "service": "onprem.compute.Server",
    "spreadsheet": "azure.general.Table",
    "website": "azure.general.Browser",
    "worker": "azure.general.Gear",
}


def icon_of(node: Entry, engine: str = "") -> str:
    """Module and class of the icon, as in `onprem.database.Postgresql`."""
    return ENGINES.get(engine.lower()) or TYPES.get(node.type, "generic.database.SQL")

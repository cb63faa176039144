"""Container images: which are stores, which are well-known programs, and which version a tag names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from stocktake.discover.engines import ENGINES


class Image(NamedTuple):
    """What runs in an image; `engine` is empty for what is no store."""

    type: str
    engine: str = ""
    version: str = ""


_STORES: Mapping[str, str] = {
    "activemq": "apache/activemq-classic rmohr/activemq activemq apache/activemq-artemis",
    "arangodb": "arangodb arangodb/arangodb",
    "azure-blob": "azure-storage/azurite azurite",
    "beanstalkd": "schickling/beanstalkd beanstalkd",
    "cassandra": "cassandra",
    "chroma": "chromadb/chroma chroma-core/chroma",
    "clickhouse": "clickhouse clickhouse/clickhouse-server clickhouse-server",
    "cockroachdb": "cockroachdb/cockroach cockroach",
    "consul": "consul hashicorp/consul",
    "couchbase": "couchbase couchbase/server",
    "couchdb": "couchdb",
    "db2": "db2 ibmcom/db2 db2_community/db2",
    "dgraph": "dgraph/dgraph dgraph/standalone",
    "dragonfly": "dragonfly dragonflydb/dragonfly",
    "dynamodb": "amazon/dynamodb-local dynamodb-local",
    "elasticsearch": "elasticsearch elasticsearch/elasticsearch",
    "emqx": "emqx emqx/emqx",
    "etcd": "etcd coreos/etcd etcd-development/etcd",
    "firebird": "jacobalberty/firebird firebirdsql/firebird",
    "gcs": "fsouza/fake-gcs-server",
    "influxdb": "influxdb influxdb3-core",
    "kafka": "kafka cp-kafka cp-server wurstmeister/kafka apache/kafka apache/kafka-native kafka-kraft",
    "keydb": "keydb eqalpha/keydb snapchat/keydb",
    "ldap": "openldap osixia/openldap 389ds/dirsrv lldap/lldap glauth/glauth",
    "loki": "grafana/loki loki",
    "manticore": "manticoresearch/manticore",
    "mariadb": "mariadb mariadb-galera linuxserver/mariadb",
    "meilisearch": "getmeili/meilisearch meilisearch",
    "memcached": "memcached",
    "memgraph": "memgraph/memgraph memgraph/memgraph-platform memgraph/memgraph-mage",
    "milvus": "milvusdb/milvus",
    "minio": "minio/minio minio coollabsio/minio pgsty/minio",
    "mongodb": "mongo mongodb mongodb-sharded percona/percona-server-mongodb mongodb-community-server "
    "mongodb-atlas-local",
    "mqtt": "eclipse-mosquitto hivemq/hivemq4 hivemq vernemq/vernemq",
    "mssql": "mssql/server azure-sql-edge mssql-server-linux",
    "mysql": "mysql mysql-server mysql/mysql-server percona percona/percona-server",
    "nats": "nats nats-streaming",
    "neo4j": "neo4j",
    "nsq": "nsqio/nsq",
    "opensearch": "opensearchproject/opensearch opensearch",
    "oracle": "gvenzl/oracle-xe gvenzl/oracle-free database/express database/enterprise database/free",
    "postgresql": "postgres postgresql postgis/postgis postgis pgvector/pgvector ankane/pgvector "
    "supabase/postgres kartoza/postgis "
    "imresamu/postgis postgresql-repmgr crunchy-postgres spilo-15 spilo-16 tensorchord/pgvecto-rs "
    "paradedb/paradedb enterprisedb/postgresql "
    "citusdata/citus cloudnative-pg/postgresql",
    "prometheus": "prom/prometheus prometheus",
    "pulsar": "apachepulsar/pulsar apachepulsar/pulsar-all",
    "qdrant": "qdrant/qdrant",
    "questdb": "questdb/questdb",
    "rabbitmq": "rabbitmq",
    "redis": "redis redis/redis-stack redis/redis-stack-server redislabs/redismod redis-cluster redislabs/rejson "
    "redislabs/redisearch",
    "redpanda": "redpandadata/redpanda vectorized/redpanda",
    "rethinkdb": "rethinkdb",
    "scylla": "scylladb/scylla",
    "seaweedfs": "chrislusf/seaweedfs",
    "sftp": "atmoz/sftp",
    "solr": "solr",
    "sqs": "softwaremill/elasticmq softwaremill/elasticmq-native roribio16/alpine-sqs",
    "surrealdb": "surrealdb/surrealdb",
    "timescaledb": "timescale/timescaledb timescale/timescaledb-ha timescale/timescaledb-postgis",
    "trino": "trinodb/trino",
    "typesense": "typesense/typesense",
    "valkey": "valkey valkey/valkey valkey/valkey-bundle",
    "vault": "vault hashicorp/vault openbao/openbao",
    "victoriametrics": "victoriametrics/victoria-metrics",
    "weaviate": "semitechnologies/weaviate weaviate/weaviate",
    "yugabytedb": "yugabytedb/yugabyte",
    "zookeeper": "zookeeper cp-zookeeper wurstmeister/zookeeper",
}
_PROGRAMS: Mapping[str, str] = {
    "batch-job": "flyway flyway/flyway liquibase liquibase/liquibase migrate/migrate minio/mc amacneil/dbmate "
    "offen/docker-volume-backup "
    "prodrigestivill/postgres-backup-local databack/mysql-backup amazon/aws-cli aws-cli curlimages/curl ofelia "
    "mcuadros/ofelia arigaio/atlas "
    "willfarrell/autoheal containrrr/watchtower certbot/certbot schickling/postgres-backup-s3 redgate/flyway",
    "gateway": "nginx openresty/openresty openresty traefik kong kong-gateway apache/apisix apisix "
    "envoyproxy/envoy envoy caddy haproxy httpd "
    "nginx-proxy nginxproxy/nginx-proxy jwilder/nginx-proxy jc21/nginx-proxy-manager krakend devopsfaith/krakend "
    "tykio/tyk-gateway varnish "
    "nginxinc/nginx-unprivileged nginx-unprivileged oauth2-proxy/oauth2-proxy oauth2-proxy ngrok/ngrok "
    "cloudflare/cloudflared lua-nginx",
    "identity-provider": "keycloak jboss/keycloak keycloak/keycloak goauthentik/server dexidp/dex dex oryd/hydra "
    "oryd/kratos zitadel/zitadel "
    "authelia/authelia fusionauth/fusionauth-app casbin/casdoor logto-io/logto svhd/logto supabase/gotrue "
    "supertokens/supertokens-postgresql",
    "service": "grafana grafana/grafana grafana/grafana-oss axllent/mailpit mailhog/mailhog mailhog "
    "maildev/maildev schickling/mailcatcher "
    "jaegertracing/all-in-one jaegertracing/jaeger openzipkin/zipkin datalust/seq otel/opentelemetry-collector "
    "otel/opentelemetry-collector-contrib "
    "grafana/tempo grafana/otel-lgtm apache/apisix-dashboard cp-schema-registry cp-kafka-connect cp-kafka-rest "
    "cp-ksqldb-server "
    "debezium/connect localstack/localstack sonarqube metabase/metabase apache/superset prom/alertmanager "
    "prom/pushgateway "
    "edoburu/pgbouncer pgbouncer bitnami/pgbouncer temporalio/auto-setup temporalio/server hasura/graphql-engine "
    "postgrest/postgrest "
    "wordpress ghost gitea/gitea nextcloud drupal directus/directus strapi/strapi n8nio/n8n minio/console "
    "registry docker/dind docker "
    "ollama/ollama redis-sentinel gotenberg/gotenberg thecodingmachine/gotenberg vaultwarden/server clamav/clamav",
    "website": "adminer pgadmin4 dpage/pgadmin4 phpmyadmin phpmyadmin/phpmyadmin mongo-express redis-commander "
    "rediscommander/redis-commander "
    "redis/redisinsight redislabs/redisinsight provectuslabs/kafka-ui obsidiandynamics/kafdrop tchiotludo/akhq "
    "kibana kibana/kibana "
    "opensearchproject/opensearch-dashboards portainer/portainer-ce mher/flower temporalio/ui "
    "redpandadata/console confluentinc/cp-enterprise-control-center "
    "cp-enterprise-control-center sosedoff/pgweb joxit/docker-registry-ui ui-for-apache-kafka",
    "worker": "logstash logstash/logstash fluent/fluentd fluent/fluent-bit fluentd filebeat beats/filebeat "
    "metricbeat beats/metricbeat timberio/vector "
    "grafana/promtail grafana/alloy grafana/agent telegraf prom/node-exporter cadvisor/cadvisor cadvisor "
    "google/cadvisor oliver006/redis_exporter "
    "prometheuscommunity/postgres-exporter wrouesnel/postgres_exporter prom/mysqld-exporter "
    "prom/blackbox-exporter danielqsj/kafka-exporter "
    "nginx/nginx-prometheus-exporter gcr.io/cadvisor/cadvisor",
}
_ALL: Mapping[str, Image] = {
    **{name: Image(type_) for type_, names in _PROGRAMS.items() for name in names.split()},
    **{name: Image(ENGINES[engine].type, engine) for engine, names in _STORES.items() for name in names.split()},
}
# Which part of the tag is the version of the engine, where it is not the first number: other parts are the version of
# an extension or of a distribution, and an empty pattern says that no part is.
_TAGS: Mapping[str, str] = {
    name: pattern
    for pattern, names in {
        r"(?:^|[-_])(?:pg|postgres_)(\d+(?:\.\d+)*)": "ankane/pgvector citusdata/citus paradedb/paradedb "
        "pgvector/pgvector tensorchord/pgvecto-rs",
        r"(?:^|[-_])ts(\d+(?:\.\d+)*)": "timescale/timescaledb-ha",
        r"^\d+\.\d+-(\d+(?:\.\d+)*)": "wurstmeister/kafka",
        "": "amazon/dynamodb-local atmoz/sftp azure-sql-edge azure-storage/azurite azurite cp-kafka cp-server "
        "cp-zookeeper crunchy-postgres dynamodb-local fsouza/fake-gcs-server redislabs/redisearch "
        "redislabs/redismod redislabs/rejson roribio16/alpine-sqs softwaremill/elasticmq "
        "softwaremill/elasticmq-native spilo-15 spilo-16 timescale/timescaledb-postgis wurstmeister/zookeeper",
    }.items()
    for name in names.split()
}
# Their names say nothing without the one in front.
_TOO_COMMON = frozenset(
    ("console", "docker", "express", "server", "connect", "ui", "free", "enterprise", "standalone", "agent", "vector")
)
_FIRST = r"^(?=v?\d|RELEASE\.)v?(\d+(?:\.\d+){0,3}(?=$|[-_+.a-z])|RELEASE\.[\dTZ-]+)"


def known(reference: str) -> Image | None:
    """What an image is, by its name without registry; None for an image of the user's own."""
    name, tag = split(reference)
    parts = name.lower().split("/")
    short = parts[-1]
    full = "/".join(parts[-2:])
    image = _ALL.get(full) or (None if short in _TOO_COMMON else _ALL.get(short))
    # A version says nothing where there is no engine that it could be the version of.
    pattern = _TAGS.get(full, _TAGS.get(short, _FIRST))
    return image._replace(version=version(tag, pattern)) if image and image.engine else image


def split(reference: str) -> tuple[str, str]:
    """(name with registry and namespace, tag)."""
    name = reference.partition("@")[0]
    before, colon, tag = name.rpartition(":")
    return (before, tag) if colon and "/" not in tag else (name, "")


def version(tag: str, pattern: str = _FIRST) -> str:
    """The version of the engine in a tag: `15-alpine` is 15, `alpine` and `latest` say nothing."""
    match = re.search(pattern, tag, re.IGNORECASE) if pattern else None
    return match[1] if match else ""

"""Stores that operators of Kubernetes make of their own kinds of objects, and charts that hold one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from stocktake.discover import engines, images
from stocktake.discover.yaml import Node


class Operator(NamedTuple):
    """`hosts` end the names of the services that it makes; `version` are the keys that may hold it."""

    engine: str
    hosts: tuple[str, ...] = ("",)
    version: tuple[str, ...] = ("spec.version", "spec.image", "spec.imageName")
    type: str = ""


def _operator(engine: str, hosts: str = "", version: str = "", type_: str = "") -> Operator:
    keys = tuple(f"spec.{key}" for key in version.split()) or Operator(engine).version
    return Operator(engine, ("", *hosts.split()), keys, type_ or (engines.ENGINES[engine].type if engine else ""))


# Keyed by API group and kind; `*` is put in the place of the name where a host does not begin with it.
OPERATORS: Mapping[tuple[str, str], Operator] = {
    ("acid.zalan.do", "postgresql"): _operator("postgresql", "-repl -pooler", "postgresql.version"),
    ("acid.zalan.do", "operatorconfiguration"): _operator("", "", "", "service"),
    ("agent.k8s.elastic.co", "agent"): _operator("", "", "", "worker"),
    ("apm.k8s.elastic.co", "apmserver"): _operator("", "-apm-http", "", "service"),
    ("beat.k8s.elastic.co", "beat"): _operator("", "", "", "worker"),
    ("cassandra.datastax.com", "cassandradatacenter"): _operator("cassandra", "-service", "serverVersion"),
    ("clickhouse.altinity.com", "clickhouseinstallation"): _operator("clickhouse", "clickhouse-*"),
    ("cluster.redpanda.com", "redpanda"): _operator("redpanda"),
    ("couchbase.com", "couchbasecluster"): _operator("couchbase", "-srv", "image"),
    ("crdb.cockroachlabs.com", "crdbcluster"): _operator("cockroachdb", "-public", "image.name cockroachDBVersion"),
    ("database.arangodb.com", "arangodeployment"): _operator("arangodb", "", "image"),
    ("databases.spotahome.com", "redisfailover"): _operator("redis", "rfs-* rfrm-* rfr-*", "redis.image"),
    ("dragonflydb.io", "dragonfly"): _operator("dragonfly", "", "image"),
    ("elasticsearch.k8s.elastic.co", "elasticsearch"): _operator("elasticsearch", "-es-http -es-default"),
    ("etcd.database.coreos.com", "etcdcluster"): _operator("etcd", "-client"),
    ("jaegertracing.io", "jaeger"): _operator("", "-collector -query -agent", "", "service"),
    ("k8s.mariadb.com", "mariadb"): _operator("mariadb", "-primary -secondary", "image"),
    ("k8s.keycloak.org", "keycloak"): _operator("", "-service", "", "identity-provider"),
    ("k8ssandra.io", "k8ssandracluster"): _operator("cassandra", "", "cassandra.serverVersion"),
    ("kafka.strimzi.io", "kafka"): _operator("kafka", "-kafka-bootstrap -kafka-brokers", "kafka.version"),
    ("kafka.strimzi.io", "kafkabridge"): _operator("", "-bridge-service", "", "service"),
    ("kafka.strimzi.io", "kafkaconnect"): _operator("", "-connect-api", "", "worker"),
    ("kafka.strimzi.io", "kafkamirrormaker2"): _operator("", "", "", "worker"),
    ("kibana.k8s.elastic.co", "kibana"): _operator("", "-kb-http", "", "website"),
    ("logstash.k8s.elastic.co", "logstash"): _operator("", "-ls-api", "", "worker"),
    ("loki.grafana.com", "lokistack"): _operator("loki"),
    ("mariadb.mmontes.io", "mariadb"): _operator("mariadb", "", "image"),
    ("milvus.io", "milvus"): _operator("milvus", "-milvus"),
    ("minio.min.io", "tenant"): _operator("minio", "-hl", "image"),
    ("monitoring.coreos.com", "alertmanager"): _operator("", "alertmanager-*", "", "service"),
    ("monitoring.coreos.com", "prometheus"): _operator("prometheus", "prometheus-*"),
    ("mongodb.com", "mongodb"): _operator("mongodb", "-svc"),
    ("mongodbcommunity.mongodb.com", "mongodbcommunity"): _operator("mongodb", "-svc"),
    ("mysql.oracle.com", "innodbcluster"): _operator("mysql", "-instances"),
    ("nats.io", "natscluster"): _operator("nats"),
    ("nats.io", "natsstreamingcluster"): _operator("nats"),
    ("neo4j.com", "neo4jcluster"): _operator("neo4j"),
    ("operator.victoriametrics.com", "vmcluster"): _operator(
        "victoriametrics", "vminsert-* vmselect-*", "clusterVersion"
    ),
    ("operator.victoriametrics.com", "vmsingle"): _operator("victoriametrics", "vmsingle-*", "image.tag"),
    ("opensearch.opster.io", "opensearchcluster"): _operator("opensearch", "", "general.version"),
    ("postgres-operator.crunchydata.com", "postgrescluster"): _operator(
        "postgresql", "-primary -replicas -pgbouncer -ha", "postgresVersion"
    ),
    ("postgresql.cnpg.io", "cluster"): _operator("postgresql", "-rw -ro -r", "imageName imageCatalogRef.major"),
    ("ps.percona.com", "perconaservermysql"): _operator("mysql", "-haproxy -mysql", "mysql.image"),
    ("psmdb.percona.com", "perconaservermongodb"): _operator("mongodb", "-rs0 -mongos", "image"),
    ("pgv2.percona.com", "perconapgcluster"): _operator("postgresql", "-pgbouncer -ha", "postgresVersion"),
    ("pxc.percona.com", "perconaxtradbcluster"): _operator("mysql", "-haproxy -pxc -proxysql", "pxc.image"),
    ("qdrant.io", "qdrantcluster"): _operator("qdrant"),
    ("rabbitmq.com", "rabbitmqcluster"): _operator("rabbitmq", "-nodes", "image"),
    ("redis.redis.opstreelabs.in", "redis"): _operator("redis", "", "kubernetesConfig.image"),
    ("redis.redis.opstreelabs.in", "rediscluster"): _operator("redis", "-leader -follower", "kubernetesConfig.image"),
    ("redis.redis.opstreelabs.in", "redisreplication"): _operator("redis", "-master", "kubernetesConfig.image"),
    ("app.redislabs.com", "redisenterprisedatabase"): _operator("redis", "", "redisVersion"),
    ("scylla.scylladb.com", "scyllacluster"): _operator("scylla", "-client"),
    ("solr.apache.org", "solrcloud"): _operator("solr", "-solrcloud-common", "solrImage.tag"),
    ("vault.banzaicloud.com", "vault"): _operator("vault", "", "image"),
    ("yugabyte.com", "ybcluster"): _operator("yugabytedb", "", "image.tag"),
    ("zookeeper.pravega.io", "zookeepercluster"): _operator("zookeeper", "-client", "image.tag"),
}
_CHARTS = re.compile(
    r"(?:^|/)(?:bitnami[-_])?(?P<name>[a-z0-9]+(?:-[a-z0-9]+)*?)(?:-(?:ha|cluster|sharded|replica|stack|helm|chart|single|community|broker|kraft|galera|server|operated|standalone))*$"
)
_OTHER_CHARTS: Mapping[str, str] = {
    "artemis": "activemq",
    "clickhouse": "clickhouse",
    "elastic": "elasticsearch",
    "eck-elasticsearch": "elasticsearch",
    "kube-prometheus": "prometheus",
    "mongodb-replicaset": "mongodb",
    "mosquitto": "mqtt",
    "openldap": "ldap",
    "percona-xtradb": "mysql",
    "postgresql-ha": "postgresql",
    "victoria-metrics-single": "victoriametrics",
}


def of_object(group: str, kind: str) -> Operator | None:
    """What an operator makes of an object; None for kinds that are no thing of their own."""
    return OPERATORS.get((group.lower(), kind.lower()))


def version(operator: Operator, node: Node) -> str:
    """The version of the engine that an object asks for, alone or as the tag of an image."""
    for key in operator.version:
        part = node
        for word in key.split("."):
            part = part.get(word)
        text = part.text()
        if text:
            return images.version(images.split(text)[1] or text) if ":" in text or "/" in text else images.version(text)
    return ""


def hosts(operator: Operator, name: str) -> tuple[str, ...]:
    """The names of the services that stand in front of what an operator makes."""
    return tuple(host.replace("*", name) if "*" in host else name + host for host in operator.hosts)


def of_chart(name: str) -> str:
    """The engine of the store that a well-known chart installs."""
    match = _CHARTS.search(name.lower())
    word = match["name"] if match else ""
    found = _OTHER_CHARTS.get(word) or (word if word in engines.ENGINES else "")
    return found or ("postgresql" if word == "postgres" else "")


def first(names: Iterable[str]) -> str:
    """The first that is not empty."""
    return next((name for name in names if name), "")

"""Packages that are the client of something: of a store's engine, or of a well-known system of others."""

from __future__ import annotations

import re
from collections.abc import Mapping

# By the beginning of a module's name, as each language calls it; of some, the class.
_ENGINES: Mapping[str, str] = {
    "cassandra": (
        "cassandra cassandra-driver com.datastax.oss.driver github.com/apache/cassandra-gocql-driver "
        "github.com/gocql/gocql scylla"
    ),
    "clickhouse": (
        "@clickhouse/client clickhouse clickhouse_connect clickhouse_driver github.com/clickhouse/clickhouse-go"
    ),
    "couchdb": "couchdb nano",
    "duckdb": "@duckdb/node-api duckdb github.com/marcboeker/go-duckdb",
    "elasticsearch": (
        "@elastic/elasticsearch co.elastic.clients Elastic.Clients.Elasticsearch elasticsearch "
        "github.com/elastic/go-elasticsearch Nest"
    ),
    "etcd": "etcd-client etcd3 etcd3-py etcd_client go.etcd.io/etcd",
    "influxdb": (
        "@influxdata/influxdb-client github.com/influxdata/influxdb-client-go influxdb influxdb_client "
        "influxdb_client_3"
    ),
    "kafka": (
        "aiokafka Confluent.Kafka confluent_kafka github.com/confluentinc/confluent-kafka-go "
        "github.com/IBM/sarama github.com/segmentio/kafka-go github.com/Shopify/sarama kafka kafka-node kafkajs "
        "org.apache.kafka rdkafka"
    ),
    "ldap": "github.com/go-ldap/ldap ldap ldap3 ldapjs ldapts",
    "meilisearch": "github.com/meilisearch/meilisearch-go meilisearch",
    "memcached": "bmemcached dalli github.com/bradfitz/gomemcache memcache memcached memjs pylibmc pymemcache",
    "milvus": "@zilliz/milvus2-sdk-node pymilvus",
    "minio": "github.com/minio/minio-go io.minio minio Minio",
    "mongodb": (
        "beanie com.mongodb go.mongodb.org/mongo-driver mongo MongoClient mongodb MongoDB.Driver mongoengine "
        "mongoid mongoose motor pymongo"
    ),
    "mqtt": "aiomqtt github.com/eclipse/paho.mqtt.golang mqtt MQTTnet org.eclipse.paho paho.mqtt rumqttc",
    "mssql": (
        "aioodbc github.com/denisenkom/go-mssqldb github.com/microsoft/go-mssqldb Microsoft.Data.SqlClient mssql "
        "pymssql SqlConnection System.Data.SqlClient tedious tiberius"
    ),
    "mysql": (
        "aiomysql asyncmy com.mysql github.com/go-sql-driver/mysql gorm.io/driver/mysql mysql MySql.Data mysql2 "
        "mysql_async MySqlConnection MySqlConnector MySQLdb pymysql"
    ),
    "nats": "async_nats github.com/nats-io/nats.go io.nats nats NATS.Client",
    "neo4j": "github.com/neo4j/neo4j-go-driver neo4j neo4j-driver neo4rs org.neo4j.driver",
    "opensearch": "@opensearch-project/opensearch github.com/opensearch-project/opensearch-go opensearchpy",
    "oracle": "cx_Oracle github.com/godror/godror Oracle.ManagedDataAccess oracledb",
    "postgresql": (
        "aiopg asyncpg github.com/jackc/pgx github.com/lib/pq gorm.io/driver/postgres Npgsql NpgsqlConnection "
        "NpgsqlDataSource org.postgresql pg pg-promise pg8000 postgres psycopg psycopg2 psycopg_pool "
        "tokio_postgres"
    ),
    "pulsar": "github.com/apache/pulsar-client-go org.apache.pulsar pulsar pulsar-client",
    "qdrant": "@qdrant/js-client-rest github.com/qdrant/go-client qdrant_client",
    "rabbitmq": (
        "aio_pika amqp amqp-connection-manager amqplib bunny com.rabbitmq.client github.com/rabbitmq/amqp091-go "
        "github.com/streadway/amqp lapin PhpAmqpLib pika RabbitMQ.Client"
    ),
    "redis": (
        "aioredis ConnectionMultiplexer github.com/go-redis/redis github.com/gomodule/redigo "
        "github.com/redis/go-redis io.lettuce ioredis Predis redis redis.clients.jedis StackExchange.Redis"
    ),
    "snowflake": "github.com/snowflakedb/gosnowflake snowflake-sdk snowflake.connector",
    "sqlite": (
        "aiosqlite better-sqlite3 github.com/mattn/go-sqlite3 gorm.io/driver/sqlite Microsoft.Data.Sqlite "
        "modernc.org/sqlite rusqlite sqlite sqlite3"
    ),
    "typesense": "typesense",
    "vault": "github.com/hashicorp/vault hvac node-vault VaultSharp",
    "weaviate": "weaviate weaviate-client weaviate-ts-client",
}
_SYSTEMS: Mapping[str, str] = {
    "algolia": "algoliasearch",
    "anthropic": "@anthropic-ai/sdk anthropic github.com/anthropics/anthropic-sdk-go",
    "auth0": "@auth0/auth0-react @auth0/nextjs-auth0 auth0 express-openid-connect",
    "braintree": "braintree",
    "cloudinary": "cloudinary",
    "cohere": "cohere cohere-ai",
    "datadog": "datadog dd-trace ddtrace github.com/DataDog/datadog-api-client-go gopkg.in/DataDog/dd-trace-go.v1",
    "firebase": "firebase firebase-admin firebase.google.com/go firebase_admin",
    "google-gemini": "@google/genai @google/generative-ai google.genai google.generativeai",
    "groq": "groq groq-sdk",
    "hubspot": "@hubspot/api-client hubspot",
    "launchdarkly": (
        "@launchdarkly/node-server-sdk github.com/launchdarkly/go-server-sdk launchdarkly-react-client-sdk ldclient"
    ),
    "mailgun": "github.com/mailgun/mailgun-go mailgun.js",
    "mistral": "@mistralai/mistralai mistralai",
    "mixpanel": "mixpanel mixpanel-browser",
    "mollie": "@mollie/api-client mollie",
    "newrelic": "newrelic",
    "openai": "com.openai github.com/openai/openai-go github.com/sashabaranov/go-openai OpenAI openai",
    "pagerduty": "@pagerduty/pdjs github.com/PagerDuty/go-pagerduty pagerduty pdpyras",
    "paypal": "@paypal/checkout-server-sdk @paypal/paypal-js paypalrestsdk",
    "pinecone": "@pinecone-database/pinecone pinecone",
    "plaid": "github.com/plaid/plaid-go plaid",
    "postmark": "postmark postmarker",
    "pusher": "pusher pusher-js",
    "razorpay": "razorpay",
    "replicate": "replicate",
    "resend": "github.com/resend/resend-go resend",
    "salesforce": "jsforce simple_salesforce",
    "segment": "@segment/analytics-node analytics-node segment.analytics",
    "sendgrid": "@sendgrid/mail com.sendgrid github.com/sendgrid/sendgrid-go sendgrid SendGrid",
    "sentry": (
        "@sentry/browser @sentry/nextjs @sentry/node @sentry/react @sentry/vue github.com/getsentry/sentry-go "
        "io.sentry Sentry sentry_sdk"
    ),
    "slack": "@slack/bolt @slack/web-api com.slack.api github.com/slack-go/slack slack_bolt slack_sdk",
    "square": "square squareup",
    "stripe": "@stripe/stripe-js com.stripe github.com/stripe/stripe-go stripe Stripe",
    "supabase": "@supabase/supabase-js supabase",
    "telegram": "node-telegram-bot-api telebot telegraf telegram",
    "twilio": "com.twilio github.com/twilio/twilio-go twilio Twilio",
}
_ENGINE_OF = {package.lower(): engine for engine, packages in _ENGINES.items() for package in packages.split()}
_SYSTEM_OF = {package.lower(): system for system, packages in _SYSTEMS.items() for package in packages.split()}
_VERSION = re.compile(r"/v\d+$")


def engine_of(module: str) -> str:
    """The engine whose client a module is, or a part of; empty for any other."""
    return _of(module, _ENGINE_OF)


def system_of(module: str) -> str:
    """The well-known system whose client a module is, or a part of; empty for any other."""
    return _of(module, _SYSTEM_OF)


def _of(module: str, table: Mapping[str, str]) -> str:
    name = _VERSION.sub("", module.lower())
    while name:
        if found := table.get(name):
            return found
        cut = max(name.rfind(sign) for sign in ("/", ".", "::", "\\"))
        if cut <= 0:
            return ""
        name = name[:cut].rstrip(":")
    return ""

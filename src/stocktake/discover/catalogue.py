"""Resources of clouds that are things of an estate: the kind of asset, the engine, and where the name stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from stocktake.discover import engines


class Row(NamedTuple):
    """`engine` is fixed, or one of `engines` properties tells it; `part` refers to the thing that it is a part of.

    `reads` tells whether everything that it refers to is something that it uses.
    """

    type: str
    engine: str = ""
    names: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    part: str = ""
    reads: bool = False


def _store(engine: str, names: str = "name", versions: str = "", engine_keys: str = "") -> Row:
    versions_ = versions or "engine_version version"
    return Row(
        engines.ENGINES[engine].type, engine, tuple(names.split()), tuple(engine_keys.split()), tuple(versions_.split())
    )


def _program(type_: str, names: str = "name") -> Row:
    return Row(type_, "", tuple(names.split()), reads=True)


def _part(of: str) -> Row:
    return Row("", part=of)


ROWS: Mapping[str, Row] = {
    # Amazon
    "aws_alb": _program("gateway"),
    "aws_amplify_app": _program("frontend"),
    "aws_api_gateway_rest_api": _program("gateway"),
    "aws_apigatewayv2_api": _program("gateway"),
    "aws_apprunner_service": _program("service", "service_name"),
    "aws_appsync_graphql_api": _program("api"),
    "aws_batch_job_definition": _program("batch-job"),
    "aws_cloudfront_distribution": _program("gateway", "comment"),
    "aws_cloudwatch_event_bus": _store("eventbridge"),
    "aws_cognito_user_pool": Row("identity-provider", "", ("name", "user_pool_name")),
    "aws_dax_cluster": _store("dax", "cluster_name"),
    "aws_db_instance": _store("postgresql", "identifier db_name name", "", "engine"),
    "aws_db_proxy": _program("gateway"),
    "aws_dms_replication_task": _program("batch-job", "replication_task_id"),
    "aws_docdb_cluster": _store("mongodb", "cluster_identifier"),
    "aws_docdb_cluster_instance": _part("cluster_identifier"),
    "aws_dynamodb_global_table": _store("dynamodb"),
    "aws_dynamodb_table": _store("dynamodb", "name table_name"),
    "aws_ecs_service": Row("service", "", ("name",), part="task_definition", reads=True),
    "aws_ecs_task_definition": _program("service", "family"),
    "aws_efs_file_system": _store("efs", "creation_token"),
    "aws_elastic_beanstalk_environment": _program("service"),
    "aws_elasticache_cluster": _store("redis", "cluster_id cluster_name", "", "engine"),
    "aws_elasticache_replication_group": _store("redis", "replication_group_id", "", "engine"),
    "aws_elasticache_serverless_cache": _store("redis", "name", "major_engine_version", "engine"),
    "aws_elasticsearch_domain": _store("elasticsearch", "domain_name", "elasticsearch_version"),
    "aws_elb": _program("gateway"),
    "aws_fsx_lustre_file_system": _store("fsx", ""),
    "aws_fsx_windows_file_system": _store("fsx", ""),
    "aws_glue_job": _program("batch-job"),
    "aws_instance": _program("service"),
    "aws_keyspaces_table": _store("cassandra", "table_name"),
    "aws_kinesis_analytics_application": _program("worker"),
    "aws_kinesis_firehose_delivery_stream": _store("firehose", "name delivery_stream_name")._replace(reads=True),
    "aws_kinesis_stream": _store("kinesis"),
    "aws_kinesisanalyticsv2_application": _program("worker"),
    "aws_lambda_alias": _part("function_name"),
    "aws_lambda_function": _program("service", "function_name"),
    "aws_lambda_function_url": _part("function_name"),
    "aws_lb": _program("gateway"),
    "aws_lightsail_database": _store("mysql", "relational_database_name", "", "blueprint_id"),
    "aws_memorydb_cluster": _store("redis"),
    "aws_mq_broker": _store("activemq", "broker_name", "", "engine_type"),
    "aws_msk_cluster": _store("kafka", "cluster_name", "kafka_version"),
    "aws_msk_serverless_cluster": _store("kafka", "cluster_name"),
    "aws_mskconnect_connector": _program("worker"),
    "aws_mwaa_environment": _program("batch-job"),
    "aws_neptune_cluster": _store("neptune", "cluster_identifier"),
    "aws_neptune_cluster_instance": _part("cluster_identifier"),
    "aws_opensearch_domain": _store("opensearch", "domain_name"),
    "aws_opensearchserverless_collection": _store("opensearch"),
    "aws_pipes_pipe": _program("worker"),
    "aws_rds_cluster": _store("mysql", "database_name cluster_identifier db_cluster_identifier name", "", "engine"),
    "aws_rds_cluster_instance": _part("cluster_identifier"),
    "aws_redshift_cluster": _store("redshift", "database_name cluster_identifier"),
    "aws_redshiftserverless_workgroup": _store("redshift", "workgroup_name"),
    "aws_s3_bucket": _store("s3", "bucket bucket_name"),
    "aws_s3_directory_bucket": _store("s3", "bucket"),
    "aws_secretsmanager_secret": _store("secrets-manager"),
    "aws_sfn_state_machine": _program("service", "name state_machine_name"),
    "aws_sns_topic": _store("sns", "name topic_name"),
    "aws_sqs_queue": _store("sqs", "name queue_name"),
    "aws_timestreamwrite_database": _store("timestream", "database_name"),
    "aws_timestreamwrite_table": _part("database_name"),
    "aws_transfer_server": _store("sftp", ""),
    # Google
    "google_alloydb_cluster": _store("postgresql", "cluster_id", "database_version"),
    "google_alloydb_instance": _part("cluster"),
    "google_app_engine_standard_app_version": _program("service", "service"),
    "google_bigquery_dataset": _store("bigquery", "dataset_id"),
    "google_bigquery_table": _part("dataset_id"),
    "google_bigtable_instance": _store("bigtable"),
    "google_bigtable_table": _part("instance_name"),
    "google_cloud_run_service": _program("service"),
    "google_cloud_run_v2_job": _program("batch-job"),
    "google_cloud_run_v2_service": _program("service"),
    "google_cloudfunctions2_function": _program("service"),
    "google_cloudfunctions_function": _program("service"),
    "google_composer_environment": _program("batch-job"),
    "google_compute_instance": _program("service"),
    "google_dataflow_job": _program("batch-job"),
    "google_filestore_instance": _store("filestore"),
    "google_firestore_database": _store("firestore"),
    "google_memcache_instance": _store("memcached"),
    "google_pubsub_lite_topic": _store("pubsub"),
    "google_pubsub_topic": _store("pubsub", "name topic"),
    "google_redis_instance": _store("redis", "name", "redis_version"),
    "google_secret_manager_secret": _store("secret-manager", "secret_id"),
    "google_spanner_database": _part("instance"),
    "google_spanner_instance": _store("spanner"),
    "google_sql_database": _part("instance"),
    "google_sql_database_instance": _store("postgresql", "name", "database_version", "database_version"),
    "google_storage_bucket": _store("gcs"),
    # Microsoft
    "azurerm_api_management": _program("gateway"),
    "azurerm_app_service": _program("service"),
    "azurerm_application_gateway": _program("gateway"),
    "azurerm_container_app": _program("service"),
    "azurerm_container_group": _program("service"),
    "azurerm_cosmosdb_account": _store("cosmosdb", "name", "mongo_server_version", "kind"),
    "azurerm_cosmosdb_mongo_database": _part("account_name"),
    "azurerm_cosmosdb_sql_container": _part("account_name"),
    "azurerm_cosmosdb_sql_database": _part("account_name"),
    "azurerm_data_factory": _program("batch-job"),
    "azurerm_eventgrid_topic": _store("eventgrid"),
    "azurerm_eventhub": _part("namespace_name namespace_id"),
    "azurerm_eventhub_namespace": _store("eventhubs"),
    "azurerm_frontdoor": _program("gateway"),
    "azurerm_function_app": _program("service"),
    "azurerm_key_vault": _store("key-vault"),
    "azurerm_kusto_cluster": _store("kusto"),
    "azurerm_linux_function_app": _program("service"),
    "azurerm_linux_virtual_machine": _program("service"),
    "azurerm_linux_web_app": _program("service"),
    "azurerm_logic_app_workflow": _program("worker"),
    "azurerm_managed_redis": _store("redis"),
    "azurerm_mariadb_server": _store("mariadb"),
    "azurerm_mssql_database": _part("server_id"),
    "azurerm_mssql_managed_instance": _store("mssql"),
    "azurerm_mssql_server": _store("mssql"),
    "azurerm_mysql_database": _part("server_name"),
    "azurerm_mysql_flexible_database": _part("server_name"),
    "azurerm_mysql_flexible_server": _store("mysql"),
    "azurerm_mysql_server": _store("mysql"),
    "azurerm_postgresql_database": _part("server_name"),
    "azurerm_postgresql_flexible_server": _store("postgresql"),
    "azurerm_postgresql_flexible_server_database": _part("server_id"),
    "azurerm_postgresql_server": _store("postgresql"),
    "azurerm_redis_cache": _store("redis", "name", "redis_version"),
    "azurerm_search_service": _store("azure-search"),
    "azurerm_servicebus_namespace": _store("servicebus"),
    "azurerm_servicebus_queue": _part("namespace_id namespace_name"),
    "azurerm_servicebus_topic": _part("namespace_id namespace_name"),
    "azurerm_sql_database": _part("server_name"),
    "azurerm_sql_server": _store("mssql"),
    "azurerm_static_site": _program("frontend"),
    "azurerm_static_web_app": _program("frontend"),
    "azurerm_storage_account": _store("azure-blob"),
    "azurerm_storage_container": _part("storage_account_name storage_account_id"),
    "azurerm_storage_queue": _part("storage_account_name storage_account_id"),
    "azurerm_storage_share": _part("storage_account_name storage_account_id"),
    "azurerm_storage_table": _part("storage_account_name storage_account_id"),
    "azurerm_synapse_workspace": _store("synapse"),
    "azurerm_windows_function_app": _program("service"),
    "azurerm_windows_web_app": _program("service"),
    # Others
    "aiven_kafka": _store("kafka", "service_name"),
    "aiven_mysql": _store("mysql", "service_name"),
    "aiven_opensearch": _store("opensearch", "service_name"),
    "aiven_pg": _store("postgresql", "service_name"),
    "aiven_redis": _store("redis", "service_name"),
    "cloudflare_d1_database": _store("d1"),
    "cloudflare_queue": _store("cloudflare-queues"),
    "cloudflare_r2_bucket": _store("s3"),
    "cloudflare_worker_script": _program("service"),
    "cloudflare_workers_kv_namespace": _store("cloudflare-kv", "title"),
    "cloudflare_workers_script": _program("service"),
    "confluent_kafka_cluster": _store("kafka", "display_name"),
    "confluent_kafka_topic": _part("kafka_cluster.id"),
    "digitalocean_app": _program("service", "spec.name"),
    "digitalocean_database_cluster": _store("postgresql", "name", "version", "engine"),
    "digitalocean_database_db": _part("cluster_id"),
    "digitalocean_droplet": _program("service"),
    "digitalocean_spaces_bucket": _store("s3"),
    "elasticcloud_deployment": _store("elasticsearch"),
    "heroku_app": _program("service"),
    "mongodbatlas_advanced_cluster": _store("mongodb", "name", "mongo_db_major_version"),
    "mongodbatlas_cluster": _store("mongodb", "name", "mongo_db_major_version"),
    "mongodbatlas_serverless_instance": _store("mongodb"),
    "neon_database": _part("project_id"),
    "neon_project": _store("postgresql", "name", "pg_version"),
    "platform_frontend": _program("frontend"),
    "platform_job": _program("batch-job"),
    "platform_service": _program("service"),
    "platform_store": _store("postgresql", "name", "version", "engine"),
    "platform_worker": _program("worker"),
    "rediscloud_subscription": _store("redis"),
    "scaleway_object_bucket": _store("s3"),
    "scaleway_rdb_instance": _store("postgresql", "name", "engine", "engine"),
    "snowflake_database": _store("snowflake"),
    "upstash_kafka_cluster": _store("kafka", "cluster_name"),
    "upstash_redis_database": _store("redis", "database_name"),
    "vercel_project": _program("frontend"),
}
_ENGINES: Mapping[str, str] = {
    "activemq": "activemq",
    "aurora": "mysql",
    "docdb": "mongodb",
    "elasticsearch": "elasticsearch",
    "globaldocumentdb": "cosmosdb",
    "kafka": "kafka",
    "maria": "mariadb",
    "memcached": "memcached",
    "mongodb": "mongodb",
    "mysql": "mysql",
    "neptune": "neptune",
    "opensearch": "opensearch",
    "oracle": "oracle",
    "pg": "postgresql",
    "postgres": "postgresql",
    "rabbitmq": "rabbitmq",
    "redis": "redis",
    "sqlserver": "mssql",
    "valkey": "valkey",
}


def engine_of(text: str) -> str:
    """The engine that a property names: `aurora-postgresql`, `POSTGRES_16`, `sqlserver-ex`."""
    name = text.lower().removeprefix("aurora-")
    return next((engine for word, engine in _ENGINES.items() if name.startswith(word)), "")


# What an action of a policy does with what it names: the longest beginning counts, and services without a resource of
# their own are systems of others.
ACTIONS: tuple[tuple[str, str], ...] = (
    ("dynamodb:batchget", "reads"),
    ("dynamodb:get", "reads"),
    ("dynamodb:query", "reads"),
    ("dynamodb:scan", "reads"),
    ("dynamodb:batchwrite", "writes"),
    ("dynamodb:put", "writes"),
    ("dynamodb:update", "writes"),
    ("dynamodb:delete", "writes"),
    ("events:putevents", "publishes-to"),
    ("firehose:put", "writes"),
    ("kinesis:get", "subscribes-to"),
    ("kinesis:put", "publishes-to"),
    ("lambda:invoke", "calls"),
    ("s3:delete", "writes"),
    ("s3:get", "reads"),
    ("s3:put", "writes"),
    ("sns:publish", "publishes-to"),
    ("sqs:receivemessage", "subscribes-to"),
    ("sqs:deletemessage", "subscribes-to"),
    ("sqs:sendmessage", "publishes-to"),
    ("states:start", "calls"),
)
SERVICES: Mapping[str, str] = {"bedrock": "aws-bedrock", "ses": "aws-ses"}


def does(actions: list[str]) -> str:
    """What the actions of a statement do together; empty where they do not tell."""
    found = {what for action in actions for start, what in ACTIONS if action.lower().startswith(start)}
    if found == {"reads", "writes"}:
        return "reads-writes"
    if found == {"publishes-to", "subscribes-to"}:
        return "subscribes-to"
    return found.pop() if len(found) == 1 else ""

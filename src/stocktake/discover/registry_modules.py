"""Modules that everybody takes from the registry: the one resource that each is about."""

from __future__ import annotations

import re
from collections.abc import Mapping

_REGISTRY = re.compile(
    r"(?:^|/)(?:terraform-)?(?P<owner>[\w-]+)/(?P<name>[\w-]+)/(?P<provider>aws|google|azurerm|azure)(?://(?P<part>\S+?))?(?:\?|$)"
)
_GIT = re.compile(
    r"terraform-(?P<provider>aws|google|azurerm)-(?P<name>[\w-]+?)(?:\.git)?(?://(?P<part>\S+?))?(?:\?|$)"
)
MODULES: Mapping[str, str] = {
    "aws/alb": "aws_lb",
    "aws/apigateway-v2": "aws_apigatewayv2_api",
    "aws/app-runner": "aws_apprunner_service",
    "aws/appsync": "aws_appsync_graphql_api",
    "aws/cloudfront": "aws_cloudfront_distribution",
    "aws/dynamodb-table": "aws_dynamodb_table",
    "aws/ec2-instance": "aws_instance",
    "aws/ecs/service": "aws_ecs_service",
    "aws/efs": "aws_efs_file_system",
    "aws/elasticache": "aws_elasticache_replication_group",
    "aws/eventbridge": "aws_cloudwatch_event_bus",
    "aws/lambda": "aws_lambda_function",
    "aws/memory-db": "aws_memorydb_cluster",
    "aws/msk-kafka-cluster": "aws_msk_cluster",
    "aws/opensearch": "aws_opensearch_domain",
    "aws/rds": "aws_db_instance",
    "aws/rds-aurora": "aws_rds_cluster",
    "aws/rds-proxy": "aws_db_proxy",
    "aws/redshift": "aws_redshift_cluster",
    "aws/s3-bucket": "aws_s3_bucket",
    "aws/s3-bucket/notification": "",
    "aws/s3-bucket/object": "",
    "aws/secrets-manager": "aws_secretsmanager_secret",
    "aws/sns": "aws_sns_topic",
    "aws/sqs": "aws_sqs_queue",
    "aws/step-functions": "aws_sfn_state_machine",
    "google/bigquery": "google_bigquery_dataset",
    "google/cloud-run": "google_cloud_run_service",
    "google/cloud-storage": "google_storage_bucket",
    "google/memorystore": "google_redis_instance",
    "google/pubsub": "google_pubsub_topic",
    "google/sql-db/mssql": "google_sql_database_instance",
    "google/sql-db/mysql": "google_sql_database_instance",
    "google/sql-db/postgresql": "google_sql_database_instance",
}


def resource(source: str) -> str:
    """The resource that a well-known module is about, as `terraform-aws-modules/rds/aws` is about a database."""
    match = _REGISTRY.search(source) or _GIT.search(source)
    if not match:
        return ""
    part = (match["part"] or "").removeprefix("modules/").partition("/")[0]
    provider = "azurerm" if match["provider"] == "azure" else match["provider"]
    return MODULES.get(f"{provider}/{match['name']}/{part}", MODULES.get(f"{provider}/{match['name']}", ""))

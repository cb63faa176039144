"""Templates of CloudFormation as resources: references, joined texts and parameters are put in where they are known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from stocktake.discover.page import Page
from stocktake.discover.resources import Resource, Told
from stocktake.discover.yaml import NOTHING, Node

DEEPEST = 60
_TYPES: Mapping[str, str] = {
    "AmazonMQ::Broker": "aws_mq_broker",
    "Amplify::App": "aws_amplify_app",
    "ApiGateway::Method": "aws_api_gateway_integration",
    "ApiGateway::RestApi": "aws_api_gateway_rest_api",
    "ApiGatewayV2::Api": "aws_apigatewayv2_api",
    "ApiGatewayV2::Authorizer": "aws_apigatewayv2_authorizer",
    "ApiGatewayV2::Integration": "aws_apigatewayv2_integration",
    "AppRunner::Service": "aws_apprunner_service",
    "AppSync::DataSource": "aws_appsync_datasource",
    "AppSync::GraphQLApi": "aws_appsync_graphql_api",
    "Batch::JobDefinition": "aws_batch_job_definition",
    "CloudFront::Distribution": "aws_cloudfront_distribution",
    "Cognito::UserPool": "aws_cognito_user_pool",
    "DAX::Cluster": "aws_dax_cluster",
    "DocDB::DBCluster": "aws_docdb_cluster",
    "DynamoDB::GlobalTable": "aws_dynamodb_table",
    "DynamoDB::Table": "aws_dynamodb_table",
    "EC2::Instance": "aws_instance",
    "ECS::Service": "aws_ecs_service",
    "ECS::TaskDefinition": "aws_ecs_task_definition",
    "EFS::FileSystem": "aws_efs_file_system",
    "ElastiCache::CacheCluster": "aws_elasticache_cluster",
    "ElastiCache::ReplicationGroup": "aws_elasticache_replication_group",
    "ElastiCache::ServerlessCache": "aws_elasticache_serverless_cache",
    "ElasticBeanstalk::Environment": "aws_elastic_beanstalk_environment",
    "ElasticLoadBalancingV2::Listener": "aws_lb_listener",
    "ElasticLoadBalancingV2::ListenerRule": "aws_lb_listener_rule",
    "ElasticLoadBalancingV2::LoadBalancer": "aws_lb",
    "ElasticLoadBalancingV2::TargetGroup": "aws_lb_target_group",
    "Elasticsearch::Domain": "aws_elasticsearch_domain",
    "Events::EventBus": "aws_cloudwatch_event_bus",
    "Events::Rule": "aws_cloudwatch_event_rule",
    "Glue::Job": "aws_glue_job",
    "IAM::ManagedPolicy": "aws_iam_role_policy",
    "IAM::Policy": "aws_iam_role_policy",
    "IAM::Role": "aws_iam_role",
    "Kinesis::Stream": "aws_kinesis_stream",
    "KinesisFirehose::DeliveryStream": "aws_kinesis_firehose_delivery_stream",
    "Lambda::EventSourceMapping": "aws_lambda_event_source_mapping",
    "Lambda::Function": "aws_lambda_function",
    "Lambda::Permission": "aws_lambda_permission",
    "MSK::Cluster": "aws_msk_cluster",
    "MSK::ServerlessCluster": "aws_msk_serverless_cluster",
    "MemoryDB::Cluster": "aws_memorydb_cluster",
    "Neptune::DBCluster": "aws_neptune_cluster",
    "OpenSearchServerless::Collection": "aws_opensearchserverless_collection",
    "OpenSearchService::Domain": "aws_opensearch_domain",
    "Pipes::Pipe": "aws_pipes_pipe",
    "RDS::DBCluster": "aws_rds_cluster",
    "RDS::DBInstance": "aws_db_instance",
    "RDS::DBProxy": "aws_db_proxy",
    "RDS::DBProxyTargetGroup": "aws_db_proxy_target",
    "Redshift::Cluster": "aws_redshift_cluster",
    "S3::Bucket": "aws_s3_bucket",
    "SNS::Subscription": "aws_sns_topic_subscription",
    "SNS::Topic": "aws_sns_topic",
    "SQS::Queue": "aws_sqs_queue",
    "SSM::Parameter": "aws_ssm_parameter",
    "Scheduler::Schedule": "aws_scheduler_schedule",
    "SecretsManager::Secret": "aws_secretsmanager_secret",
    "Serverless::Api": "aws_api_gateway_rest_api",
    "Serverless::Function": "aws_lambda_function",
    "Serverless::GraphQLApi": "aws_appsync_graphql_api",
    "Serverless::HttpApi": "aws_apigatewayv2_api",
    "Serverless::SimpleTable": "aws_dynamodb_table",
    "Serverless::StateMachine": "aws_sfn_state_machine",
    "StepFunctions::StateMachine": "aws_sfn_state_machine",
    "Timestream::Database": "aws_timestreamwrite_database",
    "Timestream::Table": "aws_timestreamwrite_table",
}
_RENAMED: Mapping[str, str] = {
    "cache_cluster_id": "cluster_id",
    "db_cluster_identifier": "cluster_identifier",
    "db_instance_identifier": "identifier",
    "policy_document": "policy",
    "source_db_instance_identifier": "replicate_source_db",
    "task_role_arn": "task_role",
    "user_pool_name": "name",
}
_AS_WRITTEN = frozenset(("DefinitionSubstitutions", "EnvironmentVariables", "Statement", "Tags", "Variables"))
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_FILLED = re.compile(r"\$\{(!?)([\w:.]{1,200})\}")
_HASH = re.compile(r"(?<=[a-z0-9])[0-9A-F]{8}$")
_FUNCTIONS = re.compile(r"^(Ref|Condition|Fn::\w+)$")


class Formation:
    """One template; `stack` tells its resources from those of others."""

    def __init__(self, page: Page, root: Node, stack: str) -> None:
        self.page = page
        self.root = root
        self.stack = stack
        self.declared = {name for name, _ in root.get("Resources").items()}

    def resources(self) -> Iterator[Resource]:
        """Everything that the template declares, and what ties it together inside of other resources."""
        shared = self.root.get("Globals").get("Function")
        for name, node in self.root.get("Resources").items():
            type_ = _TYPES.get(node.get("Type").text().removeprefix("AWS::"), "")
            if not type_ or not re.fullmatch(r"\w{1,255}", name):
                continue
            properties = self.value(node.get("Properties"), "")
            properties = properties if isinstance(properties, dict) else {}
            if node.get("Type").text() == "AWS::Serverless::Function":
                merged = self.value(shared, "")
                properties = _merged(merged if isinstance(merged, dict) else {}, properties)
            for key, other in _RENAMED.items():
                if key in properties and not (key == "db_cluster_identifier" and type_ == "aws_db_instance"):
                    properties.setdefault(other, properties[key])
            if type_ == "aws_db_instance" and properties.get("db_cluster_identifier"):
                type_ = "aws_rds_cluster_instance"
                properties["cluster_identifier"] = properties["db_cluster_identifier"]
            if type_ == "aws_api_gateway_integration":
                inner = properties.get("integration")
                properties["uri"] = inner.get("uri") if isinstance(inner, dict) else None
            evidence = self.page.evidence(node.under or node.line)
            made = Resource(self.stack, name, type_, properties, evidence, (_HASH.sub("", name),))
            yield made
            yield from tied(made)

    def value(self, node: Node, key: str, depth: int = 0) -> Any:
        """A node as data, with its functions applied."""
        if depth > DEEPEST:
            return ""
        if node.tag.startswith("!") and node.tag != "!":
            return self._function(node.tag[1:].removeprefix("Fn::"), node._replace(tag=""), key, depth)
        if isinstance(node.value, dict):
            if len(node.value) == 1 and _FUNCTIONS.match(name := next(iter(node.value))):
                return self._function(name.removeprefix("Fn::"), node.value[name], key, depth)
            is_written = key in _AS_WRITTEN
            return {
                (name if is_written else _WORDS.sub("_", name).lower()): self.value(part, name, depth + 1)
                for name, part in node.items()
            }
        if isinstance(node.value, list):
            return [self.value(part, key, depth + 1) for part in node.value]
        setting = self.page.setting(key, node.text(), node.line)
        return Told(setting.value, setting.evidence)

    def _function(self, name: str, node: Node, key: str, depth: int) -> Any:
        place = self.page.evidence(node.line)
        if name == "Ref":
            return self._named(node.text(), node)
        if name == "GetAtt":
            words = node.text() or ".".join(part.text() for part in node.each())
            return Told("${" + words + "}", place)
        if name == "Sub":
            parts = node.value if isinstance(node.value, list) and node.value else [node]
            given = dict(parts[1].items()) if len(parts) > 1 else {}
            written = self.page.setting(key, parts[0].text(), parts[0].line).value
            return Told(_FILLED.sub(lambda match: self._filled(match, given, depth), written), place)
        values = [self.value(part, key, depth + 1) for part in node.each()] if not node.items() else []
        if name == "Join" and len(values) == 2 and isinstance(values[1], list):
            return Told(str(values[0]).join(value for value in values[1] if isinstance(value, str)), place)
        if name == "If":
            return next((value for value in values[1:] if value), "")
        if name == "FindInMap":
            return self._mapped(node)
        if name == "ImportValue":
            return Told("${export." + re.sub(r"\W", "_", str(self.value(node, key, depth + 1))) + "}", place)
        return next((value for value in reversed(values) if value), "")

    def _filled(self, match: re.Match[str], given: Mapping[str, Node], depth: int) -> str:
        name = match[2]
        if match[1]:
            return "${" + name + "}"
        if name in given:
            value = self.value(given[name], name, depth + 1)
            return value if isinstance(value, str) else ""
        return str(self._named(name, NOTHING)) if "." not in name else match[0]

    def _named(self, name: str, node: Node) -> Told:
        """What a reference stands for: a resource, the default of a parameter, or what only the cloud knows."""
        place = self.page.evidence(node.line or 1)
        if name.startswith("AWS::"):
            return Told("", place)
        parameter = self.root.get("Parameters").get(name)
        if name in self.declared or not parameter.items():
            return Told("${" + name + "}", place)
        default = parameter.get("Default")
        shown = self.page.setting(name, default.text(), default.line).value if default.text() else ""
        return Told(shown or "${var." + name + "}", place)

    def _mapped(self, node: Node) -> Any:
        """The first value that a mapping has under the last key."""
        words = [part.text() for part in node.each()]
        for row in dict(self.root.get("Mappings").get(words[0] if words else "").items()).values():
            found = row.get(words[-1])
            if found.text():
                return self.value(found, words[-1])
        return ""


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(one)
    for key, value in other.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


_POLICIES: Mapping[str, tuple[str, ...]] = {
    "dynamo_db_crud_policy": ("dynamodb:GetItem", "dynamodb:PutItem"),
    "dynamo_db_read_policy": ("dynamodb:GetItem",),
    "dynamo_db_stream_read_policy": ("dynamodb:GetItem",),
    "dynamo_db_write_policy": ("dynamodb:PutItem",),
    "event_bridge_put_events_policy": ("events:PutEvents",),
    "firehose_crud_policy": ("firehose:PutRecord",),
    "firehose_write_policy": ("firehose:PutRecord",),
    "kinesis_crud_policy": ("kinesis:PutRecord",),
    "kinesis_stream_read_policy": ("kinesis:GetRecords",),
    "lambda_invoke_policy": ("lambda:InvokeFunction",),
    "s3_crud_policy": ("s3:GetObject", "s3:PutObject"),
    "s3_full_access_policy": ("s3:GetObject", "s3:PutObject"),
    "s3_read_policy": ("s3:GetObject",),
    "s3_write_policy": ("s3:PutObject",),
    "ses_crud_policy": ("ses:SendEmail",),
    "sns_crud_policy": ("sns:Publish",),
    "sns_publish_message_policy": ("sns:Publish",),
    "sqs_poller_policy": ("sqs:ReceiveMessage",),
    "sqs_send_message_policy": ("sqs:SendMessage",),
    "step_functions_execution_policy": ("states:StartExecution",),
}


def tied(made: Resource) -> Iterator[Resource]:
    """What CloudFormation and SAM write inside of a resource, as the resources of their own that others have for it."""
    own = Told("${" + made.address + "}", made.evidence)
    count = 0

    def glue(type_: str, **properties: Any) -> Resource:
        nonlocal count
        count += 1
        return Resource(made.stack, f"{made.address}.{type_}.{count}", type_, properties, made.evidence, ())

    if made.type == "aws_lambda_function":
        made.properties["policy_statements"] = _templates(made.properties.get("policies"))
        for event in _values(made.properties.get("events")):
            yield from _event(glue, own, event)
    elif made.type == "aws_sns_topic":
        for each in _listed(made.properties.get("subscription")):
            yield glue("aws_sns_topic_subscription", topic_arn=own, endpoint=each.get("endpoint"))
    elif made.type == "aws_s3_bucket":
        told = made.get("notification_configuration") or {}
        kinds = {
            "lambda_function": "lambda_configurations",
            "queue": "queue_configurations",
            "topic": "topic_configurations",
        }
        found = {name: told.get(key) for name, key in kinds.items()} if isinstance(told, dict) else {}
        if any(found.values()):
            yield glue("aws_s3_bucket_notification", bucket=own, **found)
    elif made.type == "aws_cloudwatch_event_rule":
        for each in _listed(made.properties.get("targets")):
            yield glue("aws_cloudwatch_event_target", rule=own, arn=each.get("arn"))
    elif made.type == "aws_sfn_state_machine":
        made.properties["policy_statements"] = _templates(made.properties.get("policies"))


def _templates(policies: Any) -> list[dict[str, Any]]:
    """The statements that policies of SAM stand for."""
    return [
        {"actions": list(_POLICIES[name]), "resources": part}
        for policy in _listed(policies)
        for name, part in policy.items()
        if name in _POLICIES
    ]


def _event(glue: Any, own: Told, event: Mapping[str, Any]) -> Iterator[Resource]:
    """What starts a function of SAM."""
    told = event.get("properties")
    about: Mapping[str, Any] = told if isinstance(told, dict) else {}
    kind = str(event.get("type", ""))
    sources = [about.get(key) for key in ("queue", "stream", "topic", "bucket", "event_bus_name", "broker", "cluster")]
    if kind in ("Api", "HttpApi"):
        api = about.get("rest_api_id") or about.get("api_id") or Told("${ServerlessApi}", own.evidence)
        yield glue("aws_lambda_permission", function_name=own, source_arn=api)
    elif kind in ("Schedule", "ScheduleV2"):
        yield glue("aws_scheduler_schedule", schedule_expression="rate", target={"arn": own})
    elif kind == "SNS":
        yield glue("aws_sns_topic_subscription", topic_arn=about.get("topic"), endpoint=own)
    elif any(sources):
        yield glue("aws_lambda_event_source_mapping", function_name=own, event_source_arn=sources)


def _values(value: Any) -> list[Mapping[str, Any]]:
    return [part for part in value.values() if isinstance(part, dict)] if isinstance(value, dict) else []


def _listed(value: Any) -> list[Mapping[str, Any]]:
    return [part for part in (value if isinstance(value, list) else [value]) if isinstance(part, dict)]


def implicit(resources: list[Resource], name: str, page: Page) -> Iterator[Resource]:
    """The gateway that is made where functions answer requests and no other is named."""
    wanted = "${ServerlessApi}"
    first = next((each for each in resources if each.get("source_arn") == wanted), None)
    if first:
        yield Resource(first.stack, "ServerlessApi", "aws_apigatewayv2_api", {}, first.evidence, (name,))

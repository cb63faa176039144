"""What CloudFormation and SAM write inside of a resource, as resources of their own: events, targets, policies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stocktake.discover.resources import Resource, Told

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


def implicit(resources: list[Resource], name: str) -> Iterator[Resource]:
    """The gateway that is made where functions answer requests and no other is named."""
    wanted = "${ServerlessApi}"
    first = next((each for each in resources if each.get("source_arn") == wanted), None)
    if first:
        yield Resource(first.stack, "ServerlessApi", "aws_apigatewayv2_api", {}, first.evidence, (name,))

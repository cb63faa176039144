"""Resources that tie others together: event sources, subscriptions, notifications, integrations, schedules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from stocktake.discover import engines
from stocktake.discover.draft import Draft
from stocktake.discover.edges import SURE
from stocktake.discover.resources import Resource

if TYPE_CHECKING:
    from stocktake.discover.wiring import Wiring


def _from_to(source: str, target: str, type_: str = "", sure: float = SURE) -> Callable[[Wiring, Resource], None]:
    """A resource that ties what some properties name to what others name."""

    def wire(wiring: Wiring, each: Resource) -> None:
        ends = [[each.get(key) for key in keys.split()] for keys in (source, target)]
        for one, _ in wiring.things(each, ends[0]):
            for other, evidence in wiring.things(each, ends[1]):
                wiring.edge(one, other, type_, sure, evidence)

    return wire


def _trigger(function: str, source: str) -> Callable[[Wiring, Resource], None]:
    """Something starts a program: the program takes from what starts it, a gateway calls it."""

    def wire(wiring: Wiring, each: Resource) -> None:
        for one, _ in wiring.things(each, [each.get(key) for key in function.split()]):
            for other, evidence in wiring.things(each, [each.get(key) for key in source.split()]):
                if other.type in ("gateway", "api"):
                    wiring.edge(other, one, "calls", SURE, evidence)
                elif other.type in engines.STORES:
                    wiring.edge(
                        one, other, "subscribes-to" if other.type in engines.BROKERS else "reads", SURE, evidence
                    )
                    wiring.triggered.add(one.key)

    return wire


def _subscription(wiring: Wiring, each: Resource) -> None:
    for topic, _ in wiring.things(each, [each.get("topic_arn"), each.get("topic")]):
        to = [each.get(key) for key in ("endpoint", "push_config.push_endpoint", "cloud_storage_config.bucket")]
        for target, evidence in wiring.things(each, to):
            if target.type in engines.STORES:
                wiring.edge(
                    topic, target, "publishes-to" if target.type in engines.BROKERS else "writes", SURE, evidence
                )
            else:
                wiring.edge(target, topic, "subscribes-to", SURE, evidence)


def _notification(wiring: Wiring, each: Resource) -> None:
    for bucket, _ in wiring.things(each, each.get("bucket")):
        for key in ("lambda_function", "queue", "topic"):
            for target, evidence in wiring.things(each, each.properties.get(key)):
                if target.type in engines.STORES:
                    wiring.edge(bucket, target, "publishes-to", SURE, evidence)
                elif target is not bucket:
                    wiring.edge(target, bucket, "reads", SURE, evidence)
                    wiring.triggered.add(target.key)


def _scheduled(wiring: Wiring, each: Resource) -> None:
    """A rule of the event bus or a clock starts a target."""
    rules = wiring.all.targets(each.stack, each.get("rule")) or [each]
    for target, evidence in wiring.things(each, [each.get("arn"), each.get("target.arn")]):
        if any(rule.text("schedule_expression") for rule in rules):
            wiring.scheduled.add(target.key)
        for bus in _buses(wiring, each, rules):
            if target.type in engines.STORES:
                wiring.edge(bus, target, "publishes-to", SURE, evidence)
            else:
                wiring.edge(target, bus, "subscribes-to", SURE, evidence)


def _buses(wiring: Wiring, each: Resource, rules: list[Resource]) -> list[Draft]:
    """The event buses of some rules; a pattern without one is matched on the bus that every account has."""
    found = [bus for bus, _ in wiring.things(each, [rule.get("event_bus_name") for rule in rules])]
    patterned = next((rule for rule in rules if rule.get("event_pattern")), None)
    return found or (
        [wiring.default_bus(patterned)] if patterned and not patterned.text("event_bus_name").strip() else []
    )


def _balanced(wiring: Wiring, each: Resource) -> None:
    """A load balancer passes on to whatever stands in one of its target groups."""
    balancers = [draft for draft, _ in wiring.things(each, [each.get("load_balancer_arn"), each.get("listener_arn")])]
    for listener in wiring.all.targets(each.stack, each.get("listener_arn")):
        balancers += [draft for draft, _ in wiring.things(listener, listener.get("load_balancer_arn"))]
    actions = [each.properties.get(key) for key in ("default_action", "default_actions", "action", "actions")]
    groups = {found.address for found in wiring.all.targets(each.stack, actions)}
    others = {id(one): one for group in sorted(groups) for one in wiring.grouped.get((each.stack, group), ())}
    for other in others.values():
        own = wiring.all.drafts.get((other.stack, other.address))
        behind = [own] if own else [draft for draft, _ in wiring.things(other, other.get("target_id"))]
        for balancer in balancers:
            for target in behind:
                if target is not balancer:
                    wiring.edge(balancer, target, "calls", SURE, each.evidence)


WIRES: Mapping[str, Callable[[Wiring, Resource], None]] = {
    "aws_api_gateway_integration": _from_to("rest_api_id", "uri request_templates request_parameters", ""),
    "aws_apigatewayv2_authorizer": _from_to("api_id", "jwt_configuration authorizer_uri", ""),
    "aws_apigatewayv2_integration": _from_to("api_id", "integration_uri request_parameters", ""),
    "aws_appsync_datasource": _from_to(
        "api_id", "lambda_config dynamodb_config http_config relational_database_config", ""
    ),
    "aws_cloudwatch_event_target": _scheduled,
    "aws_db_proxy_target": _from_to("db_proxy_name", "db_cluster_identifier db_instance_identifier"),
    "aws_lambda_event_source_mapping": _trigger("function_name", "event_source_arn self_managed_event_source"),
    "aws_lambda_permission": _trigger("function_name", "source_arn"),
    "aws_lb_listener": _balanced,
    "aws_lb_listener_rule": _balanced,
    "aws_s3_bucket_notification": _notification,
    "aws_scheduler_schedule": _scheduled,
    "aws_sns_topic_subscription": _subscription,
    "google_pubsub_subscription": _subscription,
}

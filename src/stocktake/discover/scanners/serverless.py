"""`serverless.yml`: functions, what starts them, what they may do, and the resources beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from posixpath import basename
from typing import Any

from stocktake.discover.claims import Claims
from stocktake.discover.formation import Formation
from stocktake.discover.formation_events import implicit
from stocktake.discover.page import Page
from stocktake.discover.resources import Resource, Told
from stocktake.discover.yaml import NOTHING, Node, documents

_NAME = re.compile(r"^serverless([._-][\w-]+)?\.(ya?ml|json)$", re.IGNORECASE)
_VARIABLE = re.compile(r"\$\{(self|opt|env|param|sls|ssm|cf|file|aws|custom):?([^${},]*)(?:,\s*([^${}]*))?\}")
_ROUNDS = 5
_REQUESTS = frozenset(("alb", "http", "httpApi", "websocket"))
_SOURCES = frozenset(("activemq", "eventBridge", "kafka", "msk", "rabbitmq", "s3", "sqs", "stream"))


def wants(path: str) -> bool:
    """`serverless.yml` and its variants."""
    return bool(_NAME.match(basename(path)))


def scan(path: str, text: str) -> Claims:
    """The functions as resources."""
    page = Page(path, text)
    root = next(iter(documents(text)), NOTHING)
    filled = _filled(root, root, 0)
    blocks = (
        filled.get("resources").each() if isinstance(filled.get("resources").value, list) else [filled.get("resources")]
    )
    found: list[Resource] = []
    for block in blocks:
        found += Formation(page, block, path).resources()
    shared = Formation(page, filled.get("resources") if len(blocks) == 1 else NOTHING, path)
    found += _functions(page, filled, shared)
    found += implicit(found, filled.get("service").text() or filled.get("service").get("name").text() or "api")
    return Claims(resources=tuple(found))  # the secrets in it are told where configuration is read


def _filled(node: Node, root: Node, depth: int) -> Node:
    """The same with the variables of the file in their places."""
    if depth > 60:
        return NOTHING
    if isinstance(node.value, dict):
        return node._replace(value={key: _filled(part, root, depth + 1) for key, part in node.value.items()})
    if isinstance(node.value, list):
        return node._replace(value=[_filled(part, root, depth + 1) for part in node.value])
    text = node.text()
    for _ in range(_ROUNDS if "${" in text else 0):
        changed = _VARIABLE.sub(lambda match: _variable(match, root), text[:4000])
        if changed == text:
            break
        text = changed
    return node._replace(value=text)


def _variable(match: re.Match[str], root: Node) -> str:
    kind, path, other = match[1], match[2].strip(), (match[3] or "").strip().strip("'\"")
    if kind == "self":
        part = root
        for word in path.split("."):
            part = part.get(word)
        return part.text() or other or ("dev" if path == "provider.stage" else "")
    if kind in ("opt", "sls") and path.endswith("stage"):
        return other or root.get("provider").get("stage").text() or "dev"
    return other or "$[var." + re.sub(r"\W", "_", path) + "]"


def _functions(page: Page, root: Node, formation: Formation) -> Iterator[Resource]:
    provider = root.get("provider")
    allowed = [
        formation.value(part, "")
        for part in (provider.get("iam").get("role").get("statements"), provider.get("iamRoleStatements"))
    ]
    common = _environment(formation, provider.get("environment"))
    for name, node in root.get("functions").items():
        if not re.fullmatch(r"[\w-]{1,200}", name) or not node.items():
            continue
        properties: dict[str, Any] = {
            "function_name": formation.value(node.get("name"), "name"),
            "variables": {**common, **_environment(formation, node.get("environment"))},
            "policy_statements": [*allowed, formation.value(node.get("iamRoleStatements"), "")],
            "code_uri": node.get("handler").text(),
        }
        made = Resource(
            formation.stack, f"function-{name}", "aws_lambda_function", properties, page.evidence(node.under), (name,)
        )
        yield made
        for number, event in enumerate(node.get("events").each()):
            yield from _event(made, number, event, formation)


def _environment(formation: Formation, node: Node) -> dict[str, Any]:
    value = formation.value(node, "Variables")
    return {key: _open(part) for key, part in value.items()} if isinstance(value, dict) else {}


def _open(value: Any) -> Any:
    return (
        Told(value.replace("$[", "${").replace("]", "}"), value.evidence)
        if isinstance(value, Told) and "$[" in value
        else value
    )


def _event(made: Resource, number: int, event: Node, formation: Formation) -> Iterator[Resource]:
    """What starts a function."""
    own = Told("${" + made.address + "}", made.evidence)
    kinds: list[tuple[str, Node]] = event.items() or ([(event.text(), NOTHING)] if event.text() else [])
    for kind, about in kinds[:1]:
        address, place = f"{made.address}.event.{number}", formation.page.evidence(about.under or event.line)

        def glue(type_: str, properties: Mapping[str, Any], address: str = address, place: Any = place) -> Resource:
            return Resource(made.stack, address, type_, dict(properties), place, ())

        if kind in _REQUESTS:
            yield glue("aws_lambda_permission", {"function_name": own, "source_arn": "${ServerlessApi}"})
        elif kind == "schedule":
            yield glue("aws_scheduler_schedule", {"schedule_expression": "rate", "target": {"arn": own}})
        elif kind in ("sns", *_SOURCES):
            source = formation.value(about, kind)
            type_ = "aws_sns_topic_subscription" if kind == "sns" else "aws_lambda_event_source_mapping"
            keys = ("topic_arn", "endpoint") if kind == "sns" else ("event_source_arn", "function_name")
            yield glue(type_, dict(zip(keys, (source, own), strict=True)))

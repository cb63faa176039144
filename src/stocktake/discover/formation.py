"""Templates of CloudFormation as resources: references, joined texts and parameters are put in where they are known."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from stocktake.discover.formation_events import tied
from stocktake.discover.formation_types import TYPES
from stocktake.discover.page import Page
from stocktake.discover.resources import Resource, Told
from stocktake.discover.yaml import NOTHING, Node

DEEPEST = 60
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
            type_ = TYPES.get(node.get("Type").text().removeprefix("AWS::"), "")
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

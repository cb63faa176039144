"""Write a starting record: what must be said, filled in as far as it is known, and nothing that is a guess."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from stocktake.model.kind import Kind

_DAYS = ("date", "opened", "reviewed", "expires")


def record_text(
    kind: Kind, schema: Mapping[str, Any], identity: str, facts: Mapping[str, Any], today: str, up: str
) -> str:
    """The text of a new record.

    `facts` are nested values that are known; a required field that is not among them gets the schema's example as a
    value to replace. `up` is the way from the record's folder to the root (`../../`), for the editor's schema
    comment.
    """
    data = {**_required(kind, schema, identity, facts, today), **facts}
    text = f"# yaml-language-server: $schema={up}schemas/{kind.name}.schema.json\n{dump(data)}"
    if kind.format == "markdown":
        return f"---\n{text}---\n\n# {data.get('name', identity)}\n"
    return text


def dump(data: Mapping[str, Any]) -> str:
    """Data as YAML in our style; ruamel.yaml quotes what needs quotes."""
    from ruamel.yaml import YAML

    writer = YAML()
    writer.default_flow_style = False
    writer.width = 120
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.version = (1, 2)
    stream = io.StringIO()
    writer.dump(dict(data), stream)
    return stream.getvalue().removeprefix("%YAML 1.2\n---\n")


def _required(
    kind: Kind, schema: Mapping[str, Any], identity: str, facts: Mapping[str, Any], today: str
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in kind.required:
        if name in facts:
            values[name] = facts[name]
        elif name == "name":
            values[name] = identity.replace("-", " ").capitalize()
        elif name in _DAYS:
            values[name] = today
        else:
            values[name] = _example(schema.get("properties", {}).get(name, {}), name)
    return values


def _example(described: Mapping[str, Any], name: str) -> Any:
    if examples := described.get("examples"):
        return examples[0]
    return next(iter(described.get("enum", ())), f"write the {name} here")

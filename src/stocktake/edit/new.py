"""Write a starting record: what must be said, filled in as far as it is known, and nothing that is a guess."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from stocktake.model.kind import Kind

_DAYS = ("date", "opened", "reviewed")
_LATER = ("due", "expires")
_EMPTY: Mapping[str, Any] = {"array": [], "boolean": False, "integer": 0, "number": 0, "object": {}}
_QUARTER = timedelta(days=90)


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
        elif name in _LATER:
            values[name] = (date.fromisoformat(today) + _QUARTER).isoformat()
        else:
            values[name] = _example(schema.get("properties", {}).get(name, {}), name)
    return values


def _example(described: Mapping[str, Any], name: str) -> Any:
    """A value to replace; where any text would do it says so, since an example would read like an answer."""
    if "enum" in described:
        return described["enum"][0]
    if described.get("type") == "string" and "pattern" not in described:
        return f"write the {name} here"
    return next(iter(described.get("examples", ())), _EMPTY.get(str(described.get("type")), f"write the {name} here"))

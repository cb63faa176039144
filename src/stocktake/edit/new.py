"""Write a starting record: what is known, and a comment for each thing that only somebody can say; never a guess."""

from __future__ import annotations

import io
from collections.abc import Mapping
from textwrap import fill
from typing import Any

from stocktake.model.kind import Kind

_WIDTH = 110


def record_text(
    kind: Kind, schema: Mapping[str, Any], identity: str, facts: Mapping[str, Any], today: str, up: str
) -> str:
    """The text of a new record.

    `facts` are nested values that are known; a required field that is neither among them nor follows from being new
    (the name, the day, the schema's default) is asked for in a comment. `up` is the way from the record's folder to
    the root (`../../`), for the editor's schema comment.
    """
    properties = schema.get("properties", {})
    known = {"name": identity.replace("-", " ").capitalize(), **facts} if "name" in kind.required else facts
    data = {**known, **{name: value for name, value in _new(kind, schema, today).items() if name not in known}}
    text = f"# yaml-language-server: $schema={up}schemas/{kind.name}.schema.json\n{dump(data)}"
    if asked := missing(kind, schema, data):
        text += "# Still to say:\n" + "".join(_question(name, properties.get(name, {})) for name in asked)
    if kind.format == "markdown":
        return f"---\n{text}---\n" + "".join(f"\n## {title}\n\n_{prompt}_\n" for title, prompt in kind.sections)
    return text


def missing(kind: Kind, schema: Mapping[str, Any], facts: Mapping[str, Any]) -> list[str]:
    """The required fields that are not among the facts and that nobody but a person can fill."""
    new = {"name", *_new(kind, schema, "")}
    return [name for name in kind.required if name not in facts and name not in new]


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


def _new(kind: Kind, schema: Mapping[str, Any], today: str) -> dict[str, Any]:
    """What is true of a record because it is new, as far as it must be said."""
    properties = schema.get("properties", {})
    defaults = {name: properties[name]["default"] for name in kind.required if "default" in properties.get(name, {})}
    return {**defaults, "date": today} if "date" in kind.required else defaults


def _question(name: str, described: Mapping[str, Any]) -> str:
    said = str(described.get("description", "")).strip()
    words = described.get("enum", ())
    examples = [_inline(one).removesuffix(".") for one in described.get("examples", ())]
    more = f"One of {', '.join(map(str, words))}." if words else f"For example {examples[0]}." if examples else ""
    text = " ".join(part for part in (f"{name}:", said, more) if part)
    return fill(text, _WIDTH, initial_indent="# ", subsequent_indent="#   ", break_on_hyphens=False) + "\n"


def _inline(value: Any) -> str:
    """A value as YAML writes it on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_inline(one)}" for key, one in value.items()) + "}"
    return f"[{', '.join(map(_inline, value))}]" if isinstance(value, list) else str(value)

"""The fields that a schema describes, as a reference shows them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from stocktake.model.kind import Shape

_STOP = re.compile(r"\$\{[0-9]+(?:\|([^,|]*)[^|]*\||:([^}]*))\}")
_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "object": "a group of fields",
    "string": "text",
}


class Field(NamedTuple):
    """`name` is a fact's pattern; `meaning` is its description, as Markdown where `markdown` has none.

    `form` says what stands there and how it is written, `words` are all that may, each with its meaning.
    """

    name: str
    meaning: str
    markdown: str
    form: str
    required: bool
    words: tuple[tuple[str, str], ...] = ()
    examples: tuple[Any, ...] = ()
    default: Any = None


def fields(shape: Shape, prefix: str = "") -> Iterator[Field]:
    """Every field, parents first; what stands again under `instances` is left out."""
    required = {name for part in shape.parts for name in part.get("required", ())}
    for key, inner in (shape.fields or {}).items():
        name = f"{prefix}.{key}" if prefix else key
        yield _field(name, inner, key in required)
        if name != "instances":
            yield from fields(inner, name)
    for inside in (shape.item, shape.step):
        if inside:
            yield from fields(inside, f"{prefix}[]")


def example(shape: Shape) -> Any:
    """A whole record: what an editor writes into an empty file, with each place filled; None where it writes none."""
    snippets = next((part["defaultSnippets"] for part in shape.parts if part.get("defaultSnippets")), None)
    return _filled(snippets[0].get("body")) if snippets else None


def _filled(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_filled(key): _filled(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner) for inner in value]
    return _STOP.sub(lambda stop: stop[1] or stop[2] or "", value) if isinstance(value, str) else value


def _field(name: str, shape: Shape, required: bool) -> Field:
    words = shape if _first(shape, "enum") else shape.step or shape
    return Field(
        name,
        _first(shape, "description") or "",
        _first(shape, "markdownDescription") or "",
        _form(shape),
        required,
        _words(words),
        tuple(_first(shape, "examples") or ()),
        _first(shape, "default"),
    )


def _words(shape: Shape) -> tuple[tuple[str, str], ...]:
    """Those of the narrowest enumeration, which comes first."""
    for part in shape.parts:
        if "enum" in part:
            told = part.get("enumDescriptions", [""] * len(part["enum"]))
            return tuple(zip(map(str, part["enum"]), map(str, told), strict=False))
    return ()


def _form(shape: Shape) -> str:
    """What stands there, and what the definition that it includes says of its notation."""
    if shape.keyed:
        return "a mapping; you choose its keys"
    if shape.fields:
        return "a group of fields"
    if (fixed := _first(shape, "const")) is not None:
        return str(fixed)
    if _first(shape, "enum"):
        return "one word"
    types = _first(shape, "type") or ""
    known = _TYPES.get(types, "") if isinstance(types, str) else ", ".join(_TYPES[one] for one in types)
    if shape.step:
        inner = "groups of fields" if shape.step.fields else "words" if _first(shape.step, "enum") else ""
        return f"a list of {inner}" if inner else "; each entry: ".join(filter(None, (known, _notation(shape.step, 1))))
    return _notation(shape, 2) or known or "a value"


def _notation(shape: Shape, least: int) -> str:
    """The description of the last definition that was included, which says how such a value is written."""
    told = [str(part["description"]) for part in shape.parts if "description" in part]
    return told[-1].rstrip(".") if len(told) >= least else ""


def _first(shape: Shape, keyword: str) -> Any:
    return next((part[keyword] for part in shape.parts if keyword in part), None)

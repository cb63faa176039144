"""Say in words what is wrong with a record: from broken constraints to problems with line, column and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stocktake.errors import Problem
from stocktake.load.strict import Document
from stocktake.load.validate import Fault, Path
from stocktake.load.yaml import field
from stocktake.model.kind import Shape
from stocktake.values.text import closest, shown

_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "nothing",
    "number": "a number",
    "object": "a mapping",
    "string": "text",
}
_UNEXPECTED = ("additionalProperties", "unevaluatedProperties")
# Of several faults at one place only the first of these is told: the others follow from it.
_ORDER = ("type", "const", "enum", "pattern", "propertyNames", "not")


def problems(path: str, faults: Iterable[Fault], document: Document, shape: Shape) -> list[Problem]:
    """All faults of one file in words; what only follows from another fault is left out."""
    told: dict[tuple[Path, str], Fault] = {}
    found = []
    for fault in sorted(faults, key=_rank):
        if fault.keyword in _UNEXPECTED:
            found += [
                _unexpected(path, fault, key, document, shape)
                for key in fault.extra
                if not _is_known(shape, (*fault.path, key))
            ]
        elif fault.keyword == "required":
            found += [_missing(path, fault, key, document) for key in fault.extra]
        elif (fault.path, "") not in told:
            told[fault.path, ""] = fault
            found.append(_wrong(path, fault, document))
    return sorted(set(found))


def _rank(fault: Fault) -> tuple[Any, ...]:
    return (tuple(map(str, fault.path)), _ORDER.index(fault.keyword) if fault.keyword in _ORDER else len(_ORDER))


def shape_at(shape: Shape | None, path: Path) -> Shape | None:
    """The shape of what a path leads to, or None where the schema knows no such thing."""
    for part in path:
        if shape is None:
            return None
        shape = shape.item if shape.keyed else (shape.fields or {}).get(str(part))
    return shape


def _is_known(shape: Shape, path: Path) -> bool:
    return shape_at(shape, path) is not None


def _unexpected(path: str, fault: Fault, key: str, document: Document, shape: Shape) -> Problem:
    at = shape_at(shape, fault.path)
    allowed = sorted((at.fields if at else None) or ())
    guess = closest(key, allowed)
    hint = (
        f"Did you mean {guess}?" if guess else f"Allowed here: {', '.join(allowed)}." if 0 < len(allowed) <= 12 else ""
    )
    where = (*fault.path, key)
    return Problem(path, *document.key(where), field(where), "this key is not allowed here", hint)


def _missing(path: str, fault: Fault, key: str, document: Document) -> Problem:
    described = fault.schema.get("properties", {}).get(key, {})
    example = next(iter(described.get("examples", ())), None) or next(iter(described.get("enum", ())), None)
    hint = f"Add it, for example `{key}: {example}`." if isinstance(example, str) else "Add it."
    return Problem(path, *document.place(fault.path), field((*fault.path, key)), "is missing", hint)


def _wrong(path: str, fault: Fault, document: Document) -> Problem:
    if fault.keyword == "propertyNames" or _names_a_key(fault, document):
        key = fault.value if isinstance(fault.value, str) else ""
        where = (*fault.path, key)
        return Problem(
            path,
            *document.key(where),
            field(where),
            f'the name "{shown(key)}" {_own_message(fault, "is not allowed here")}',
        )
    place = (
        document.key(fault.path)
        if fault.keyword == "not" and not isinstance(fault.value, str)
        else document.place(fault.path)
    )
    return Problem(path, *place, field(fault.path), _sentence(fault), _hint(fault))


def _names_a_key(fault: Fault, document: Document) -> bool:
    return (
        isinstance(fault.value, str)
        and (*fault.path, fault.value) in document.keys
        and fault.path not in document.keys | {(): None}
    )


def _own_message(fault: Fault, otherwise: str) -> str:
    return str(fault.schema.get("errorMessage") or otherwise)


def _quoted(value: Any) -> str:
    text = value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    short = text if len(text) <= 60 else f"{text[:57]}..."
    return f'"{shown(short)}"' if isinstance(value, str) else shown(short)


def _sentence(fault: Fault) -> str:
    schema, value = fault.schema, fault.value
    match fault.keyword:
        case "type":
            names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
            wanted = " or ".join(_TYPES[name] for name in names)
            return f"{_found(value)} stands where {wanted} is expected"
        case "enum":
            return f"{_quoted(value)} is not one of {', '.join(map(str, schema['enum']))}"
        case "not" if not isinstance(value, str):
            return _own_message(fault, "is not allowed here")
        case "pattern" | "const" | "not":
            return f"{_quoted(value)} {_own_message(fault, 'is not allowed here')}"
        case "uniqueItems":
            return "names something twice"
        case "minItems" | "minLength" | "minProperties":
            return _own_message(
                fault, "is empty" if schema[fault.keyword] == 1 else f"is shorter than {schema[fault.keyword]}"
            )
        case "maxItems" | "maxLength" | "maxProperties":
            return _own_message(fault, f"is longer than {schema[fault.keyword]}")
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            side = "less" if "inimum" in fault.keyword else "more"
            return f"{_quoted(value)} is {side} than {schema[fault.keyword]}"
    return f"{_quoted(value)} {_own_message(fault, 'is not allowed here')}"


def _found(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return _TYPES["object" if isinstance(value, dict) else "array"]
    return (
        "nothing"
        if value is None
        else f"{_quoted(value)} (a number)"
        if type(value) in (int, float)
        else _quoted(value)
    )


def _hint(fault: Fault) -> str:
    if fault.keyword == "enum":
        guess = closest(str(fault.value), [str(option) for option in fault.schema["enum"]])
        return f"Did you mean {guess}?" if guess else ""
    if fault.keyword == "type" and fault.schema["type"] == "string" and type(fault.value) in (int, float, bool):
        return f'Put it in quotes: "{str(fault.value).lower() if isinstance(fault.value, bool) else fault.value}".'
    if fault.keyword == "pattern" and isinstance(fault.value, str):
        return _format_hint(fault)
    return ""


def _format_hint(fault: Fault) -> str:
    from stocktake.values import cron, duration

    message = str(fault.schema.get("errorMessage", ""))
    suggest = (
        duration.suggest
        if "duration" in message
        else cron.suggest
        if "cron" in message or "schedule" in message
        else None
    )
    guess = suggest(fault.value) if suggest else None
    if guess:
        return f"Did you mean {guess}?"
    example = next(iter(fault.schema.get("examples", ())), None)
    return f"For example {example}." if isinstance(example, str) and suggest else ""

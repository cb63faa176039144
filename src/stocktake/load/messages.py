"""Say in words what is wrong with a record: from broken constraints to problems with line, column and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stocktake.errors import Problem
from stocktake.load.places import fact, shape_at
from stocktake.load.strict import Document
from stocktake.load.validate import FAULTS_AT_MOST, Fault, Path
from stocktake.model.kind import Shape
from stocktake.model.older import now_called
from stocktake.values.showable import quoted
from stocktake.values.text import closest, shown, slug

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
_PLAIN = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*(?:(?:, *| +)[a-z0-9]+(?:[-_][a-z0-9]+)*)*\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
MISSING = "is missing"
_CHOICES_AT_MOST = 12
# Where a schema says what is written in another record or under another name.
_ELSEWHERE = "x-elsewhere"
# Of several faults at one place only the first of these is told: the others follow from it.
_ORDER = ("type", "const", "enum", "pattern", "propertyNames", "not")


def problems(path: str, faults: Iterable[Fault], document: Document, shape: Shape) -> list[Problem]:
    """All faults of one file in words; what only follows from another fault is left out."""
    told: dict[tuple[Path, str], Fault] = {}
    found = []
    faults = list(faults)
    meant = set(_meant(faults, shape))
    for fault in sorted(faults, key=_rank):
        if fault.keyword in _UNEXPECTED:
            found += [
                _unexpected(path, fault, key, document, shape)
                for key in fault.extra[:FAULTS_AT_MOST]
                if not _is_known(shape, (*fault.path, key))
            ]
        elif fault.keyword == "required":
            asked = [key for key in fault.extra if (*fault.path, key) not in meant]
            found += [_missing(path, fault, key, document, shape) for key in asked]
        elif (fault.path, "") not in told:
            told[fault.path, ""] = fault
            found.append(_wrong(path, fault, document, shape))
    return sorted(set(found))


def _rank(fault: Fault) -> tuple[Any, ...]:
    return (tuple(map(str, fault.path)), _ORDER.index(fault.keyword) if fault.keyword in _ORDER else len(_ORDER))


def _is_known(shape: Shape, path: Path) -> bool:
    return shape_at(shape, path) is not None


def _meant(faults: Iterable[Fault], shape: Shape) -> Iterator[Path]:
    """The fields for which other names were written: to ask for them too would tell one mistake twice."""
    for fault in faults:
        for key in fault.extra[:FAULTS_AT_MOST] if fault.keyword in _UNEXPECTED else ():
            if guess := _field_for(key, _allowed(shape, fault.path)):
                yield (*fault.path, guess)


def _allowed(shape: Shape, path: Path) -> list[str]:
    at = shape_at(shape, path)
    return sorted((at.fields if at else None) or ())


def _field_for(key: str, allowed: list[str]) -> str | None:
    return now_called(key, allowed) or closest(key, allowed)


def _unexpected(path: str, fault: Fault, key: str, document: Document, shape: Shape) -> Problem:
    allowed = _allowed(shape, fault.path)
    guess = _field_for(key, allowed)
    hint = f"Allowed here: {', '.join(allowed)}." if 0 < len(allowed) <= _CHOICES_AT_MOST else ""
    if guess:
        hint = f"{guess} stands here already." if guess in fault.value else f"Did you mean {guess}?"
        if guess not in fault.value and not fault.path and now_called(key, allowed):
            hint = f"It is called {guess}: `stocktake migrate` renames it."
    if isinstance(homes := fault.schema.get(_ELSEWHERE), dict):
        hint = str(homes.get(key.lower().replace("-", "_"), hint))
    where = (*fault.path, key)
    return Problem(path, *document.key(where), fact(where, shape), "this key is not allowed here", hint)


def _missing(path: str, fault: Fault, key: str, document: Document, shape: Shape) -> Problem:
    described = fault.schema.get("properties", {}).get(key, {})
    example = next(iter(described.get("examples", ())), None) or next(iter(described.get("enum", ())), None)
    hint = f"Add it, for example `{key}: {_flow(example)}`." if example else "Add it."
    return Problem(path, *document.place(fault.path), fact((*fault.path, key), shape), MISSING, hint)


def _flow(value: Any) -> str:
    """A value on one line of YAML, as far as an example needs it."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_flow(item)}' for key, item in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _wrong(path: str, fault: Fault, document: Document, shape: Shape) -> Problem:
    if fault.is_key:
        name = _said(fault) if fault.value else "(empty)"
        wrong = f"the name {name} {_own_message(fault, 'is not allowed here')}{_foreign(fault)}"
        return Problem(path, *document.key(fault.path), fact(fault.path[:-1], shape), wrong)
    place = (
        document.key(fault.path)
        if fault.keyword == "not" and not isinstance(fault.value, str)
        else document.place(fault.path)
    )
    return Problem(path, *place, fact(fault.path, shape), _sentence(fault), _hint(fault))


def _own_message(fault: Fault, otherwise: str) -> str:
    return str(fault.schema.get("errorMessage") or otherwise)


def _said(fault: Fault) -> str:
    name = next((part for part in reversed(fault.path) if isinstance(part, str)), "")
    return quoted(name, fault.value) if isinstance(fault.value, str) else _bare(fault.value)


def _bare(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return _TYPES["object" if isinstance(value, dict) else "array"]
    if value is None:
        return _TYPES["null"]
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return shown(text if len(text) <= 60 else f"{text[:57]}...")


def _sentence(fault: Fault) -> str:
    schema, value = fault.schema, fault.value
    match fault.keyword:
        case "type":
            names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
            wanted = " or ".join(_TYPES[name] for name in names)
            return f"{_found(fault)} stands where {wanted} is expected"
        case "enum":
            return f"{_said(fault)}{_foreign(fault)} is not one of {_choices(fault)}"
        case "not" if not isinstance(value, str):
            return _own_message(fault, "is not allowed here")
        case "pattern" if _is_impossible_day(fault):
            return f"{_said(fault)} is not a day of the calendar"
        case "pattern" | "const" | "not":
            return f"{_said(fault)} {_own_message(fault, 'is not allowed here')}{_foreign(fault)}"
        case "uniqueItems":
            return "names something twice"
        case "minItems" | "minLength" | "minProperties":
            return "is empty" if not value else _own_message(fault, f"is shorter than {schema[fault.keyword]}")
        case "maxLength":
            return f"is longer than {schema['maxLength']} characters"
        case "maxItems" | "maxProperties":
            return _own_message(fault, f"has more than {schema[fault.keyword]} entries")
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            side = "less" if "inimum" in fault.keyword else "more"
            return f"{_said(fault)} is {side} than {schema[fault.keyword]}"
    return f"{_said(fault)} {_own_message(fault, 'is not allowed here')}"


def _foreign(fault: Fault) -> str:
    """The letters that look like those that were meant, by their code points."""
    if not isinstance(fault.value, str) or fault.value.isascii():
        return ""
    from stocktake.values.letters import foreign

    return foreign(fault.value)


def _choices(fault: Fault) -> str:
    options = fault.schema["enum"]
    if len(options) > _CHOICES_AT_MOST and _guess(fault):
        return f"the {len(options)} values that are allowed here"
    return ", ".join(map(str, options))


def _guess(fault: Fault) -> str | None:
    return closest(str(fault.value), [str(option) for option in fault.schema["enum"]])


def _found(fault: Fault) -> str:
    value = fault.value
    return f"{_said(fault)} (a number)" if type(value) in (int, float) else _said(fault)


def _hint(fault: Fault) -> str:
    value = fault.value
    if fault.keyword == "enum":
        guess = _guess(fault)
        return f"Did you mean {guess}?" if guess else ""
    if fault.keyword == "type":
        return _type_hint(fault.schema, value)
    if fault.keyword in ("pattern", "not") and isinstance(value, str):
        return _format_hint(fault)
    return ""


def _type_hint(schema: Mapping[str, Any], value: Any) -> str:
    wanted = schema["type"]
    if value is None:
        return "Write a value, or remove the key."
    if wanted == "string" and type(value) in (int, float, bool):
        return "Put it in quotes."  # what was written may differ from the value: 1.10, 012
    if wanted == "array" and isinstance(value, str):
        if _PLAIN.match(value):
            return f"Write it as a list: [{', '.join(value.replace(',', ' ').split())}]."
        return "Write it as a list: one line for each, beginning with a hyphen."
    keys = sorted(schema.get("properties", ()))
    if wanted == "object" and isinstance(value, (str, list)) and 0 < len(keys) <= _CHOICES_AT_MOST:
        return f"Write it with its {'keys' if len(keys) > 1 else 'key'}: {', '.join(keys)}."
    return ""


def _format_hint(fault: Fault) -> str:
    from stocktake.values import cron, day, duration

    message = str(fault.schema.get("errorMessage", ""))
    if _is_impossible_day(fault):
        return _days_in_month(fault.value)
    if message.startswith(("is not an id:", "is not an address:")):
        return _reference_hint(fault.value, "address" in message)
    suggest = (
        duration.suggest
        if "duration" in message
        else cron.suggest
        if "cron" in message or "schedule" in message
        else day.suggest
        if "date written as" in message
        else None
    )
    guess = suggest(fault.value) if suggest else None
    if guess:
        return f"Did you mean {guess}?"
    example = next(iter(fault.schema.get("examples", ())), None)
    return f"For example {example}." if isinstance(example, str) and suggest else ""


def _reference_hint(value: str, with_kind: bool) -> str:
    """The id or address that was probably meant; whether there is such a record is told once it can be one."""
    if not value.isascii():
        from stocktake.values.letters import latin

        value = latin(value)
    kind, slash, rest = value.rpartition("/")
    if slash and not with_kind:
        return f"Leave the kind out: {shown(rest)}."
    guess = slug(rest)
    if guess == "unnamed" or (with_kind and not slash):
        return ""
    return f"Did you mean {slug(kind)}/{guess}?" if slash else f"Did you mean {guess}?"


def _is_impossible_day(fault: Fault) -> bool:
    return "not a date" in str(fault.schema.get("errorMessage", "")) and bool(_DAY.match(str(fault.value)))


def _days_in_month(day: str) -> str:
    from calendar import month_name, monthrange

    year, month = int(day[:4]), int(day[5:7])
    if not 1 <= month <= 12:
        return "There are 12 months."
    if not 1000 <= year < 3000:
        return "Write a year from 1000 to 2999."
    return f"{month_name[month]} {year} has {monthrange(year, month)[1]} days."

"""Compare two schemas: what the second no longer asks for, and what it lets in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stocktake.values.text import shown

# What a schema says to people and editors; all else constrains, also what we do not know.
_SAID = frozenset(
    (
        *("$comment", "$id", "$schema", "default", "defaultSnippets", "deprecated", "description"),
        *("enumDescriptions", "errorMessage", "examples", "markdownDescription", "readOnly", "title", "writeOnly"),
        "x-elsewhere",
    )
)
_LESS = frozenset(("maxItems", "maxLength", "maxProperties", "maximum", "exclusiveMaximum", "maxContains"))
_MORE = frozenset(("minItems", "minLength", "minProperties", "minimum", "exclusiveMinimum", "minContains"))
_NAMED = frozenset(("$defs", "dependentSchemas", "patternProperties", "properties"))
_INSIDE = frozenset(("additionalProperties", "contains", "else", "items", "propertyNames", "then"))
_LISTS = frozenset(("allOf", "prefixItems"))
_SHOWN = frozenset(("columns", "plural", "title"))
# What refuses all that nothing beside it, or in it, names; whatever is new there may let something in.
_CLOSING = ("additionalProperties", "unevaluatedProperties", "unevaluatedItems")
# What asks for more wherever it is new.
_ASKING = frozenset(
    (
        *("$anchor", "$defs", "const", "dependentRequired", "enum", "format", "multipleOf", "not", "pattern"),
        *("propertyNames", "required", "type", "uniqueItems", "x-environment", "x-ref", *_LESS, *_MORE),
    )
)
_VALUES = frozenset(("additionalProperties", "items", "unevaluatedItems", "unevaluatedProperties"))
_BRANCHES = frozenset(("allOf", "anyOf", "oneOf"))
_SAME = frozenset(("else", "if", "then"))  # about the very value that the schema around them is about
_KNOWN = _VALUES | _BRANCHES | _SAME | _NAMED | {"$ref", "contains", "prefixItems"}
_OPENS = "is new, and may allow more"
_DEEPEST = 60
Step = tuple[str, str]


def loosened(before: Any, after: Any, place: str = "", depth: int = 0, rest: Any = False) -> Iterator[Step]:
    """(place, words) of each constraint that is gone or cannot be told to be as strict as before.

    `rest` is the schema around it for what nothing names: None where all is let in, False where nothing is, or where
    that cannot be told.
    """
    if before == after:
        return
    before = {} if before is True else before
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        if before != {} and after is not False:
            yield place, "allows more" if before is False or after in (True, {}) else "is changed"
        return
    if depth > _DEEPEST:
        yield place, "is changed"
        return
    rest = _rest(before, rest)
    for keyword in sorted({*before, *after} - _SAID):
        here = f"{place}.{keyword}" if place else keyword
        if keyword in before:
            yield from _keyword(keyword, before, after.get(keyword), here, depth, rest)
        else:
            yield from _new(keyword, before, after[keyword], here, depth, rest)


def _rest(schema: Mapping[str, Any], around: Any) -> Any:
    """What a schema asks of all that nothing names; one that asks something stands for one that refuses."""
    closing = [schema[name] for name in _CLOSING if schema.get(name, True) not in (True, {})]
    return next((one for one in closing if one is not False), False) if closing else around


def _keyword(keyword: str, before: Mapping[str, Any], now: Any, place: str, depth: int, rest: Any) -> Iterator[Step]:
    was = before[keyword]
    if was == now:
        return
    if keyword in _NAMED and isinstance(was, Mapping):
        yield from _named(keyword, was, now if isinstance(now, Mapping) else {}, place, depth, rest)
    elif keyword == "x-registry" and isinstance(was, Mapping) and isinstance(now, Mapping):
        for name in sorted({*was, *now} - _SHOWN):
            if was.get(name) != now.get(name):
                yield f"{place}.{name}", "is changed"
    elif now is None:
        yield place, "is removed"
    elif keyword in _INSIDE:
        yield from loosened(was, now, place, depth + 1, rest if keyword in _SAME else None)
    elif keyword in _LISTS and isinstance(was, list) and isinstance(now, list) and len(now) >= len(was):
        own = rest if keyword == "allOf" else None
        for number, (one, other) in enumerate(zip(was, now, strict=False)):
            yield from loosened(one, other, f"{place}[{number}]", depth + 1, own)
        if len(now) > len(was):
            yield from _new(keyword, before, now[len(was) :], place, depth, rest, len(was))
    elif not _is_stricter(keyword, was, now):
        yield place, f"from {_short(was)} to {_short(now)}"


def _named(
    keyword: str, was: Mapping[str, Any], now: Mapping[str, Any], place: str, depth: int, rest: Any
) -> Iterator[Step]:
    """A field that is gone is refused where a schema is closed; a part that is gone is used no more."""
    own = {"$defs": False, "dependentSchemas": rest}.get(keyword)
    for name in sorted(was):
        if name in now:
            yield from loosened(was[name], now[name], f"{place}.{name}", depth + 1, own)
        elif keyword != "$defs":
            yield f"{place}.{name}", "is removed"
    added = {name: now[name] for name in now if name not in was}
    yield from _new(keyword, {}, added, place, depth, rest)


def _new(
    keyword: str, before: Mapping[str, Any], now: Any, place: str, depth: int, rest: Any, first: int = 0
) -> Iterator[Step]:
    """What lets in more though it is added: to what is closed, or before something that asked of all the others.

    A field that is named anew is no weakening, as long as it asks what was asked of fields without a name.
    """
    if keyword in ("dependentSchemas", "patternProperties", "properties") and isinstance(now, Mapping):
        for name in sorted(now):
            if keyword == "properties" and isinstance(rest, Mapping):
                yield from loosened(rest, now[name], f"{place}.{name}", depth + 1, None)
            elif _is_open(keyword, {name: now[name]}, rest):
                yield f"{place}.{name}", _OPENS
    elif keyword in ("allOf", "prefixItems") and isinstance(now, list):
        others = before.get("items", True)
        for number, one in enumerate(now, first):
            if keyword == "prefixItems" and others not in (True, {}):
                yield from loosened(others, one, f"{place}[{number}]", depth + 1, None)
            elif _is_open(keyword, [one], rest):
                yield f"{place}[{number}]", _OPENS
    elif _is_open(keyword, now, rest) or (keyword == "minContains" and now == 0 and "contains" in before):
        yield place, _OPENS


def _is_open(keyword: str, value: Any, rest: Any, depth: int = 0) -> bool:
    """Whether a keyword that is new lets in, by naming it, what was refused; also where that cannot be told."""
    if keyword in _ASKING or keyword in _SAID:
        return False
    if rest is None:
        return keyword not in _KNOWN
    if keyword in _VALUES:
        return value is not False
    if keyword in _SAME:
        return _lets_in(value, rest, depth)
    if keyword == "properties":
        return rest is not False
    if keyword == "patternProperties" and isinstance(value, Mapping):
        return any(one is not False for one in value.values())
    if keyword in _BRANCHES and isinstance(value, list):
        return any(_lets_in(one, rest, depth) for one in value)
    if keyword == "dependentSchemas" and isinstance(value, Mapping):
        return any(_lets_in(one, rest, depth) for one in value.values())
    return True


def _lets_in(schema: Any, rest: Any, depth: int) -> bool:
    if isinstance(schema, bool):
        return False  # true asks nothing and names nothing
    if not isinstance(schema, Mapping) or depth > _DEEPEST:
        return True
    return any(_is_open(keyword, value, rest, depth + 1) for keyword, value in schema.items())


def _is_stricter(keyword: str, was: Any, now: Any) -> bool:
    """Whether the second value of a keyword allows nothing that the first did not."""
    if keyword in _LESS | _MORE:
        are_numbers = all(isinstance(side, int | float) and not isinstance(side, bool) for side in (was, now))
        return are_numbers and (now <= was if keyword in _LESS else now >= was)
    if keyword in ("enum", "type"):
        return all(word in _list(was) for word in _list(now))
    if keyword == "required":
        return all(word in _list(now) for word in _list(was))
    return keyword == "uniqueItems" and was is False


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _short(value: Any) -> str:
    text = shown(", ".join(map(str, value)) if isinstance(value, list) else str(value))
    return text if len(text) <= 60 else f"{text[:59]}…"

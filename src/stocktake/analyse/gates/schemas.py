"""Compare two schemas: what the second no longer asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stocktake.values.text import shown

# What a schema says to people and editors; all else constrains, also what we do not know.
_SAID = frozenset(
    (
        *("$anchor", "$comment", "$id", "$schema", "default", "defaultSnippets", "deprecated", "description"),
        *("enumDescriptions", "errorMessage", "examples", "markdownDescription", "title", "x-elsewhere"),
    )
)
_LESS = frozenset(("maxItems", "maxLength", "maxProperties", "maximum", "exclusiveMaximum", "maxContains"))
_MORE = frozenset(("minItems", "minLength", "minProperties", "minimum", "exclusiveMinimum", "minContains"))
_NAMED = frozenset(("$defs", "dependentSchemas", "patternProperties", "properties"))
_INSIDE = frozenset(("additionalProperties", "contains", "else", "items", "propertyNames", "then"))
_LISTS = frozenset(("allOf", "prefixItems"))
_SHOWN = frozenset(("columns", "plural", "title"))
_DEEPEST = 60
Step = tuple[str, str]


def loosened(before: Any, after: Any, place: str = "", depth: int = 0) -> Iterator[Step]:
    """(place, words) of each constraint that is gone or cannot be told to be as strict as before."""
    if before == after:
        return
    if before is False or after is True or not isinstance(before, Mapping) or not isinstance(after, Mapping):
        if before is not True and before != {} and after is not False:
            yield place, "allows more" if before is False or after in (True, {}) else "is changed"
        return
    if depth > _DEEPEST:
        yield place, "is changed"
        return
    for keyword in sorted(before):
        if keyword not in _SAID:
            here = f"{place}.{keyword}" if place else keyword
            yield from _keyword(keyword, before[keyword], after.get(keyword), here, depth)


def _keyword(keyword: str, was: Any, now: Any, place: str, depth: int) -> Iterator[Step]:
    if was == now:
        return
    if keyword in _NAMED and isinstance(was, Mapping):
        yield from _named(was, now if isinstance(now, Mapping) else {}, place, depth, keyword == "$defs")
    elif keyword == "x-registry" and isinstance(was, Mapping) and isinstance(now, Mapping):
        for name in sorted({*was, *now} - _SHOWN):
            if was.get(name) != now.get(name):
                yield f"{place}.{name}", "is changed"
    elif now is None:
        yield place, "is removed"
    elif keyword in _INSIDE:
        yield from loosened(was, now, place, depth + 1)
    elif keyword in _LISTS and isinstance(was, list) and isinstance(now, list) and len(now) >= len(was):
        for number, (one, other) in enumerate(zip(was, now, strict=False)):
            yield from loosened(one, other, f"{place}[{number}]", depth + 1)
    elif not _is_stricter(keyword, was, now):
        yield place, f"from {_short(was)} to {_short(now)}"


def _named(was: Mapping[str, Any], now: Mapping[str, Any], place: str, depth: int, parts: bool) -> Iterator[Step]:
    """A field that is gone is refused where a schema is closed; a part that is gone is used no more."""
    for name in sorted(was):
        if name in now:
            yield from loosened(was[name], now[name], f"{place}.{name}", depth + 1)
        elif not parts:
            yield f"{place}.{name}", "is removed"


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

"""What a look at a live store saw, entry by entry, and why something could not be seen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from stocktake.model.rule import Unknown
from stocktake.model.sheet import Sheet
from stocktake.values.name import decode_key, pattern

Entry = Mapping[str, Any]

_REFUSALS = (("not_visible", "is not visible"), ("not_read", "was not read"))


def entries(sheet: Sheet, mapping: str) -> list[tuple[str, Entry]]:
    """What was freshly seen of each entry of a mapping, such as `access.principals`, by key; facts by the rest of
    their name.
    """
    return sorted(_grouped(sheet).get(mapping, {}).items())


def setting(sheet: Sheet, name: str) -> str | None:
    """The freshly seen value of a setting, in the engine's words."""
    value = _grouped(sheet).get("settings", {}).get(name, {}).get("value")
    return None if value is None else str(value)


def is_seen(sheet: Sheet, name: str) -> bool:
    """Whether a fact was freshly seen; with `[]` in its name, of any key."""
    start, found, rest = name.partition("[]")
    if not found:
        seen = sheet.observed(name)
        return seen is not None and seen.fresh
    known = _grouped(sheet).get(start, {})
    return any(rest.removeprefix(".") in facts for facts in known.values()) if rest else bool(known)


def refusal(sheet: Sheet, name: str) -> str:
    """Why a fact could not be seen, in words; empty where the look was not refused."""
    for kind, words in _REFUSALS:
        for group, facts in entries(sheet, kind):
            if _covers(group, name):
                return f"{name} {words}: {facts.get('reason', 'nobody said why')}"
    return ""


def doubts(sheet: Sheet, *names: str) -> Iterator[Unknown]:
    """One unknown answer where any of these could not be seen, or not all of it; for rules that pass on nothing."""
    reasons = dict.fromkeys(filter(None, (refusal(sheet, name) for name in names)))
    if reasons:
        yield Unknown(", and ".join(reasons), field=names[0].partition("[")[0])


def _covers(group: str, name: str) -> bool:
    """Whether a refused group, such as `access.hba` or `access.principals[].password`, holds a fact."""
    return any(one == group or one.startswith((f"{group}.", f"{group}[")) for one in (name, pattern(name)))


@lru_cache(maxsize=2)
def _grouped(sheet: Sheet) -> Mapping[str, Mapping[str, Entry]]:
    """Fresh facts of mappings: by mapping, key, and the rest of the name. Rules ask about one sheet in a row, and a
    server may have 100,000 facts.
    """
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for name, fact in sheet.seen.items():
        if fact.fresh and "[" in name:
            mapping, _, inner = name.partition("[")
            key, _, rest = inner.partition("]")
            key = decode_key(key) if "%" in key else key
            found.setdefault(mapping, {}).setdefault(key, {})[rest.removeprefix(".")] = fact.value
    return found

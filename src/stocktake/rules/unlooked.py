"""Live stores at which nobody looked, or not lately: one unknown answer for all the questions of their engine."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from stocktake.model.rule import Context, Rule
from stocktake.model.sheet import Sheet

_REFUSED = ("not_read", "not_visible")
NEVER = "was never looked at while it runs"

Marks = frozenset[str]


def marks(rules: Iterable[Rule]) -> dict[str, Marks]:
    """By the id of each rule about a live engine: the facts of which at least one was seen if anybody looked.

    A fact with a plain name, such as `version`, is told by other sources too: a rule that wants one is not here.
    """
    seeing = [rule for rule in rules if len(rule.family) == 2 and rule.sees and all(map(_mark, rule.sees))]
    families: dict[str, set[str]] = {}
    for rule in seeing:
        families.setdefault(rule.family, {*_REFUSED}).update(map(_mark, rule.sees))
    frozen = {family: frozenset(found) for family, found in families.items()}
    return {rule.id: frozen[rule.family] for rule in seeing}


def _mark(name: str) -> str:
    start, bracket, _ = name.partition("[")
    return start if bracket or "." in name else ""


def unlooked(sheet: Sheet, wanted: Marks, context: Context) -> str:
    """Why nothing is known of a store from a look at it; empty where somebody looked lately."""
    if not sheet.seen:
        return NEVER
    fresh, day = _last(sheet, wanted)
    if fresh:
        return ""
    if day is None:
        return NEVER
    if day > context.today:
        return f"was looked at on {day}, a day that is still to come"
    return f"was last looked at on {day}, longer ago than {context.limits.get('freshness', 'P30D')}"


@lru_cache(maxsize=4)
def _last(sheet: Sheet, wanted: Marks) -> tuple[bool, date | None]:
    """Whether something was freshly seen, and the day of the last look; rules ask about one sheet in a row."""
    day = None
    for name, fact in sheet.seen.items():
        if name.partition("[")[0] in wanted:
            if fresh := fact.fresh:
                return fresh, fact.day
            day = max(filter(None, (day, fact.day)), default=None)
    return False, day

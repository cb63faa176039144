"""What a change accepts: drift that becomes what is meant, and waivers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from stocktake.analyse.gates.facts import said
from stocktake.model.audit import Drift
from stocktake.model.comparison import CHANGED, Accepted, Touched, Waiving
from stocktake.model.weakening import Facts, Pair

# Which differences a baseline expects is told as any other fact of it.
_OF_ITSELF = ("asset", "environment", "formerly")


def accepted(records: Iterable[Touched], before: Iterable[Drift], after: Iterable[Drift]) -> Iterator[Accepted]:
    """What was seen to differ and is declared like that now, then what baselines say otherwise; by address."""
    every = list(records)
    left = {_key(one) for one in after}
    changed = {(one.former or one.address, fact.environment, fact.field) for one in every for fact in one.changes}
    now = {one.former or one.address: one.address for one in every}
    for one in sorted(before, key=_key):
        where = _key(one)
        is_said = where in changed or (one.address, "", one.name) in changed
        if is_said and where not in left:
            yield Accepted(now[one.address], one.name, said(one.declared), said(one.observed), one.environment or "")
    for record in every:
        if record.kind == "baseline" and record.how == CHANGED:
            for fact in record.changes:
                if fact.field not in _OF_ITSELF:
                    yield Accepted(record.address, fact.field, fact.before, fact.after)


def _key(one: Drift) -> tuple[str, str, str]:
    return one.address, one.environment or "", one.name


def waivings(pairs: Iterable[Pair], present: Callable[[str], str]) -> Iterator[Waiving]:
    """The waivers that are new, end at another day, accept something else or are gone; `present` is the address that a
    record has now.
    """
    for pair in pairs:
        if pair.kind == "waiver":
            was, now = pair.before or {}, pair.after or {}
            about = _about(now or was)
            yield Waiving(
                present(pair.address),
                _how(pair, was, now),
                about,
                _text(was, "expires"),
                _text(now, "expires"),
                _text(now or was, "reason"),
            )


def _how(pair: Pair, was: Facts, now: Facts) -> str:
    if pair.before is None:
        return "added"
    if pair.after is None:
        return "removed"
    ends, end = _text(was, "expires"), _text(now, "expires")
    return "changed" if ends == end or _about(was) != _about(now) else "extended" if end > ends else "shortened"


def _about(facts: Facts) -> str:
    """What it accepts: a finding, or a rule wherever it is selected."""
    if "target" in facts:
        return _text(facts, "target")
    selected = ", ".join(
        f"{name.partition('.')[2] or name} {said(value)}"
        for name, value in sorted(facts.items())
        if name.startswith("selector")
    )
    return " where ".join(part for part in (_text(facts, "rule"), selected) if part)


def _text(facts: Facts, name: str) -> str:
    value: Any = facts.get(name)
    return "" if value is None else str(value)

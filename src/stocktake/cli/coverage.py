"""What `check --coverage` says: how much is known, and how much of that could turn out to be wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from string import digits
from typing import Any

from stocktake.cli import console
from stocktake.errors import UsageError
from stocktake.load.files import Tree
from stocktake.model.coverage import FACT_STATES, STALE, UNKNOWN, WITHIN, Coverage, Expiry, Known, Part
from stocktake.values.text import listed, shown

_FORMATS = ("text", "json")
_WORDS = {state: state.replace("-", " ") for state in FACT_STATES}
_MOST_FACTS, _MOST_NAMES = 20, 4


def show(tree: Tree, files: Collection[str], form: str, today: str | None, **others: Any) -> int:
    """Print the coverage of a whole registry; it judges nothing, so the exit code speaks of the input only."""
    from stocktake.cli.today import day
    from stocktake.pipeline.coverage import as_data, coverage, judged

    if form not in _FORMATS:
        raise UsageError(f"--coverage knows no format {form}", f"Use one of {', '.join(_FORMATS)}.")
    if surplus := [f"--{name.replace('_', '-')}" for name, value in others.items() if value]:
        raise UsageError(f"--coverage judges nothing: {surplus[0]} means nothing beside it", f"Leave {surplus[0]} out.")
    if files:
        raise UsageError("The coverage is that of a whole registry", "Leave --coverage out, or FILES.")
    audit, bugs = judged(tree, day(today))
    for bug in bugs:
        console.trace(bug)
    found = coverage(audit)
    if form == "json":
        console.data(as_data(found))
    else:
        console.lines(_lines(found))
    return 3 if bugs else 0


def _lines(found: Coverage) -> Iterator[str]:
    yield f"Coverage as at {found.today}"
    yield ""
    yield from _parts(found.parts)
    yield ""
    yield from _rules(found.parts[0])
    yield ""
    yield "Facts of each record:"
    yield from (f"  {_record(record)}" for record in found.records)
    yield ""
    yield from _unrefuted(found)
    yield ""
    yield from _expiries("Overdue", found.overdue)
    for first, last in zip((0, *(day + 1 for day in WITHIN)), WITHIN, strict=False):
        yield from _expiries(f"Runs out in {first} to {last} days", found.between(first, last))


def _parts(parts: Iterable[Part]) -> Iterator[str]:
    heads = ("", "records", "questions", "answered", *_WORDS.values())
    rows = [
        (part_name(part), *map(str, (part.records, part.asked, part.answered, *part.facts.values()))) for part in parts
    ]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    for row in (heads, *rows):
        first, *rest = zip(row, widths, strict=True)
        yield "  ".join((first[0].ljust(first[1]), *(text.rjust(width) for text, width in rest)))


def part_name(part: Part) -> str:
    """What a part is called."""
    return f"{part.what} {shown(part.id)}" if part.id else "estate" if part.what == "estate" else f"no {part.what}"


def _rules(whole: Part) -> Iterator[str]:
    partly = [rule for rule in whole.rules if rule.answered < rule.asked]
    yield f"{len(whole.rules) - len(partly)} of {len(whole.rules)} rules were answered wherever they were asked."
    for (_, asked, answered), alike in groupby(partly, lambda one: (one.rule.rstrip(digits), one.asked, one.answered)):
        ids = [one.rule for one in alike]
        names = f"{ids[0]} and {len(ids) - 1} more up to {ids[-1]}" if len(ids) > _MOST_NAMES else listed(ids)
        yield f"  {names}: {'each ' if len(ids) > 1 else ''}asked of {asked}, answered by {answered}"


def _record(record: Known) -> str:
    where = f" ({shown(record.environment)})" if record.environment else ""
    counts = [f"{record.count(state)} {word}" for state, word in _WORDS.items() if record.count(state)]
    since = f" (since {record.stale_since})" if record.count(STALE) and record.stale_since else ""
    days = {"seen last": record.seen_last, "written": record.written}
    when = "".join(f"; {word} on {day}" for word, day in days.items() if day)
    unknown = record.names(UNKNOWN)
    names = ", ".join(map(shown, unknown[:_MOST_NAMES]))
    more = f" and {len(unknown) - _MOST_NAMES} more" if len(unknown) > _MOST_NAMES else ""
    missing = f": {names}{more}" if unknown else ""
    return f"{shown(record.address)}{where}: {', '.join(counts) or 'none'}{since}{missing}{when}"


def _unrefuted(found: Coverage) -> Iterator[str]:
    facts = found.unrefuted()
    yield f"Declared only, since no machine that looks here could refute it: {len(facts)} kinds of facts"
    yield from (f"  {kind} {shown(name)}: {count}" for kind, name, count in facts[:_MOST_FACTS])
    if len(facts) > _MOST_FACTS:
        yield f"  and {len(facts) - _MOST_FACTS} more; --output-format json lists all"


def _expiries(title: str, expiries: list[Expiry]) -> Iterator[str]:
    yield f"{title}: {len(expiries)}"
    for one in expiries:
        where = f" ({shown(one.environment)})" if one.environment else ""
        yield f"  {one.day} {shown(one.address)}{where} {shown(one.name)}"

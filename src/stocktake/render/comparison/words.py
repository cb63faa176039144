"""The sentences of a comparison, plain text that whoever shows it escapes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stocktake.model.comparison import Accepted, Change, Comparison, Conflict, Touched, Waiving
from stocktake.render.verdict import total
from stocktake.values.text import shown

# What may have become of a record, in the order in which it is told.
ORDER = ("added", "changed", "renamed", "retired", "removed")


def headline(found: Comparison) -> str:
    """The verdict and the counts: `refused: 1 added, 2 changed; 1 new finding that counts`."""
    verdict = "refused" if found.is_refused else "nothing stands against it"
    records = [f"{count} {how}" for how in ORDER if (count := sum(one.how == how for one in found.records))]
    parts = [", ".join(records) or "no record differs"]
    if found.counting:
        parts.append(
            _counted(len(found.counting), "new finding")
            + (" that count" if len(found.counting) > 1 else " that counts")
        )
    if found.ballot.verdicts or found.edits:
        parts.append(total(found.ballot, found.edits).rstrip(".").lower())
    return f"{verdict}: {'; '.join(parts)}"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count != 1)}"


def touched(one: Touched) -> str:
    """What became of a record, in one line."""
    name = "" if one.name == one.address.partition("/")[2] else f" ({shown(one.name)})"
    former = f", formerly {one.former}" if one.former else ""
    return f"{one.address}{name}{former}"


def change(one: Change) -> str:
    """`backup.rpo: 15 minutes -> 1 hour, weaker`."""
    where = f" in {shown(one.environment)}" if one.environment else ""
    weaker = f", weaker ({', '.join(one.gates)})" if one.gates else ""
    return f"{shown(one.field)}{where}: {one.before or 'nothing'} -> {one.after or 'nothing'}{weaker}"


def conflict(one: Conflict) -> str:
    """Who promises what, and why that cannot be kept."""
    where = f" in {shown(one.environment)}" if one.environment else ""
    promises = f"{one.address} promises {one.fact} {one.promised}{where}"
    return f"{promises}, and needs {one.provider}, which promises {one.provided}"


def accepted(one: Accepted) -> str:
    """`asset/orders-db version in production: 17.2 -> 18.1`."""
    where = f" in {shown(one.environment)}" if one.environment else ""
    step = f"{shown(one.meant) or 'nothing'} -> {shown(one.accepted) or 'nothing'}"
    return f"{one.address} {shown(one.field)}{where}: {step}"


def waiver(one: Waiving) -> str:
    """What became of a waiver, what it accepts and until when."""
    about = f" accepts {shown(one.accepts)}" if one.accepts else ""
    ends = [day for day in (one.until, one.until_now) if day]
    until = f" until {shown(ends[-1])}" if ends else ""
    before = f" instead of {shown(one.until)}" if one.until and one.until_now and one.until != one.until_now else ""
    return f"{one.how}: {one.address}{about}{until}{before} ({shown(one.reason)})"


def as_of(found: Comparison) -> str:
    """Which revisions were compared, and how."""
    return f"{found.base[:12]}..{found.head[:12]} as at {found.today}, findings from {found.fail_on} up count"


def limited(lines: Iterable[str], most: int, what: str) -> Iterator[str]:
    """At most so many lines, and how many more there are."""
    every = list(lines)
    yield from every[:most]
    if len(every) > most:
        yield f"and {len(every) - most} more {what}"

"""Check that what stands in order is in order: steps of a flow that join, moments that do not run back, heirs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from stocktake.errors import Problem
from stocktake.load.files import told
from stocktake.model.record import Record
from stocktake.values.name import join
from stocktake.values.text import shown

if TYPE_CHECKING:
    from stocktake.load.strict import Document

Path = tuple[str | int, ...]
Wrong = tuple[Path, str, str]
Data = Mapping[str, Any]
Read = Callable[[str], Data]


def problems(record: Record, read: Read, place: Callable[[], Document]) -> list[Problem]:
    """What runs the wrong way in one record; `read` gives the data at an address, nothing where there is none."""
    if record.kind not in KINDS:
        return []
    found = []
    for path, message, hint in KINDS[record.kind](record, read):
        found.append(Problem(record.path, *place().place(path), _name(path), message, hint))
    return told(found)


def _adr(record: Record, read: Read) -> Iterator[Wrong]:
    """A decision in the place of one that, in the end, takes the place of itself."""
    data = record.data
    passed: list[str] = []
    while isinstance(older := data.get("supersedes"), str):
        if older in passed:
            circle = ", ".join(map(shown, [*passed[passed.index(older) :], older]))
            yield ("supersedes",), f"leads in a circle ({circle})", "Leave it out of the oldest of them."
            return
        passed.append(older)
        data = read(f"adr/{older}")


def _asset(record: Record, read: Read) -> Iterator[Wrong]:
    """A store that is backed up into itself, and what a retirement says."""
    yield from _replaced(record, read)
    for path, data in _places(record.data):
        plans = backup.get("plans") if isinstance(backup := data.get("backup"), Mapping) else None
        for key, plan in plans.items() if isinstance(plans, Mapping) else ():
            if isinstance(plan, Mapping) and plan.get("target") == record.id:
                message = f'"{shown(record.id)}" is what is backed up'
                yield (*path, "backup", "plans", key, "target"), message, "Name another store: both are lost at once."


def _places(data: Data) -> Iterator[tuple[Path, Data]]:
    """What an asset says, and what it says for each environment."""
    yield (), data
    instances = data.get("instances")
    for environment, here in instances.items() if isinstance(instances, Mapping) else ():
        if isinstance(here, Mapping):
            yield ("instances", environment), here


def _replaced(record: Record, read: Read) -> Iterator[Wrong]:
    """Something that, in the end, takes its own place."""
    passed = [record.address]
    while isinstance(heir := _heir(read(passed[-1]) if passed[1:] else record.data), str):
        if heir in passed:
            if heir == record.address:
                circle = ", ".join(map(shown, [*passed, heir]))
                yield ("retirement", "replaced_by"), f"leads in a circle ({circle})", "Name what is in use now."
            return
        passed.append(heir)


def _heir(data: Data) -> Any:
    retirement = data.get("retirement")
    return retirement.get("replaced_by") if isinstance(retirement, Mapping) else None


def _finding(record: Record, read: Read) -> Iterator[Wrong]:
    """A finding about something else than its identity."""
    found = _SUBJECT.match(str(record.data.get("identity") or ""))
    about = record.data.get("about")
    if found and isinstance(about, str) and about != found[1] and read(found[1]):
        hint = f"Write {shown(found[1])}, or leave the identity out."
        yield ("about",), f'"{shown(about)}" is not what the identity is about', hint


def _flow(record: Record, read: Read) -> Iterator[Wrong]:
    """Steps of which no end is an end of the step before; a step that names nothing is told elsewhere."""
    data = record.data
    named = [str(step.get("dependency")) for step in _mappings(data.get("steps"))]
    ends = [_ends(read(f"dependency/{name}")) for name in named]
    for number, (before, after) in enumerate(pairwise(ends), start=1):
        if before and after and not {*before} & {*after}:
            message = (
                f'"{shown(named[number])}" ({" to ".join(map(shown, after))}) does not join the step before, '
                f'"{shown(named[number - 1])}" ({" to ".join(map(shown, before))})'
            )
            hint = f"Name a dependency of {shown(before[0])} or {shown(before[1])}, or the step that is missing."
            yield ("steps", number, "dependency"), message, hint


def _incident(record: Record, _: Read) -> Iterator[Wrong]:
    """Entries of the timeline that are earlier than the one before, and ends that are earlier than the start."""
    data = record.data
    moments = [entry.get("at") for entry in _mappings(data.get("timeline"))]
    for number, (before, after) in enumerate(pairwise(moments), start=1):
        if _earlier(after, before):
            message = f"{shown(str(after))} is earlier than the entry before ({shown(str(before))})"
            yield ("timeline", number, "at"), message, "A timeline is in order."
    started = data.get("started")
    for field in ("detected", "resolved"):
        if _earlier(data.get(field), started):
            yield (field,), f"{shown(data[field])} is earlier than `started` ({shown(str(started))})", ""


def _review(record: Record, _: Read) -> Iterator[Wrong]:
    """A period that ends before it begins."""
    data = record.data
    first, *last = str(data.get("period") or "").split("/")
    if last and last[0] < first:
        yield ("period",), f"{shown(last[0])} is earlier than {shown(first)}", "Write the first day before the last."


def _name(path: Path) -> str:
    """The name of the fact at a path; users choose the names of plans and instances."""
    name = ""
    for number, part in enumerate(path):
        is_chosen = number > 0 and path[number - 1] in ("instances", "plans")
        name = f"{name}[{part}]" if isinstance(part, int) else join(name, part, is_chosen)
    return shown(name)


def _mappings(value: Any) -> list[Data]:
    """The steps of a list, in their order; something of another form, which the schema refuses, as an empty one."""
    return [step if isinstance(step, Mapping) else {} for step in value] if isinstance(value, list) else []


def _ends(data: Data) -> tuple[str, ...]:
    ends = (data.get("from"), data.get("to"))
    return tuple(str(end) for end in ends) if all(isinstance(end, str) for end in ends) else ()


def _earlier(moment: Any, other: Any) -> bool:
    """Whether a moment comes before another; one to the minute may be any second of it."""
    if not (isinstance(moment, str) and isinstance(other, str)):
        return False
    exact = min(len(moment), len(other)) - len("Z")
    return moment[:exact] < other[:exact]


_SUBJECT = re.compile(r"[A-Z]+[0-9]+@([a-z][a-z0-9-]*/[a-z0-9][a-z0-9-]*)")
KINDS: Mapping[str, Callable[[Record, Read], Iterator[Wrong]]] = {
    "adr": _adr,
    "asset": _asset,
    "finding": _finding,
    "flow": _flow,
    "incident": _incident,
    "review": _review,
    "system": _replaced,
    "team": _replaced,
}

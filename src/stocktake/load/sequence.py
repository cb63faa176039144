"""Check that what stands in order is in order: steps of a flow that join, moments that do not run back, decisions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from stocktake.errors import Problem
from stocktake.load.files import told
from stocktake.model.record import Record
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
    for path, message, hint in KINDS[record.kind](record.data, read):
        name = f"{path[0]}[{path[1]}].{path[2]}" if len(path) == 3 else str(path[0])
        found.append(Problem(record.path, *place().place(path), name, message, hint))
    return told(found)


def _adr(data: Data, read: Read) -> Iterator[Wrong]:
    """A decision in the place of one that, in the end, takes the place of itself."""
    passed: list[str] = []
    while isinstance(older := data.get("supersedes"), str):
        if older in passed:
            circle = ", ".join(map(shown, [*passed[passed.index(older) :], older]))
            yield ("supersedes",), f"leads in a circle ({circle})", "Leave it out of the oldest of them."
            return
        passed.append(older)
        data = read(f"adr/{older}")


def _flow(data: Data, read: Read) -> Iterator[Wrong]:
    """Steps of which no end is an end of the step before; a step that names nothing is told elsewhere."""
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


def _incident(data: Data, _: Read) -> Iterator[Wrong]:
    """Entries of the timeline that are earlier than the one before, and ends that are earlier than the start."""
    moments = [entry.get("at") for entry in _mappings(data.get("timeline"))]
    for number, (before, after) in enumerate(pairwise(moments), start=1):
        if _earlier(after, before):
            message = f"{shown(str(after))} is earlier than the entry before ({shown(str(before))})"
            yield ("timeline", number, "at"), message, "A timeline is in order."
    started = data.get("started")
    for field in ("detected", "resolved"):
        if _earlier(data.get(field), started):
            yield (field,), f"{shown(data[field])} is earlier than `started` ({shown(str(started))})", ""


def _review(data: Data, _: Read) -> Iterator[Wrong]:
    """A period that ends before it begins."""
    first, *last = str(data.get("period") or "").split("/")
    if last and last[0] < first:
        yield ("period",), f"{shown(last[0])} is earlier than {shown(first)}", "Write the first day before the last."


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


KINDS: Mapping[str, Callable[[Data, Read], Iterator[Wrong]]] = {
    "adr": _adr,
    "flow": _flow,
    "incident": _incident,
    "review": _review,
}

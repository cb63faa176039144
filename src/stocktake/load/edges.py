"""Check that a dependency leads from one thing to another, and stands in one file only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from stocktake.errors import Problem
from stocktake.model.gist import gist_of
from stocktake.model.record import Record
from stocktake.values.text import shown

if TYPE_CHECKING:
    from stocktake.load.strict import Document

KIND = "dependency"
_FROM = rb"""\bfrom["']?[ ]*:[ ]*["']?([a-z0-9-]+)"""

Ends = tuple[str, str, str]


def ends(data: Mapping[str, Any]) -> Ends | None:
    """What a dependency is told by: its two ends and its type; None where one is missing, or it is retired."""
    if data.get("lifecycle") == "retired":
        return None
    found = data.get("from"), data.get("to"), data.get("type")
    return found if all(isinstance(part, str) for part in found) else None  # type: ignore[return-value]


def first_paths(records: Iterable[Record]) -> dict[Ends, str]:
    """The file that comes first of those that hold the same dependency."""
    found: dict[Ends, str] = {}
    for record in records:
        if record.kind == KIND and (key := gist.ends if (gist := gist_of(record)) else ends(record.data)):
            found[key] = min(found.get(key, record.path), record.path)
    return found


def named_from(raw: bytes) -> list[str]:
    """What a file may name as `from`, without parsing it: what to parse when another names the same."""
    return [found.decode() for found in re.findall(_FROM, raw)]


def problems(record: Record, first: Callable[[Ends], str], place: Callable[[], Document]) -> list[Problem]:
    """What is wrong with the ends of a dependency; `first` gives the first file that holds the same."""
    if record.kind != KIND or not (key := ends(record.data)):
        return []
    found = []
    if key[0] == key[1]:
        message = f'"{shown(key[1])}" is where the dependency begins, too'
        found.append(Problem(record.path, *place().place(("to",)), "to", message, "Name another thing, or delete it."))
    if (other := first(key)) != record.path:
        message = f"the same dependency ({shown(key[0])} {key[2]} {shown(key[1])}) exists already in {other}"
        found.append(Problem(record.path, *place().place(("type",)), "type", message, "Delete one of the files."))
    return found

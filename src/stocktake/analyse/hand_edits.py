"""What a person changed below `observed/`, where only machines write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from stocktake.model.digest import is_intact
from stocktake.model.estate import Estate
from stocktake.model.looks import expected
from stocktake.model.weakening import HandEdit
from stocktake.values.text import shown

FOLDER = "observed"


def hand_edits(
    before: Estate, after: Estate, lines: Mapping[str, tuple[bytes, bytes | None]], today: date
) -> Iterator[HandEdit]:
    """Every edit that no machine makes. `lines` are the files of measurements and evidence that differ, to which
    machines only ever append: the content before and after, None where a file is gone.
    """
    yield from _removed(before, after)
    was = {seen.source: seen for seen in before.observations}
    for seen in after.observations:
        if not is_intact(seen) and seen != was.get(seen.source):
            yield HandEdit(_file(seen.source), "is not what a machine wrote: its digest is not that of its content")
    for source, day in sorted(after.looked.items()):
        old = before.looked.get(source)
        if day > today:
            yield HandEdit(_looked(), f"says of {shown(source)} that it was looked at on {day}, which is to come")
        elif old is not None and day < old:
            yield HandEdit(_looked(), f"says of {shown(source)} {day}, and said {old} before")
    for path, (old_lines, new_lines) in sorted(lines.items()):
        if new_lines is None:
            yield HandEdit(shown(path), "is removed, and machines only append to it")
        elif not new_lines.startswith(old_lines):
            yield HandEdit(shown(path), "has lines changed or removed, and machines only append to it")


def _removed(before: Estate, after: Estate) -> Iterator[HandEdit]:
    """What was seen, or the day of a look, is gone; a source that nobody looks at any more may be forgotten whole."""
    named = {look.source for look in expected(after)}
    there = {seen.source for seen in after.observations}
    for seen in before.observations:
        if seen.source in named - there:
            yield HandEdit(_file(seen.source), "is removed, and its source is still to be looked at")
    for source in sorted(before.looked.keys() - after.looked.keys()):
        if source in named | there:
            yield HandEdit(_looked(), f"no longer says when {shown(source)} was looked at")


def _file(source: str) -> str:
    return shown(f"{FOLDER}/{source}.json")


def _looked() -> str:
    return f"{FOLDER}/last-looked.json"

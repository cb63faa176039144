"""A comparison as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.comparison import Comparison
from stocktake.render.comparison import words
from stocktake.render.verdict import text_lines
from stocktake.values.text import shown

_MOST = 50


def lines(found: Comparison) -> Iterator[str]:
    """The verdict first, then each section that holds something."""
    yield words.headline(found)
    for title, inner in _sections(found):
        body = list(inner)
        if body:
            yield ""
            yield f"{title}:"
            yield from (f"  {line}" for line in body)
    yield ""
    yield words.as_of(found)


def _sections(found: Comparison) -> Iterator[tuple[str, Iterator[str]]]:
    yield "Must be approved", text_lines(found.ballot, found.edits)
    yield "New findings", words.limited(_findings(found), _MOST, "findings")
    for how in words.ORDER:
        yield how.capitalize(), _records(found, how)
    yield (
        "Gone findings",
        words.limited((f"{one.identity}{_now(one.now)}" for one in found.vanished), _MOST, "findings"),
    )
    yield "Waivers", words.limited(map(words.waiver, found.waivers), _MOST, "waivers")
    yield "Drift accepted", words.limited(map(words.accepted, found.accepted), _MOST, "facts")
    yield "Recovery objectives that cannot be kept", map(words.conflict, found.conflicts)
    yield (
        "Seen and not declared",
        (f"{one.source} {one.type} {one.target} ({shown(one.place)})" for one in found.undeclared),
    )
    yield "Declared and not seen", (f"{one.source} {one.type} {one.target}" for one in found.unseen)
    yield "Judges that differ (those of the base were asked)", map(shown, found.judges)
    stops = (f"{one.address}{f' ({one.criticality})' if one.criticality else ''}" for one in found.reached)
    yield "Stops with what changed", words.limited(stops, _MOST, "assets")
    yield "Whom to ask", iter(found.owners)


def _findings(found: Comparison) -> Iterator[str]:
    for one in found.appeared:
        place = f"{shown(one.path)}:{one.line}: " if one.path and one.line else ""
        yield f"{place}{one.severity} {one.identity}: {shown(one.message)}{'' if one.counts else ' (does not count)'}"


def _records(found: Comparison, how: str) -> Iterator[str]:
    for one in found.records:
        if one.how == how:
            yield words.touched(one)
            yield from (f"  {line}" for line in words.limited(map(words.change, one.changes), _MOST, "facts"))


def _now(state: str) -> str:
    return f" ({state})" if state else ""

"""What access reviews decided about each principal: keep, revoke or change, by whom and on which day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from stocktake.model.record import Record
from stocktake.render.principals import Principal
from stocktake.render.view import View
from stocktake.values.text import percent

KEEP, REVOKE, CHANGE = "keep", "revoke", "change"
_BY_RESULT = {"pass": KEEP, "fail": "revoke or change"}


class Decision(NamedTuple):
    """One decision; `word` is "" where the point was named and nothing decided yet."""

    word: str
    by: str
    day: str
    note: str
    review: str


def identity(one: Principal) -> str:
    """How the point of a review is named that is about one principal: `asset/orders-db/production#reporting`."""
    environment = one.door.sheet.environment
    place = f"/{percent(environment)}" if environment else ""
    return f"{one.door.asset.address}{place}#{percent(one.name)}"


def decisions(view: View) -> Mapping[str, Decision]:
    """The latest decision by the name of its point."""
    found: dict[str, Decision] = {}
    for record in sorted(_reviews(view), key=lambda one: (_day(one), one.id)):
        checklist = record.data.get("checklist")
        for name, point in checklist.items() if isinstance(checklist, dict) else ():
            if isinstance(point, dict):
                word = str(point.get("decision") or _BY_RESULT.get(str(point.get("result")), ""))
                note = str(point.get("note") or "")
                found[str(name)] = Decision(word, _by(record, point), _day(record), note, record.address)
    return found


def _reviews(view: View) -> list[Record]:
    return [
        record
        for record in view.estate.of("review")
        if record.data.get("type") == "access" and record.data.get("state") != "cancelled"
    ]


def _day(record: Record) -> str:
    """The last day of the review."""
    return str(record.data.get("period") or "").rpartition("/")[2]


def _by(record: Record, point: Mapping[str, object]) -> str:
    people = record.data.get("participants")
    return str(point.get("by") or (", ".join(map(str, people)) if isinstance(people, list) else ""))

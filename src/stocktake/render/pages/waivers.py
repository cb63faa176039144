"""Accepted exceptions: what is not counted as a failure, why, by whose word, and until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from stocktake.model.record import Record
from stocktake.render.document import Page, document
from stocktake.render.downloads import offer
from stocktake.render.escape.html import Markup, join
from stocktake.render.paged import paged
from stocktake.render.parts import badge, code, counted, lead, muted
from stocktake.render.prose import line, summary
from stocktake.render.table import Cell, Column
from stocktake.render.view import View

_HERE = "waiver/index.md"
_HEADERS = (
    Column("State", facet=True),
    Column("Waiver"),
    Column("Finding"),
    Column("Reason", wide=True),
    Column("Owner", facet=True),
    Column("Approver"),
    Column("Expires"),
)


def pages(view: View) -> Iterator[Page]:
    """The list of waivers."""
    if "waiver" not in view.estate.kinds:
        return
    kind, records = view.estate.kinds["waiver"], view.estate.of("waiver")
    used = {outcome.waiver for outcome in view.audit.outcomes if outcome.waiver}
    rows = sorted((_row(view, record, used) for record in records), key=lambda row: (str(row[6] or ""), str(row[1])))
    intro = lead(
        "A waiver accepts a finding for a time, or those of one rule where it says. "
        "Once it has expired, they count again. ",
        muted(counted(len(records), "waiver"), f", {len(used)} in use."),
    )
    empty = join(("No exception is accepted. Write one: ", code("stocktake new waiver ID"), "."))
    for path, part in paged(view, _HERE, _HEADERS, rows, kind.plural, empty):
        yield document(path, kind.plural, [intro, offer(view, path, "waiver/waiver."), part], wide=True)


def _row(view: View, record: Record, used: set[str]) -> tuple[object, ...]:
    owner, expires = str(record.data.get("owner", "")), str(record.data.get("expires", ""))
    word, tone = _state(record, expires, used, view.audit.today)
    return (
        Cell(badge(word, tone), word, word),
        view.link(_HERE, record.address),
        _accepted(record),
        line(summary(str(record.data.get("reason", "")))),
        Cell(view.link(_HERE, f"team/{owner}") if owner else None, owner, owner),
        record.data.get("approver"),
        expires,
    )


def _accepted(record: Record) -> Markup:
    """The one finding, or the rule and the conditions under which its findings are accepted."""
    selector = record.data.get("selector")
    if "rule" not in record.data or not isinstance(selector, dict):
        return code(record.data.get("target", ""))
    conditions = (f"{name} {' or '.join(map(str, said))}" for name, said in selector.items() if isinstance(said, list))
    return join((code(record.data["rule"]), muted(f" where {', '.join(conditions)}")))


def _state(record: Record, expires: str, used: set[str], today: date) -> tuple[str, str]:
    if expires and expires < today.isoformat():
        return "expired", "is-fail"
    return ("in force", "is-waived") if record.id in used else ("matches nothing", "is-unknown")

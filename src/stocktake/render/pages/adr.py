"""The decision log: every decision with its state, newest first, and what superseded it."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.record import Record
from stocktake.render.document import Page, document
from stocktake.render.escape.html import Markup, el, join
from stocktake.render.paged import paged
from stocktake.render.parts import badge, code, counted, lead, muted
from stocktake.render.table import Cell, Column
from stocktake.render.view import View

_HERE = "adr/index.md"
_HEADERS = (
    Column("Date"),
    Column("Decision", wide=True),
    Column("Status", facet=True),
    Column("About"),
    Column("Superseded by"),
)
_TONES = {
    "accepted": "is-pass",
    "proposed": "is-unknown",
    "rejected": "is-fail",
    "superseded": "is-waived",
    "deprecated": "is-waived",
}


def pages(view: View) -> Iterator[Page]:
    """The log."""
    if "adr" not in view.estate.kinds:
        return
    kind, records = view.estate.kinds["adr"], view.estate.of("adr")
    newest = sorted(records, key=lambda record: (str(record.data.get("date", "")), record.id), reverse=True)
    rows = [_row(view, record) for record in newest]
    accepted = sum(record.data.get("status") == "accepted" for record in records)
    intro = lead(
        "Why things are as they are. A decision is never rewritten; a later one supersedes it. ",
        muted(counted(len(records), "decision"), f", {accepted} accepted."),
    )
    empty = join(("No decision yet. Write the first one: ", code("stocktake new adr ID"), "."))
    for path, part in paged(view, _HERE, _HEADERS, rows, kind.plural, empty):
        yield document(path, kind.plural, [intro, part], wide=True)


def _row(view: View, record: Record) -> tuple[object, ...]:
    status = str(record.data.get("status", ""))
    about = record.data.get("about")
    names = [str(address) for address in about] if isinstance(about, list) else []
    later = [
        address
        for address, field in view.audit.index.referrers(record.address, "adr")
        if field.startswith("supersedes")
    ]
    return (
        record.data.get("date"),
        join((view.link(_HERE, record.address), el("br"), muted(code(record.id)))),
        Cell(badge(status, _TONES.get(status, "plain")) if status else None, status, status),
        _linked(view, names),
        _linked(view, later),
    )


def _linked(view: View, addresses: list[str]) -> Markup | None:
    return join((view.link(_HERE, address) for address in addresses), ", ") if addresses else None

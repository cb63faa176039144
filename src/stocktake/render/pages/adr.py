"""The decision log: every decision with its state, newest first, and what superseded it."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.record import Record
from stocktake.render.anatomy.adr import later_than
from stocktake.render.document import Heading, Page, document
from stocktake.render.downloads import offer
from stocktake.render.escape.html import Markup, el, join
from stocktake.render.live import day
from stocktake.render.paged import paged
from stocktake.render.parts import badge, code, counted, lead, muted
from stocktake.render.table import Cell, Column
from stocktake.render.tones import word
from stocktake.render.view import View

_HERE = "adr/index.md"
_MONTHS, _SHOWN = 12, 8
_HEADERS = (
    Column("Date"),
    Column("Decision", wide=True),
    Column("Status", facet=True),
    Column("Touches"),
    Column("Superseded by"),
)


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
        first = [intro, *_timeline(view, newest)] if path == _HERE else []
        yield document(path, kind.plural, [*first, offer(view, path, "adr/adr."), part], wide=True)


def _timeline(view: View, newest: list[Record]) -> Iterator[Markup | Heading]:
    """How many decisions each month brought, the last ones by name; the table has all."""
    months: dict[str, list[Record]] = {}
    for record in newest:
        months.setdefault(str(record.data.get("date") or "no date")[:7], []).append(record)
    if not newest:
        return
    items = []
    for month, found in list(months.items())[:_MONTHS]:
        marks = [
            el("li", _mark(record), " ", view.link(_HERE, record.address), _then(view, record))
            for record in found[:_SHOWN]
        ]
        more = el("li", muted(f"and {len(found) - _SHOWN} more")) if len(found) > _SHOWN else None
        items.append(el("li", el("b", month), muted(f" {counted(len(found), 'decision')}"), el("ul", *marks, more)))
    yield Heading("Timeline")
    yield el("ol", *items, class_="st-timeline")
    yield Heading("All decisions")


def _mark(record: Record) -> Markup:
    status = str(record.data.get("status") or "no status")
    return word("status", status) or badge(status)


def _then(view: View, record: Record) -> Markup | None:
    """What came in its place."""
    later = later_than(view, record)
    return muted(" now ", _linked(view, later)) if later else None


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
        day(record.data["date"]) if record.data.get("date") else None,
        join((view.link(_HERE, record.address), el("br"), muted(code(record.id)))),
        Cell(word("status", status), status, status),
        _linked(view, names),
        _linked(view, later),
    )


def _linked(view: View, addresses: list[str]) -> Markup | None:
    return join((view.link(_HERE, address) for address in addresses), ", ") if addresses else None

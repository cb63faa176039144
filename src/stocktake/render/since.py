"""What changed since the last audit: which records, and what was decided, changed, broken and tried since."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from stocktake.model.record import Record
from stocktake.render.document import Heading
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.live import day
from stocktake.render.parts import code, counted, muted, note
from stocktake.render.prose import summary
from stocktake.render.table import Cell, Column, table
from stocktake.render.view import View, href

Blocks = list[Markup | Heading]
_DONE, _AUDIT, _RECENT = "done", "audit", 30
_MOST = 8
# Kinds that say themselves when they happened: by which field, in which words.
_EVENTS = (
    ("change", "done", "Changes carried out"),
    ("incident", "started", "Incidents that began"),
    ("drill", "finished", "Restore drills that ended"),
    ("adr", "date", "Decisions made"),
    ("finding", "opened", "Findings taken up by people"),
    ("review", "period", "Reviews that ended"),
)


class Since(NamedTuple):
    """The day after which a change counts, and the review that ended on it, if there was one."""

    day: str
    review: Record | None


def since(view: View) -> Since:
    """The end of the last audit that is done, else of the last review of any kind, else some weeks ago."""
    done = [record for record in view.estate.of("review") if record.data.get("state") == _DONE and _day(record)]
    audits = [record for record in done if record.data.get("type") == _AUDIT]
    last = max(audits or done, key=lambda record: (_day(record), record.id), default=None)
    if last is not None:
        return Since(_day(last), last)
    return Since((view.audit.today - timedelta(days=_RECENT)).isoformat(), None)


def blocks(view: View, here: str) -> Blocks:
    """The heading with what stands below it."""
    start = since(view)
    is_audit = start.review is not None and start.review.data.get("type") == _AUDIT
    title = "What changed since the last audit" if is_audit else "What changed lately"
    return [
        Heading(title),
        _start(view, here, start, is_audit),
        _events(view, here, start),
        *_records(view, here, start),
    ]


def _day(record: Record) -> str:
    """The last day of a period, if it is one."""
    found = str(record.data.get("period") or "").rpartition("/")[2][:10]
    try:
        return date.fromisoformat(found).isoformat()
    except ValueError:
        return ""


def _start(view: View, here: str, start: Since, is_audit: bool) -> Markup:
    if start.review is None:
        first: tuple[object, ...] = (
            code("stocktake new review"),
            ", and set its ",
            code("state"),
            " to ",
            code(_DONE),
            " when it is.",
        )
        words = f"No audit is recorded as done yet, so the last {_RECENT} days stand here. Record one: "
        return note("info", words, *first)
    link = view.link(here, start.review.address)
    if is_audit:
        return el("p", "Since ", link, f", which ended on {start.day}.", class_="st-muted")
    words = "No audit is recorded as done yet; the last review was "
    how = (" An audit is a review of type ", code(_AUDIT), ", done when its ", code("state"), " says so.")
    return el("p", words, link, f", which ended on {start.day}.", *how, class_="st-muted")


def _events(view: View, here: str, start: Since) -> Markup:
    rows = []
    for kind, field, words in _EVENTS:
        every = view.estate.of(kind)
        found = [record for record in every if _end(record, field) > start.day]
        names = join((view.link(here, record.address) for record in found[:3]), ", ") if found else None
        more = muted(f" and {len(found) - 3} more") if len(found) > 3 else None
        link = anchor(words, href(here, f"{kind}/index.md"))
        rows.append((link, Cell(f"{len(found)} of {len(every)}", len(found)), join((names, more)) if names else None))
    headers = ("What", Column("Since then", number=True), Column("Which", wide=True))
    return table(headers, rows, "What happened since then")


def _end(record: Record, field: str) -> str:
    return str(record.data.get(field) or "").rpartition("/")[2][:10]


def _records(view: View, here: str, start: Since) -> Blocks:
    """The records that changed last, as Git knows it."""
    if not view.audit.commit:
        return [el("p", "Outside of Git: nobody can say which records changed.", class_="st-empty")]
    found = [(change, record) for record in view.estate.records if (change := view.audit.history.get(record.path))]
    changed = [(change, record) for change, record in found if _on(change.time) > start.day]
    changed.sort(key=lambda pair: (-pair[0].time, pair[1].address))
    rows = [
        (
            Cell(day(_on(change.time)), change.time),
            view.link(here, record.address),
            record.kind,
            summary(change.subject, 90),
        )
        for change, record in changed[:_MOST]
    ]
    total = counted(len(view.estate.records), "record")
    told = f"{len(changed):,} of {total} changed since then. "
    feed = anchor("The feed of changes", href(here, "changes.xml"))
    headers = ("When", Column("Record", wide=True), "Kind", Column("Why", wide=True))
    shown = table(headers, rows, "Records that changed last", "No record changed since then.")
    return [el("p", told, feed, " has the last hundred.", class_="st-muted"), shown]


def _on(time: int) -> str:
    return datetime.fromtimestamp(time, UTC).date().isoformat()

"""What happened to records, in words: rows for tables, and in short on the page of a record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from stocktake.model.chronicle import ADDED, RENAMED, Deed, Edit, Touch
from stocktake.model.record import Record
from stocktake.render import rest
from stocktake.render.document import Heading, Page
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.live import day
from stocktake.render.parts import badge, code, muted
from stocktake.render.prose import summary
from stocktake.render.table import Cell, Column, table
from stocktake.render.view import View, href

HISTORY, APPROVALS = "history.md", "approvals.md"
SHOWN = 5  # touches on the page of a record
HEADERS = (
    Column("When"),
    Column("What", facet=True),
    Column("From what to what", wide=True),
    Column("Written by", facet=True),
    "Approved by",
    "Came with",
    Column("Why", wide=True),
)
_HANDS, _NAMES, _WORDS = 3, 3, 90


def row(touch: Touch) -> tuple[object, ...]:
    """One touch, without the record."""
    deed = touch.deed
    return (
        when(deed.time),
        Cell(touch.what, touch.what, touch.what),
        _edits(touch),
        Cell(summary(deed.author, _WORDS), deed.author, deed.author),
        claimed(deed),
        came_with(deed),
        join((summary(deed.subject, _WORDS), " ", code(deed.commit[:8]))),
    )


def when(time: int) -> Cell:
    """The day of a commit."""
    return Cell(day(datetime.fromtimestamp(time, UTC).date().isoformat()), time)


def claimed(deed: Deed) -> Markup | None:
    """Who approved it as its trailers say."""
    return names(deed.claimed, "claimed", "a trailer says so, which anybody can write") if deed.claimed else None


def names(people: Iterable[str], word: str, why: str) -> Markup:
    """Some names, and what the word for them is worth."""
    every = [summary(one, _WORDS) for one in people]
    more = f" and {len(every) - _NAMES:,} more" if len(every) > _NAMES else ""
    return join((", ".join(every[:_NAMES]), more, " ", badge(word, "is-unknown", why)))


def came_with(deed: Deed) -> Markup | None:
    """The pull request, as the message of a merge names it."""
    return code(deed.request) if deed.request else None


def _edits(touch: Touch) -> Markup | None:
    if touch.what == ADDED:
        return muted("a new file")
    moved = [join(("from ", code(touch.was)))] if touch.what == RENAMED else []
    said = [*moved, *map(_edit, touch.edits)]
    if touch.more:
        said.append(muted(f"and {touch.more:,} more"))
    return join(said, el("br")) if said else muted("no fact, but its text, order or comments")


def _edit(edit: Edit) -> Markup:
    before, after = (text or muted("nothing") for text in (edit.before, edit.after))
    return join((code(edit.field), ": ", before, " → ", after))


def short(view: View, here: str, record: Record) -> list[Markup | Heading]:
    """The last touches of a record, and the way to all."""
    if not view.is_full or record.origin or not (found := view.past.by_address.get(record.address)):
        return []
    rows = [(one[0], one[1], one[2], one[3]) for one in map(row, found[:SHOWN])]
    shown = table(HEADERS[:4], rows, f"What changed in {record.title}")
    ledger = el("p", anchor("The history of all records", href(here, HISTORY)), ".", class_="st-muted")
    more = rest.more(here, len(found) - SHOWN, rest.HISTORY) if len(found) > SHOWN else ledger
    return [Heading("History"), shown, more]


def all_of(view: View, record: Record) -> Iterator[Page]:
    """Everything that happened to a record, where its own page has no room for it."""
    found = view.past.by_address.get(record.address, []) if view.is_full and not record.origin else []
    if len(found) > SHOWN:
        yield from rest.pages(view, record, rest.HISTORY, f"History of {record.title}", HEADERS, [*map(row, found)])


def hands(view: View, address: str) -> Markup | None:
    """Who touched a record: whom to ask about one that nobody owns."""
    found = view.past.hands(address)[:_HANDS] if view.is_full else []
    if not found:
        return None
    said = ", ".join(f"{summary(name, _WORDS)} ({count}×)" for name, count in found)
    return muted("touched by ", said)

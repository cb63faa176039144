"""What the page of a record has no room for, on pages behind it: all its facts, its history, and all that names it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stocktake.model.record import Record
from stocktake.render import fact_tables, relations
from stocktake.render.anatomy import tells
from stocktake.render.document import Page, document
from stocktake.render.escape.html import Markup, anchor, el
from stocktake.render.paged import paged
from stocktake.render.parts import code, counted, lead, muted
from stocktake.render.table import Column
from stocktake.render.view import View, href, page_of

FACTS, HISTORY, NAMED = "facts", "history", "named"
_OF_ANOTHER = re.compile(rf"_(?:{FACTS}|{HISTORY}|{NAMED})(?:_[0-9]+)?\.md\Z")
_HEADERS = (Column("Environment", facet=True), Column("Fact"), "Declared", "Observed", "Where and when seen")


def page_for(here: str, what: str) -> str:
    """Where the rest of a page stands: no id of a record holds an underscore."""
    return f"{here.removesuffix('.md')}_{what}.md"


def home_of(page: str) -> str:
    """The page of the record of which a page tells the rest; any other page is its own."""
    return _OF_ANOTHER.sub(".md", page)


def link(here: str, what: str) -> str:
    """The way to the rest of a page."""
    return href(here, page_for(here, what))


def more(here: str, number: int, what: str) -> Markup:
    """How many of something there are that the page does not show, and the way to them."""
    return el("p", f"and {number:,} more: ", anchor("all of them", link(here, what)), ".", class_="st-muted")


def facts(view: View, record: Record) -> Iterator[Page]:
    """Every fact of a record."""
    here, known = page_of(record.address), view.sheets(record)
    name = [(muted("everywhere"), code("name"), record.name, None, None)] if record.title != record.name else []
    rows = [*name, *fact_tables.every(view, here, known, record.path, tells(record.kind))]
    looked = 5 if any(sheet.seen for sheet in known) else 3
    rows = [row[:looked] for row in rows]
    yield from pages(view, record, FACTS, f"Facts of {record.title}", _HEADERS[:looked], rows)


def named(view: View, record: Record) -> Iterator[Page]:
    """Every record that names a record."""
    rows = relations.naming(view, page_of(record.address), record)
    yield from pages(view, record, NAMED, f"What names {record.title}", relations.HEADERS, rows)


def pages(
    view: View,
    record: Record,
    what: str,
    title: str,
    headers: tuple[str | Column, ...],
    rows: list[tuple[object, ...]],
) -> Iterator[Page]:
    """A long table about a record, on pages behind its own."""
    here = page_of(record.address)
    intro = lead(counted(len(rows), "row"), ". Back to ", view.link(here, record.address), ".")
    for path, part in paged(view, page_for(here, what), headers, rows, title, ""):
        yield document(path, title, [intro, part], wide=True, searched=False)

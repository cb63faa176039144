"""Tables as HTML: sortable and filterable where scripts run, scrolling in a box of their own on a narrow screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from stocktake.render.escape.html import Markup, el, join, text
from stocktake.render.terms import marked


class Column(NamedTuple):
    """A heading. `facet` offers its values as a filter; `number` aligns and sorts by size."""

    title: str
    facet: bool = False
    number: bool = False
    wide: bool = False


class Cell(NamedTuple):
    """Content whose order or facet value differs from its text."""

    content: object
    sort: object = None
    facet: str | None = None


Row = Sequence[object]
_MOST_SEARCHED = 15  # a longer table lists what has pages of its own, and those are found


def table(
    headers: Sequence[str | Column],
    rows: Iterable[Row],
    caption: str,
    empty: object = "Nothing here.",
    filtered: bool = False,
) -> Markup:
    """A table with a name for screen readers; without rows, `empty` says what that means or what to do."""
    columns = [header if isinstance(header, Column) else Column(header) for header in headers]
    body = [_row(row, columns) for row in rows]
    if not body:
        return el("p", empty, class_="st-empty")
    inner = el(
        "table",
        el("caption", caption, class_="st-hidden"),
        el("thead", el("tr", join(map(_heading, columns), " "))),
        el("tbody", join(body, " ")),
        class_="st-table",
        data_search_exclude="yes" if len(body) > _MOST_SEARCHED else None,
    )
    scroll = el("div", inner, class_="st-scroll", role="region", tabindex="0", aria_label=caption)
    return el("div", scroll, class_="st-tablebox", data_table=_tools(len(body), filtered))


def _tools(rows: int, filtered: bool) -> str | None:
    """What a script adds to the table: nothing to a short one, filters to a long one."""
    return "filter" if filtered or rows > 15 else "sort" if rows > 3 else None


def pairs(rows: Iterable[tuple[object, object]]) -> Markup:
    """A list of names and values, without those that are empty."""
    items = [join((el("dt", name), el("dd", value)), " ") for name, value in rows if value not in (None, "")]
    return el("dl", join(items, " "), class_="st-pairs") if items else Markup("")


def _heading(column: Column) -> Markup:
    classes = " ".join(name for name, on in (("st-num", column.number), ("st-wide", column.wide)) if on)
    return el("th", marked(column.title), scope="col", class_=classes or None, data_facet=column.facet)


def _row(row: Row, columns: Sequence[Column]) -> Markup:
    cells = []
    for value, column in zip(row, columns, strict=True):
        cell = value if isinstance(value, Cell) else Cell(value)
        content = text("" if cell.content is None else cell.content)
        classes = "st-num" if column.number else None
        cells.append(el("td", content or _nothing(), class_=classes, data_sort=cell.sort, data_facet=cell.facet))
    return el("tr", join(cells, " "))  # apart, for the search index: it keeps the words and drops the cells


def _nothing() -> Markup:
    return el("span", "–", class_="st-none", title="not known")

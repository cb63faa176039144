"""Tables as HTML: sortable and filterable where scripts run, scrolling in a box of their own on a narrow screen."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from stocktake.render.escape.html import Markup, el, join, plain, text
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


class Whole(NamedTuple):
    """What a table on one of several pages is a part of: the file with all rows, how many, and by what they can be
    filtered, by the number of the column.
    """

    data: str
    rows: int
    options: Mapping[int, Sequence[str]]


Row = Sequence[object]
_STACKED = ["Severity", "State", "Rule", "What"]
_NOTHING = el("span", "–", class_="st-none", title="not known")
_MOST_SEARCHED = 15  # a longer table lists what has pages of its own, and those are found


class Filed(NamedTuple):
    """A table that lies beside its page too: as CSV, and for its filters where it is on several pages."""

    columns: Sequence[Column]
    rows: Sequence[Row]
    file: str
    is_split: bool


def table(
    headers: Sequence[str | Column],
    rows: Iterable[Row],
    caption: str,
    empty: object = "Nothing here.",
    filtered: bool = False,
    whole: Whole | None = None,
) -> Markup:
    """A table with a name for screen readers; without rows, `empty` says what that means or what to do.

    On a phone, rows that say how grave something is before they say what stand below each other as blocks.
    """
    columns = [header if isinstance(header, Column) else Column(header) for header in headers]
    body = [_row(row, columns) for row in rows]
    if not body:
        return el("p", empty, class_="st-empty")
    inner = el(
        "table",
        el("caption", caption, class_="st-hidden"),
        el("thead", el("tr", join(_headings(columns, whole), " "))),
        el("tbody", join(body, " ")),
        class_="st-table st-stack" if [column.title for column in columns[:4]] == _STACKED else "st-table",
        data_search_exclude="yes" if len(body) > _MOST_SEARCHED else None,
    )
    scroll = el("div", inner, class_="st-scroll", role="region", tabindex="0", aria_label=caption)
    tools = "filter" if whole else _tools(len(body), filtered)
    every = {"data_rows": whole.data, "data_total": whole.rows} if whole else {}
    return el("div", scroll, class_="st-tablebox", data_table=tools, **every)


def _tools(rows: int, filtered: bool) -> str | None:
    """What a script adds to the table: nothing to a short one, filters to a long one."""
    return "filter" if filtered or rows > 15 else "sort" if rows > 3 else None


def pairs(rows: Iterable[tuple[object, object]], unsearched: Container[object] = ()) -> Markup:
    """A list of names and values, without those that are empty; search finds the values, but those of `unsearched`."""
    items = [_pair(name, value, name in unsearched) for name, value in rows if value not in (None, "")]
    return el("dl", join(items, " "), class_="st-pairs") if items else Markup("")


def _pair(name: object, value: object, is_aside: bool) -> Markup:
    aside = "yes" if is_aside else None
    return join((el("dt", name, data_search_exclude="yes"), el("dd", value, data_search_exclude=aside)), " ")


def _headings(columns: Sequence[Column], whole: Whole | None) -> Iterator[Markup]:
    for number, column in enumerate(columns):
        options = whole.options.get(number) if whole else None
        yield _heading(column, json.dumps(options) if options else None)


def _heading(column: Column, options: str | None = None) -> Markup:
    classes = " ".join(name for name, on in (("st-num", column.number), ("st-wide", column.wide)) if on)
    return el(
        "th", marked(column.title), scope="col", class_=classes or None, data_facet=column.facet, data_options=options
    )


def _row(row: Row, columns: Sequence[Column]) -> Markup:
    # Apart, for the search index: it keeps the words and drops the cells.
    return el("tr", join(cells(row, columns), " "))


def facet(value: object) -> str:
    """What a cell can be filtered by."""
    if isinstance(value, Cell):
        return plain(value.content or "") if value.facet is None else value.facet
    return plain(value or "")


def cells(row: Row, columns: Sequence[Column]) -> list[Markup]:
    """The cells of a row."""
    made = []
    for value, column in zip(row, columns, strict=True):
        cell = value if isinstance(value, Cell) else Cell(value)
        content = text("" if cell.content is None else cell.content)
        classes = "st-num" if column.number else "st-day" if _is_day(cell.content) else None
        made.append(el("td", content or _NOTHING, class_=classes, data_sort=cell.sort, data_facet=cell.facet))
    return made


def _is_day(content: object) -> bool:
    """Whether it is a day, which is never broken over two lines."""
    return isinstance(content, str) and len(content) == 10 and content[4] == content[7] == "-"

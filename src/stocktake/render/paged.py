"""Long tables on several pages, so that no page grows with the estate; what all of them hold lies beside in files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from stocktake.render.document import Page
from stocktake.render.escape import csv
from stocktake.render.escape.html import Markup, anchor, el, join, plain
from stocktake.render.escape.javascript import literal
from stocktake.render.table import Cell, Column, Row, Whole, cells, facet, table
from stocktake.render.view import View, href

PAGE_ROWS = 500
_FACETS_AT_MOST = 200
_TEXT = re.compile(r"(?<=>)[^<]+(?=<)")  # brackets inside of texts and attributes are escaped


def paged(
    view: View,
    path: str,
    headers: Sequence[str | Column],
    rows: Sequence[Row],
    caption: str,
    empty: object,
    filtered: bool = False,
) -> Iterator[tuple[str, Markup]]:
    """(path, table with links to its other pages and to its file); the first page keeps `path`."""
    columns = [header if isinstance(header, Column) else Column(header) for header in headers]
    parts = [rows[start : start + PAGE_ROWS] for start in range(0, len(rows), PAGE_ROWS)] or [rows]
    paths = [path, *(f"{_stem(path)}_{number}.md" for number in range(2, len(parts) + 1))]
    file = _file(view, path) if rows else ""
    view.tables[path] = (columns, list(rows), file)
    facets = [number for number, column in enumerate(columns) if column.facet] if len(paths) > 1 else []
    options = {number: _options(number, rows) for number in facets}
    for here, part in zip(paths, parts, strict=True):
        whole = Whole(href(here, _data(path)), len(rows), options) if len(paths) > 1 else None
        offer = file and el("p", anchor("All rows as CSV", href(here, file), download=True), class_="st-download")
        yield (
            here,
            join((table(columns, part, caption, empty, filtered, whole), _others(here, paths, len(rows)), offer)),
        )


def filed(
    view: View,
    here: str,
    name: str,
    headers: Sequence[str | Column],
    rows: Sequence[Row],
    caption: str,
    empty: object,
    most: int = PAGE_ROWS,
) -> Markup:
    """One of several tables on a page: its first rows, how many there are more, and all of them in a file."""
    columns = [header if isinstance(header, Column) else Column(header) for header in headers]
    shown = table(columns, rows[:most], caption, empty)
    if not rows:
        return shown
    file = f"{_stem(here)}-{name}.csv"
    view.tables[f"{here}#{name}"] = (columns, list(rows), file)
    more = f"and {len(rows) - most:,} more. " if len(rows) > most else None
    offer = el("p", more, anchor("All rows as CSV", href(here, file), download=True), class_="st-download")
    return join((shown, offer))


def with_tables(make: Callable[[View], Iterator[Page]]) -> Callable[[View], Iterator[Page]]:
    """The same pages, and behind them the files of the long tables on them."""

    def made(view: View) -> Iterator[Page]:
        view.tables = {}
        yield from make(view)
        for path, (columns, rows, file) in view.tables.items():
            if len(rows) > PAGE_ROWS and path.endswith(".md"):
                yield f"docs/{_data(path)}", _packed(path, columns, rows)
            if file:
                yield f"docs/{file}", _csv(columns, rows)
        view.tables = {}

    return made


def _stem(path: str) -> str:
    return path.removesuffix(".md")


def _data(path: str) -> str:
    return f"{_stem(path)}_rows.js"


def _file(view: View, path: str) -> str:
    """Where the rows lie as CSV; nowhere where an export of the same has that place, as it has for each kind."""
    file = f"{_stem(path)}.csv"
    return "" if path.endswith("index.md") or file in view.documents else file


def _options(column: int, rows: Sequence[Row]) -> list[str]:
    """What a column can be filtered by; nothing where that would be a list without an end."""
    found = {facet(row[column]) for row in rows} - {""}
    return sorted(found) if len(found) <= _FACETS_AT_MOST else []


def _packed(path: str, columns: Sequence[Column], rows: Sequence[Row]) -> bytes:
    """Each cell once, as on the pages, and each row as numbers of cells: most of them are alike.

    A cell is the number of its shape, which is its HTML with NUL for every text, and the texts.
    """
    shapes: dict[str, int] = {}
    numbers: dict[Markup, int] = {}
    packed = [[numbers.setdefault(cell, len(numbers)) for cell in cells(row, columns)] for row in rows]
    name = literal(_data(path).rpartition("/")[2])
    data = {"cells": [_cell(cell, shapes) for cell in numbers], "rows": packed, "shapes": list(shapes)}
    return f"(window.stocktakeRows=window.stocktakeRows||{{}})[{name}]={literal(data)}\n".encode()


def _cell(cell: Markup, shapes: dict[str, int]) -> list[object]:
    return [shapes.setdefault(_TEXT.sub("\0", cell), len(shapes)), *_TEXT.findall(cell)]


def _csv(columns: Sequence[Column], rows: Sequence[Row]) -> bytes:
    lines = [csv.row(column.title for column in columns)]
    lines += [csv.row(_said(value) for value in row) for row in rows]
    return "".join(lines).encode("utf-8", "backslashreplace")


def _said(value: object) -> str:
    content = value.content if isinstance(value, Cell) else value
    return "" if content is None else plain(content)


def _others(here: str, paths: list[str], total: int) -> Markup | None:
    if len(paths) == 1:
        return None
    links = [
        el("b", number) if path == here else anchor(number, href(here, path)) for number, path in enumerate(paths, 1)
    ]
    return el("nav", f"{total:,} rows on {len(paths)} pages: ", join(links, " "), class_="st-pages", aria_label="Pages")

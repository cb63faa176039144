"""Long tables on several pages, so that no page grows with the estate; what all of them hold lies beside in files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count, islice
from typing import TypeVar

from stocktake.render.document import Page
from stocktake.render.escape import csv
from stocktake.render.escape.html import Markup, anchor, el, join, plain
from stocktake.render.escape.javascript import literal
from stocktake.render.table import Cell, Column, Filed, Row, Whole, cells, facet, table
from stocktake.render.view import View, href

PAGE_ROWS, PAGE_LETTERS, FILED_LETTERS = 500, 700_000, 150_000
_CELL = 25  # letters that a cell takes beside what it holds, and each value that it is sorted or filtered by
FACETS_AT_MOST = 200
T = TypeVar("T")
_TEXT = re.compile(r"(?<=>)[^<]+(?=<)")  # brackets inside of texts and attributes are escaped


def paged(
    view: View,
    path: str,
    headers: Sequence[str | Column],
    rows: Sequence[Row],
    caption: str,
    empty: object,
    filtered: bool = False,
    parts: Sequence[Sequence[Row]] = (),
) -> Iterator[tuple[str, Markup]]:
    """(path, table with links to its other pages and to its file); the first page keeps `path`. `parts` are the rows
    of each page, where they are not as `parted` would have them.
    """
    columns = [header if isinstance(header, Column) else Column(header) for header in headers]
    parts = parts or parted(rows)
    paths = list(islice(paths_from(path), len(parts)))
    file = _file(view, path) if rows else ""
    view.tables[path] = Filed(columns, list(rows), file, len(paths) > 1)
    facets = [number for number, column in enumerate(columns) if column.facet] if len(paths) > 1 else []
    options = {number: _options(number, rows) for number in facets}
    for here, part in zip(paths, parts, strict=True):
        whole = Whole(href(here, _data(path)), len(rows), options) if len(paths) > 1 else None
        offer = file and el("p", anchor("All rows as CSV", href(here, file), download=True), class_="st-download")
        yield (
            here,
            join((table(columns, part, caption, empty, filtered, whole), _others(here, paths, len(rows)), offer)),
        )


def parted(rows: Sequence[Row]) -> list[Sequence[Row]]:
    """The rows of each page: as many as may stand on one, and fewer where they are heavy."""
    return weighed(rows, map(_weight, rows))


def weighed(items: Sequence[T], letters: Iterable[int], most: int = 0) -> list[Sequence[T]]:
    """The same for anything that takes so many letters on a page of `most`; one page where there is nothing."""
    parts, start, total = [], 0, 0
    for number, weight in enumerate(letters):
        if number - start == PAGE_ROWS or (total + weight > (most or PAGE_LETTERS) and number > start):
            parts.append(items[start:number])
            start, total = number, 0
        total += weight
    return [*parts, items[start:]]


def paths_from(path: str) -> Iterator[str]:
    """The pages that one becomes."""
    yield path
    for number in count(2):
        yield f"{_stem(path)}_{number}.md"


def _weight(row: Row) -> int:
    parts = [part for value in row for part in (value if isinstance(value, Cell) else (value,))]
    return sum(_CELL + (len(part) if isinstance(part, str) else 0) for part in parts)


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
    most = min(most, len(weighed(rows, map(_weight, rows), FILED_LETTERS)[0]))
    shown = table(columns, rows[:most], caption, empty)
    if not rows:
        return shown
    more = f"and {len(rows) - most:,} more. " if len(rows) > most else None
    return join((shown, beside(view, here, name, columns, rows, more)))


def beside(
    view: View, here: str, name: str, columns: Sequence[Column], rows: Sequence[Row], more: str | None = None
) -> Markup:
    """The link to a file with all rows of one of several tables on a page, however that shows them."""
    file = f"{_stem(here)}-{name}.csv"
    view.tables[f"{here}#{name}"] = Filed(columns, list(rows), file, False)
    return el("p", more, anchor("All rows as CSV", href(here, file), download=True), class_="st-download")


def with_tables(make: Callable[[View], Iterator[Page]]) -> Callable[[View], Iterator[Page]]:
    """The same pages, and behind each the files of the long tables on it, so that no more rows are kept than its."""

    def made(view: View) -> Iterator[Page]:
        for page in make(view):
            tables, view.tables = view.tables, {}
            yield page
            for path, one in tables.items():
                yield from _files(path, one)

    return made


def _files(path: str, found: Filed) -> Iterator[Page]:
    if found.is_split:
        yield f"docs/{_data(path)}", _packed(path, found.columns, found.rows)
    if found.file:
        yield f"docs/{found.file}", _csv(found.columns, found.rows)


def _stem(path: str) -> str:
    return path.removesuffix(".md")


def _data(path: str) -> str:
    return f"{_stem(path)}_rows.js"


def _file(view: View, path: str) -> str:
    """Where the rows lie as CSV; nowhere where an export of the same has that place, as it has for each kind."""
    folder, _, name = path.rpartition("/")
    file = f"{folder}/{folder}.csv" if name == "index.md" else f"{_stem(path)}.csv"
    return "" if (name == "index.md" and folder in view.estate.kinds) or file in view.documents else file


def _options(column: int, rows: Sequence[Row]) -> list[str]:
    """What a column can be filtered by; nothing where that would be a list without an end."""
    found = {facet(row[column]) for row in rows} - {""}
    return sorted(found) if len(found) <= FACETS_AT_MOST else []


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

"""A table from the bytes of a CSV file or of a workbook, whatever program wrote it; every cell is text and stays so."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

_DELIMITERS = ",;\t|"
_ROWS_AT_MOST = 50_000
_COLUMNS_AT_MOST = 1_000
_BROKEN = (
    *(ArithmeticError, AttributeError, EOFError, LookupError, OSError, RuntimeError, SyntaxError, TypeError),
    *(ValueError, zipfile.BadZipFile, zlib.error),
)
_UNPACKED_AT_MOST = 300_000_000


class Row(NamedTuple):
    """A line of a table and where it begins."""

    line: int
    cells: tuple[str, ...]


class Table(NamedTuple):
    """`above` are the rows before the one that names the columns."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    above: tuple[Row, ...] = ()


class UnreadableError(ValueError):
    """Why a file is no table."""


def tables(name: str, raw: bytes) -> list[Table]:
    """The tables in a file.

    Raises UnreadableError where it is none, or a workbook needs a package that is not there.
    """
    if name.lower().endswith(".xlsx"):
        return [found for sheet, rows in _sheets(raw) if (found := _table(f"{name}#{sheet}", iter(rows)))]
    found = _table(name, _rows(decoded(raw)))
    return [found] if found else []


def decoded(raw: bytes) -> str:
    """Text as Excel and others write it: UTF-8, UTF-16 with its mark, else Western European."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def _rows(text: str) -> Iterator[Row]:
    text = text.replace("\0", "⟨U+0000⟩")
    start = next((line for line in text.split("\n") if line.strip()), "")
    delimiter = max(_DELIMITERS, key=start.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            yield Row(line, tuple(cells))
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableError(f"line {reader.line_num}: {error}") from None


def _sheets(raw: bytes) -> list[tuple[str, list[Row]]]:
    """The sheets of a workbook; what a broken one makes the package raise is not ours to tell apart."""
    try:
        import openpyxl
    except ImportError:
        raise UnreadableError("a workbook needs `stocktake[xlsx]`; or save it as CSV") from None
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            if sum(one.file_size for one in archive.infolist()) > _UNPACKED_AT_MOST:
                raise UnreadableError("is larger than a workbook should be when it is unpacked")
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=False)
        return [(sheet.title, list(_cells(sheet))) for sheet in book.worksheets]
    except UnreadableError:
        raise
    except _BROKEN:
        raise UnreadableError("is not a workbook") from None


def _cells(sheet: Any) -> Iterator[Row]:
    """The rows that say something; a sheet may claim to be as large as it likes."""
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if len(cells) > _COLUMNS_AT_MOST:
            raise UnreadableError(f"has more than {_COLUMNS_AT_MOST} columns")
        texts = tuple(map(_text, cells))
        if any(text.strip() for text in texts):
            yield Row(number, texts)


def _text(value: Any) -> str:
    """A cell as it reads; a formula is the text that somebody typed."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _table(name: str, rows: Iterator[Row]) -> Table | None:
    """The first row with two names or more names the columns; what stands above is a title."""
    above: list[Row] = []
    for row in rows:
        if len([cell for cell in row.cells if cell.strip()]) > 1:
            body = tuple(one for one in rows if any(cell.strip() for cell in one.cells))
            if not body:
                return None
            if len(body) > _ROWS_AT_MOST:
                raise UnreadableError(f"has more than {_ROWS_AT_MOST} rows")
            return Table(name, _columns(row.cells, body), body, tuple(above))
        if any(cell.strip() for cell in row.cells):
            above.append(row)
    return None


def _columns(names: Sequence[str], body: Sequence[Row]) -> tuple[str, ...]:
    """A name for each column that has a cell, none twice."""
    width = max([len(names), *(len(row.cells) for row in body)])
    found: list[str] = []
    for number in range(width):
        name = " ".join(names[number].split()) if number < len(names) else ""
        name = name or f"column {number + 1}"
        found.append(name if name not in found else f"{name} {number + 1}")
    return tuple(found)

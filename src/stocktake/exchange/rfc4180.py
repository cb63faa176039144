"""CSV as RFC 4180 has it, in UTF-8, in which no cell is a formula and nothing is lost."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import Any

from stocktake.exchange.table import Table
from stocktake.values.text import shown

SUFFIX = ".csv"
_MARK = "\ufeff".encode()
# What spreadsheets take for the beginning of a formula, wide forms too; and the mark that says that it is none.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_TEXT = "'"
_SEPARATOR = "; "


def written(table: Table, mark: bool = False) -> bytes:
    """The file: a line of headings, then the rows, each line with CR and LF at its end; `mark` says to Excel that it
    is UTF-8.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([cell(column) for column in table.columns])
    writer.writerows(["" if value is None else cell(value) for value in row] for row in table.rows)
    return (_MARK if mark else b"") + text.getvalue().encode()


def cell(value: Any) -> str:
    """A value as it stands in a cell.

    Text that a spreadsheet would take for a formula gets an apostrophe in front, and so does text that begins with
    one: who reads it back takes one apostrophe away. Numbers are no text, also those below zero.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    text = shown(_text(value), multiline=True)
    return _TEXT + text if text.startswith((_TEXT, *_FORMULA)) else text


def _text(value: Any) -> str:
    """Texts of a list stand behind each other; where that could not be read back, and for all else, it is JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple) and all(map(_is_plain, value)) and value:
        return _SEPARATOR.join(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _is_plain(item: Any) -> bool:
    return isinstance(item, str) and item == item.strip() != "" and ";" not in item and item[0] not in '[{"'

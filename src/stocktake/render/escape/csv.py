"""CSV: every cell is text for the reader, and none is a formula for a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stocktake.values.text import shown

_SPECIAL = re.compile('[,"\r\n]')


def row(cells: Iterable[object]) -> str:
    """One line of RFC 4180, with its line end."""
    return ",".join(cell(value) for value in cells) + "\r\n"


def cell(value: object) -> str:
    """One cell; what a spreadsheet would run as a formula gets an apostrophe in front."""
    text = "" if value is None else shown(str(value), multiline=True)
    if text.lstrip()[:1] in ("=", "+", "-", "@") and not _is_number(text):
        text = f"'{text}"
    quoted = text.replace('"', '""')
    return f'"{quoted}"' if _SPECIAL.search(text) else quoted


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True

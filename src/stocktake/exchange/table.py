"""A table as every format of spreadsheets takes it: a name, headings, and rows of values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple


class Table(NamedTuple):
    """`name` is that of its file without the ending; a value that is not known is None, and no cell is left out."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]

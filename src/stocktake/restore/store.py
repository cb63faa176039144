"""A database as a drill sees it, whatever is behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

Row = tuple[Any, ...]


class StoreError(Exception):
    """A database did not answer a statement; the text is what it said, without secrets."""


class OddTextError(StoreError):
    """A text in a database is not what its encoding allows."""


class Store(Protocol):
    """An open connection.

    Everything raises StoreError where the database refuses.
    """

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """The answer to one statement."""

    def chunks(self, sql: str, size: int, *, odd: bool = False) -> Iterator[list[Row]]:
        """A long answer, some rows at a time; not `odd` is faster, and raises OddTextError where a text is."""

    def script(self, sql: str) -> int:
        """Run any number of statements: how many rows they touched."""


def quoted(name: str) -> str:
    """A name as it stands in SQL."""
    return '"' + name.replace('"', '""') + '"'

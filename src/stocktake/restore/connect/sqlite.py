"""A door: SQLite files, sources read-only and restored ones without a way to another file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from stocktake.restore import files
from stocktake.restore.stop import UndecidedError
from stocktake.restore.store import OddTextError, Row, StoreError

# SQLITE_ATTACH and SQLITE_DETACH, which also stand for VACUUM INTO.
_TO_ANOTHER_FILE = (24, 25)
_STEPS = 200_000
_PAGES = 20_000


class File:
    """A `Store` for one open file."""

    def __init__(self, connection: sqlite3.Connection):
        self._connection = connection
        connection.set_progress_handler(_breathe, _STEPS)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """The answer to one statement."""
        self._connection.text_factory = _text
        with _told():
            return self._connection.execute(sql, values).fetchall()

    def chunks(self, sql: str, size: int, *, odd: bool = False) -> Iterator[list[Row]]:
        """A long answer, some rows at a time; not `odd` is faster, and raises OddTextError where a text is."""
        self._connection.text_factory = _text if odd else str
        with _told():
            cursor = self._connection.execute(sql)
            while some := cursor.fetchmany(size):
                yield some

    def script(self, sql: str) -> int:
        """Run any number of statements: how many rows they touched."""
        before = self._connection.total_changes
        with _told():
            self._connection.executescript(sql)
        return self._connection.total_changes - before

    def copy_to(self, path: str) -> None:
        """A copy by SQLite's own means, so that nothing in its log is lost."""
        target = sqlite3.connect(path)
        try:
            with _told():
                self._connection.backup(target, pages=_PAGES, progress=lambda *_: None)
        finally:
            target.close()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise KeyboardInterrupt from None
        if "decode to UTF-8" in str(error):
            raise OddTextError("a text is not UTF-8") from None
        raise StoreError(str(error)) from None


def _breathe() -> int:
    """Called now and then during a long statement, so that a signal is heard; SQLite is then interrupted."""
    return 0


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")


@contextmanager
def source(path: str) -> Iterator[File]:
    """A file as it is now: opened read-only, in one transaction.

    Raises UndecidedError where it cannot be read.
    """
    connection, at_rest = None, files.is_at_rest(path)
    try:
        uri = f"file:{quote(path)}?mode=ro{'&immutable=1' if at_rest else ''}"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=10)
        connection.execute("PRAGMA query_only = on")
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        yield File(connection)
        if at_rest and not files.is_at_rest(path):
            raise UndecidedError("content", "not-comparable", "somebody opened the source while it was read")
    except (sqlite3.Error, StoreError) as error:
        raise UndecidedError("content", "not-comparable", f"the source cannot be read: {error}") from None
    finally:
        if connection is not None:
            connection.close()


@contextmanager
def sandbox(path: str) -> Iterator[File]:
    """A file in a sandbox; no statement can reach another file from it."""
    connection = sqlite3.connect(path, isolation_level=None)

    def authorise(action: int, *_: Any) -> int:
        return sqlite3.SQLITE_DENY if action in _TO_ANOTHER_FILE else sqlite3.SQLITE_OK

    try:
        connection.set_authorizer(authorise)
        yield File(connection)
    finally:
        connection.close()

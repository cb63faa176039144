"""A door: one SQLite file, opened so that nothing is written, not even a file beside it."""

from __future__ import annotations

import os
import sqlite3
import stat
import time
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import quote

from stocktake.errors import LookError
from stocktake.observe.connect.reasons import short
from stocktake.observe.query import Query, QueryError, Row

_MAGIC = b"SQLite format 3\x00"
_WAL = 2
_STEPS = 10_000
_NOT_OUR_KIND = "is not a SQLite database, or it is encrypted"


class Shape(NamedTuple):
    """What can be told of a file without SQLite: modes, sizes, the journal mode and who wrote it last."""

    mode: str
    folder_mode: str
    size: int
    wal_bytes: int
    has_shm: bool
    is_wal: bool
    written_by: str


class File:
    """An `Ask` for one file; `shape` is what is known of the file itself."""

    names_a_database = True

    def __init__(self, path: str, seconds: float = 60.0):
        self.shape = _shape(path)
        self._seconds = seconds
        self._path = path
        # SQLite would write a -shm file to read a log that nobody has open.
        self._unread_log = self.shape.is_wal and not self.shape.has_shm and self.shape.wal_bytes > 0
        # Without a -shm nobody has it open; as immutable it is read without making one.
        immutable = "&immutable=1" if self.shape.is_wal and not self.shape.has_shm else ""
        uri = f"file:{quote(os.path.abspath(path))}?mode=ro{immutable}"
        try:
            self._connection = sqlite3.connect(uri, uri=True, timeout=0.2, isolation_level=None)
            self._prepare()
        except sqlite3.Error as error:
            raise LookError(short(str(error))) from None

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA query_only = ON")
        self._connection.execute("PRAGMA trusted_schema = OFF")
        self._connection.row_factory = sqlite3.Row
        self._connection.text_factory = lambda raw: raw.decode("utf-8", "replace")

    def __enter__(self) -> File:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def __call__(self, query: Query, database: str = "", only: Sequence[int] | None = None) -> list[Row]:
        if query.name == "file":
            return [self.shape._asdict()]
        if self._unread_log:
            raise QueryError("changes in the log beside the file can be read only by a program that may write there")
        end = time.monotonic() + self._seconds
        self._connection.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
        try:
            rows: list[Row] = [dict(row) for row in self._connection.execute(query.sql)]
        except sqlite3.Error as error:
            if "interrupted" in str(error):
                raise QueryError(f"took longer than {self._seconds:g} seconds") from None
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code == sqlite3.SQLITE_NOTADB:
                raise LookError(_NOT_OUR_KIND) from None
            busy, damaged = code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED), code == sqlite3.SQLITE_CORRUPT
            raise QueryError(short(str(error)), locked=busy, damaged=damaged) from None
        self._refuse_changed()
        return rows

    def _refuse_changed(self) -> None:
        """Read as immutable, a file that somebody opens meanwhile may give anything."""
        if self.shape.is_wal and not self.shape.has_shm and os.path.lexists(f"{self._path}-shm"):
            raise LookError("somebody opened the file while it was read: look again")


def _shape(path: str) -> Shape:
    try:
        found = os.stat(path)
        if not stat.S_ISREG(found.st_mode):
            raise LookError("is not a regular file")
        with open(path, "rb") as file:
            header = file.read(100)
        folder = os.stat(os.path.dirname(os.path.abspath(path)))
    except OSError as error:
        raise LookError(error.strerror or "cannot be read") from None
    if header and header[:16] != _MAGIC:
        raise LookError(_NOT_OUR_KIND)
    return Shape(
        mode=f"{stat.S_IMODE(found.st_mode):04o}",
        folder_mode=f"{stat.S_IMODE(folder.st_mode):04o}",
        size=found.st_size,
        wal_bytes=_size(f"{path}-wal"),
        has_shm=os.path.lexists(f"{path}-shm"),
        is_wal=header[18:20] == bytes([_WAL, _WAL]),
        written_by=_version(int.from_bytes(header[96:100], "big")),
    )


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _version(number: int) -> str:
    return f"{number // 1_000_000}.{number // 1000 % 1000}.{number % 1000}" if number else ""

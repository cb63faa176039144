"""SQLite: a backup is a file, restored by copying it, and read in full."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager

from stocktake.restore import files
from stocktake.restore.choice import Found
from stocktake.restore.connect import sqlite as connect
from stocktake.restore.contents import Answer, Contents, Reference, Table
from stocktake.restore.job import Backup, Job
from stocktake.restore.log import FAIL, NOT_APPLICABLE, PASS
from stocktake.restore.sandbox import Sandbox
from stocktake.restore.stop import BadBackupError, UndecidedError
from stocktake.restore.store import OddTextError, Store, StoreError, quoted
from stocktake.values import dsn

_MAGIC = b"SQLite format 3\0"
_ROWS_AT_ONCE = 2000
_DEFINITIONS = (
    "SELECT type || ' ' || name || ' on ' || tbl_name || ': ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1"
)
_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"


class Restored:
    """A copy of a backup, opened in the sandbox."""

    was_empty = "no file of that name was there"

    def __init__(self, store: Store):
        self._store = store

    def integrity(self) -> Answer:
        """Every page, by SQLite's own check."""
        try:
            rows = self._store.rows("PRAGMA integrity_check(10)")
        except StoreError as error:
            return Answer("integrity", FAIL, f"SQLite cannot read it: {error}", "corruption")
        if rows == [("ok",)]:
            return Answer("integrity", PASS, "SQLite's integrity check found nothing")
        return Answer(
            "integrity", FAIL, f"integrity check: {'; '.join(str(row[0]) for row in rows)}"[:400], "corruption"
        )

    def contents(self) -> Contents:
        """Counts and checksums of all tables."""
        try:
            return contents(self._store)
        except StoreError as error:
            raise BadBackupError("content", "corruption", f"SQLite cannot read it: {error}") from None

    def schema(self) -> tuple[str, ...]:
        """All definitions."""
        try:
            return schema(self._store)
        except StoreError as error:
            raise BadBackupError("schema", "corruption", f"SQLite cannot read it: {error}") from None

    def as_application(self, reference: Reference) -> Answer:
        """SQLite knows no roles."""
        return Answer("application-role", NOT_APPLICABLE, "SQLite has no roles")

    def erase(self, sql: str) -> int:
        """Run the replay; it cannot open another file."""
        try:
            return self._store.script(sql)
        except StoreError as error:
            raise BadBackupError("erasure", "procedure", f"the erasure replay failed: {error}"[:400]) from None


class Sqlite:
    """SQLite as a drill sees it."""

    name = "sqlite"

    def form(self, found: Found) -> str:
        """A file that begins as SQLite's do."""
        return "file" if found.head.startswith(_MAGIC) else ""

    def wanted(self, job: Job) -> frozenset[str]:
        """Every method gives the same kind of file."""
        return frozenset({"file"})

    def room(self, job: Job, backup: Backup | None) -> int:
        """As much again as the backup, or twice the source."""
        return (16 if backup.packed else 2) * backup.size if backup else 3 * files.size(_path(job))

    def reference(self, job: Job, backup: Backup | None) -> Reference:
        """The source as it is now; exact where it was not written since."""
        path = _path(job)
        moved = backup is not None and files.changed(path) > backup.taken
        with connect.source(path) as source:
            held = Reference(contents(source), not moved, "", schema(source))
        return held._replace(why_not="the source was written after the backup was taken") if moved else held

    def make(self, job: Job, box: Sandbox) -> tuple[Backup, Reference]:
        """A copy by SQLite's backup interface, in the transaction that also reads what the source holds."""
        path = box.path("backup.sqlite")
        with connect.source(_path(job)) as source:
            taken = job.clock()
            held = Reference(contents(source), True, "", schema(source))
            source.copy_to(path)
        return Backup(os.path.basename(path), path, taken, files.size(path), "file", made=True), held

    @contextmanager
    def restored(self, job: Job, backup: Backup, box: Sandbox) -> Iterator[Restored]:
        """A copy of the file and of the log beside it, so that the backup itself is never opened by SQLite."""
        if not box.is_empty("restored.sqlite"):
            raise UndecidedError("sandbox-empty", "procedure", "there is a file in the way")
        path = box.copy(backup.path, "restored.sqlite")
        if files.is_there(f"{backup.path}-wal"):
            box.copy(f"{backup.path}-wal", "restored.sqlite-wal")
        with connect.sandbox(path) as store:
            try:
                store.rows("SELECT count(*) FROM sqlite_schema")
            except StoreError as error:
                raise BadBackupError("restore", "corruption", f"SQLite cannot open it: {error}") from None
            yield Restored(store)


def _path(job: Job) -> str:
    found = dsn.parse(job.url) if job.url else None
    path = found.database if found and found.engine == "sqlite" else None if "://" in job.url else job.url
    if not path:
        raise UndecidedError(
            "content", "not-comparable", "the source is not known: the variable of its `connection` is not set"
        )
    return path


def contents(store: Store) -> Contents:
    """A count and a checksum of every table, rows in the order in which they are kept."""
    return {name: _table(store, name) for (name,) in store.rows(_TABLES)}


def _table(store: Store, name: str) -> Table:
    try:
        return _summed(store, name, odd=False)
    except OddTextError:
        return _summed(store, name, odd=True)


def _summed(store: Store, name: str, *, odd: bool) -> Table:
    """`repr` of many rows at once: it keeps types apart and numbers exact, and is far faster than a hash per row."""
    rows, whole = 0, hashlib.blake2b(digest_size=16)
    for some in store.chunks(f"SELECT * FROM {quoted(name)} NOT INDEXED", _ROWS_AT_ONCE, odd=odd):  # noqa: S608 - quoted
        rows += len(some)
        whole.update(repr(some).encode("utf-8", "surrogateescape"))
    return Table(rows, whole.hexdigest())


def schema(store: Store) -> tuple[str, ...]:
    """All definitions, in a fixed order, one a line."""
    return tuple(" ".join(line.split()) for (line,) in store.rows(_DEFINITIONS))

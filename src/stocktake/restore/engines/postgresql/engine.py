"""PostgreSQL as a drill sees it: which backups there are, what the source holds, and how a backup is made."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

from stocktake.errors import FailedProgramError
from stocktake.restore import files
from stocktake.restore.choice import Found
from stocktake.restore.connect import postgresql as connect
from stocktake.restore.contents import Reference
from stocktake.restore.engines.postgresql import blame, logical, physical, programs, read
from stocktake.restore.engines.postgresql.restored import SCHEMA_OPTIONS, Restored
from stocktake.restore.engines.postgresql.server import A_DAY
from stocktake.restore.job import Backup, Job
from stocktake.restore.sandbox import Sandbox
from stocktake.restore.stop import UndecidedError

_DUMPS = frozenset({"custom", "plain"})
_GLOBALS = "-- PostgreSQL database cluster dump"
_ABOUT = """
    SELECT current_setting('server_version_num')::int / 10000,
           (SELECT pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()),
           pg_database_size(current_database()), current_database(),
           (SELECT rolname FROM pg_roles WHERE oid = 10)
"""


class Postgresql:
    """PostgreSQL as a drill sees it."""

    name = "postgresql"

    def form(self, found: Found) -> str:
        """A dump in custom format or plain SQL, the roles of a cluster, or a copy of a cluster."""
        if found.is_folder:
            return "base" if {"PG_VERSION", "global"} <= set(found.names) else ""
        text = found.head.decode("utf-8", "replace")
        if _GLOBALS in text:
            return "globals"
        return "custom" if found.head.startswith(b"PGDMP") else "plain" if "-- PostgreSQL database dump" in text else ""

    def wanted(self, job: Job) -> frozenset[str]:
        """What the method of the plan makes."""
        return frozenset({"base"}) if _is_physical(job) else _DUMPS

    def room(self, job: Job, backup: Backup | None) -> int:
        """A dump is far smaller than what is made of it, so the source counts too where it can be asked."""
        source = int(_known(job)[2])
        copy = backup.size * (8 if backup.packed else 1) if backup else source
        return 200_000_000 + max(2 * source, (2 if _is_physical(job) else 6) * copy)

    def reference(self, job: Job, backup: Backup | None) -> Reference:
        """The source as it is now; how far it has moved on since an older backup, nobody can tell."""
        held = _held(job, int(_about(job)[0]))
        moved = "the source may have changed since the backup was taken, and no manifest lies beside it"
        return held if backup is None else held._replace(exact=False, why_not=moved)

    def make(self, job: Job, box: Sandbox) -> tuple[Backup, Reference]:
        """A backup of the source by its own programs, and what it held at that moment."""
        major = int(_about(job)[0])
        place = programs.folder(job.run, major, exact=_is_physical(job))
        try:
            return _make_base(job, box, place, major) if _is_physical(job) else _make_dump(job, box, place, major)
        except FailedProgramError as error:
            stop = blame.stopped("restore", str(error))
            raise UndecidedError("restore", "access-denied", f"no backup could be made: {stop.message}"[:400]) from None

    def restored(self, job: Job, backup: Backup, box: Sandbox) -> AbstractContextManager[Restored]:
        """The backup in a server of the sandbox."""
        if backup.form == "base":
            version = files.read(f"{backup.path}/PG_VERSION").strip()
            place = programs.folder(job.run, int(version) if version.isdigit() else None, exact=True)
            _, _, _, database, superuser = _known(job)
            return physical.restored(job, backup, box, place, superuser, database)
        major, encoding, _, _, superuser = _known(job)
        place = programs.folder(job.run, major, exact=False)
        return logical.restored(job, backup, box, place, encoding, major, superuser)


def _is_physical(job: Job) -> bool:
    return "basebackup" in job.method.lower()


def _about(job: Job) -> tuple[Any, ...]:
    """(major version, encoding, size, database, superuser) of the source."""
    if not job.url:
        raise UndecidedError(
            "content", "not-comparable", "the source is not known: the variable of its `connection` is not set"
        )
    with connect.source(job.url) as source:
        [row] = source.rows(_ABOUT)
    return row


@lru_cache(maxsize=1)
def _known(job: Job) -> tuple[Any, ...]:
    """The same, or what is usual where the source does not answer; asked once, before the time of the restore runs."""
    try:
        return _about(job)
    except UndecidedError:
        return None, "UTF8", 0, "", "postgres"


def _held(job: Job, major: int) -> Reference:
    with connect.source(job.url) as source:
        tables, users = read.contents(source, logged_only=_is_physical(job)), read.users(source)
    return Reference(tables, True, "", _definitions(job, programs.folder(job.run, major, exact=False)), users)


def _definitions(job: Job, place: str) -> tuple[str, ...]:
    where, environment = connect.client(job.url)
    try:
        dump = job.run([f"{place}/pg_dump", *where, *SCHEMA_OPTIONS], timeout=A_DAY, env=environment)
    except FailedProgramError as error:
        raise UndecidedError("schema", "not-comparable", blame.stopped("schema", str(error)).message) from None
    return read.definitions(dump.decode("utf-8", "replace"))


def _make_dump(job: Job, box: Sandbox, place: str, major: int) -> tuple[Backup, Reference]:
    """In the snapshot in which the source is also read, so that whatever differs is the backup's fault."""
    path, roles = box.path("backup.dump"), box.path("globals-backup.sql")
    where, environment = connect.client(job.url)
    form = "plain" if "plain" in job.method.lower() else "custom"
    with connect.source(job.url) as source:
        taken = job.clock()
        [(snapshot, database)] = source.rows("SELECT pg_export_snapshot(), current_database()")
        options = (f"--format={form}", f"--snapshot={snapshot}", f"--file={path}")
        job.run([f"{place}/pg_dump", *where, *options], timeout=A_DAY, env=environment)
        who = ("--globals-only", "--no-role-passwords", f"--database={database}", f"--file={roles}")
        job.run([f"{place}/pg_dumpall", *where, *who], timeout=A_DAY, env=environment)
        tables, users = read.contents(source), read.users(source)
    held = Reference(tables, True, "", _definitions(job, place), users)
    return Backup("backup.dump", path, taken, files.size(path), form, made=True, globals=roles), held


def _make_base(job: Job, box: Sandbox, place: str, major: int) -> tuple[Backup, Reference]:
    """The source is read before and after: where both are equal, nothing moved meanwhile."""
    before, taken = _held(job, major), job.clock()
    path = box.path("backup")
    where, environment = connect.client(job.url)
    options = (f"--pgdata={path}", "--wal-method=fetch", "--checkpoint=fast", "--no-sync")
    job.run([f"{place}/pg_basebackup", *where, *options], timeout=A_DAY, env=environment)
    after = _held(job, major)
    same = before.tables == after.tables and before.schema == after.schema
    held = after if same else after._replace(exact=False, why_not="the source changed while the backup was made")
    return Backup("backup", path, taken, files.size(path), "base", made=True), held

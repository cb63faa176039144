"""Dumps: made by pg_dump, restored into an empty server of the sandbox, roles first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from stocktake.errors import FailedProgramError
from stocktake.restore import files
from stocktake.restore.contents import Answer
from stocktake.restore.engines.postgresql import blame, plain, server
from stocktake.restore.engines.postgresql.restored import Restored
from stocktake.restore.job import Backup, Job
from stocktake.restore.log import PASS
from stocktake.restore.sandbox import Sandbox
from stocktake.restore.stop import BadBackupError, UndecidedError

DATABASE = "stocktake_restored"
_VERSION = "SELECT current_setting('server_version_num')::int / 10000"
_ENCODING = re.compile(r"[A-Z0-9_]{1,20}")
_OPTIONS = ("--exit-on-error", "--no-tablespaces", "--no-subscriptions", "--jobs=2")


@contextmanager
def restored(
    job: Job, backup: Backup, box: Sandbox, programs: str, encoding: str, source: int | None, superuser: str
) -> Iterator[Restored]:
    """The dump in a database of its own; `source` is the major version that it comes from, where that is known, and
    `superuser` the role that its cluster began with: no dump needs to hold it, and it gave most memberships.
    """
    _refuse_damaged(job, backup, programs)
    data = server.create(job.run, programs, box, superuser)
    with server.running(job.run, programs, box, data, superuser) as target:
        server.refuse_unless_empty(target)
        _load_globals(backup, box, target)
        with target.connected("postgres") as store:
            kind = encoding if _ENCODING.fullmatch(encoding) else "UTF8"
            place = f"ENCODING '{kind}' LC_COLLATE 'C' LC_CTYPE 'C'"
            store.rows(f"CREATE DATABASE {DATABASE} TEMPLATE template0 {place}")
        _load(backup, box, target)
        whole = Answer("integrity", PASS, "every entry of the dump was read and loaded without an error")
        yield Restored(target, DATABASE, whole, _was_empty(target, source), physical=False)


def _was_empty(target: server.Server, source: int | None) -> str:
    """Where the drill had to take newer programs, it says so: a restore in an emergency may meet older ones."""
    with target.connected("postgres") as store:
        [(here,)] = store.rows(_VERSION)
    there = "" if source in (None, here) else f", for a source of version {source}"
    return f"a fresh server of version {here}{there}, without a database of anybody's"


def _refuse_damaged(job: Job, backup: Backup, programs: str) -> None:
    """Read the whole dump before anything is built: pg_restore --list would not notice that half of it is gone."""
    if backup.form == "custom":
        try:
            job.run([f"{programs}/pg_restore", "--file=/dev/null", backup.path], timeout=server.A_DAY)
        except FailedProgramError as error:
            raise blame.stopped("integrity", str(error)) from None
        return
    if not plain.is_complete(files.lines(backup.path)):
        raise BadBackupError("integrity", "corruption", "the dump has no end: it was cut off")
    if odd := plain.odd_command(files.lines(backup.path)):
        raise UndecidedError(
            "restore", "procedure", f"the dump holds a command of psql that a drill does not run: {odd}"
        )


def _load_globals(backup: Backup, box: Sandbox, target: server.Server) -> None:
    """Roles that are there already are no error here; one that is missing shows when the dump is loaded."""
    if backup.globals:
        roles = plain.globals_only(files.lines(backup.globals), target.superuser)
        path = box.write_lines("globals.sql", plain.restricted(roles, box.token))
        target.client("psql", "--no-psqlrc", "--quiet", "--output=/dev/null", f"--file={path}")


def _load(backup: Backup, box: Sandbox, target: server.Server) -> None:
    try:
        if backup.form == "custom":
            target.client("pg_restore", *_OPTIONS, backup.path, database=DATABASE)
        else:
            path = box.write_lines("restricted.sql", plain.restricted(files.lines(backup.path), box.token))
            options = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null")
            target.client("psql", *options, f"--file={path}", database=DATABASE)
    except FailedProgramError as error:
        raise blame.stopped("restore", str(error)) from None

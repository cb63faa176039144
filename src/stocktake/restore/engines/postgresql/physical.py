"""Copies of a whole cluster: made by pg_basebackup, verified by their manifest, started in the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from stocktake.errors import FailedProgramError
from stocktake.restore import files
from stocktake.restore.contents import Answer
from stocktake.restore.engines.postgresql import blame, server
from stocktake.restore.engines.postgresql.restored import Restored
from stocktake.restore.job import Backup, Job
from stocktake.restore.log import PASS, UNKNOWN
from stocktake.restore.sandbox import Sandbox
from stocktake.restore.stop import BadBackupError, UndecidedError

_DATABASES = "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate AND datname <> 'postgres'"
_HBA = b"local all all trust\n"
_LEFT_OUT = ("postmaster.pid", "postmaster.opts", "recovery.conf", "recovery.signal", "standby.signal")


@contextmanager
def restored(
    job: Job, backup: Backup, box: Sandbox, programs: str, superuser: str, database: str
) -> Iterator[Restored]:
    """A copy of the cluster; the copy is verified, changed and started, the backup itself only read."""
    if not box.is_empty("data"):
        raise UndecidedError("sandbox-empty", "procedure", "there is a folder in the way")
    data = box.copy(backup.path, "data")
    whole = _verified(job, programs, data)
    _tame(box, data)
    try:
        with server.running(job.run, programs, box, data, superuser) as target:
            yield Restored(
                target, database or _only_database(target), whole, "no folder of that name was there", physical=True
            )
    except UndecidedError as error:
        if error.cause == "missing-dependency" and whole.result != PASS:
            raise BadBackupError("restore", "corruption", error.message) from None
        raise


def _only_database(target: server.Server) -> str:
    """The database to compare where no source says which."""
    with target.connected("postgres") as store:
        found = [name for (name,) in store.rows(_DATABASES)]
    if len(found) > 1:
        raise UndecidedError(
            "content", "procedure", "the copy holds several databases, and no source says which to compare"
        )
    return found[0] if found else "postgres"


def _verified(job: Job, programs: str, data: str) -> Answer:
    """Every file against the manifest that pg_basebackup wrote."""
    if files.links(data):
        what = "it holds links or tablespaces that lead out of it, which a drill does not follow"
        raise UndecidedError("restore", "procedure", what)
    if "backup_manifest" not in files.names(data):
        return Answer(
            "integrity", UNKNOWN, "it has no manifest, so nobody can tell whether it is whole", "not-comparable"
        )
    try:
        job.run([f"{programs}/pg_verifybackup", "--quiet", data], timeout=server.A_DAY)
    except FailedProgramError as error:
        stop = blame.stopped("integrity", str(error))
        raise BadBackupError("integrity", "corruption", stop.message) from None
    return Answer("integrity", PASS, "every file has the checksum that its manifest names")


def _tame(box: Sandbox, data: str) -> None:
    """The copy takes its settings from the drill alone, and is no standby of anybody."""
    for name in _LEFT_OUT:
        box.remove(f"data/{name}")
    for name, text in (
        ("postgresql.conf", b""),
        ("postgresql.auto.conf", b""),
        ("pg_hba.conf", _HBA),
        ("pg_ident.conf", b""),
    ):
        box.write(f"data/{name}", text)
    box.give("data", server.account())

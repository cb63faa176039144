"""The steps of a drill, the same for every engine: choose, restore, check, erase, compare."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from typing import Any, NamedTuple

from stocktake.restore import files
from stocktake.restore.choice import Choice, choose
from stocktake.restore.contents import Answer, Reference, compared, from_manifest, schema_compared
from stocktake.restore.engines.engine import Copy, Engine
from stocktake.restore.job import Backup, Job
from stocktake.restore.log import FAIL, NOT_APPLICABLE, PASS, UNKNOWN, Log
from stocktake.restore.sandbox import Sandbox, refuse_without_room, sandbox
from stocktake.restore.stop import StoppedError, UndecidedError
from stocktake.restore.store import StoreError

_NOTHING = Choice(None, (), (), ())


class Drilled(NamedTuple):
    """What a drill found; `backup` is None where there was none, `digest` that of the backup."""

    started: datetime
    finished: datetime
    choice: Choice
    backup: Backup | None
    digest: str
    log: Log
    restored: bool


def drill(job: Job, engine: Engine, log: Log) -> Drilled:
    """Restore the newest backup of a plan, or one made for the purpose, and find out whether it is good."""
    started = job.clock()
    choice, backup, digest, restored = _NOTHING, None, "", False
    try:
        with log.step("choose a backup"):
            choice = chosen(job, engine)
            _tell(choice, log)
        backup = choice.backup
        refuse_without_room(engine.room(job, backup))
        with sandbox({**job.about()}) as box:
            backup, digest, reference = _at_hand(job, engine, choice, box, log)
            try:
                restored = _restore(job, engine, backup, reference, box, log)
            finally:
                _unaltered(backup, digest, log)
    except StoppedError as stop:
        log.check(stop.check, stop.result, stop.message[:400], stop.cause)
    except StoreError as error:
        log.check("restore", UNKNOWN, f"the sandbox did not answer: {error}"[:400], "procedure")
    return Drilled(started, job.clock(), choice, backup, digest, log, restored)


def chosen(job: Job, engine: Engine) -> Choice:
    """What lies in the folder of the backups; nothing where the drill makes one.

    Raises UndecidedError where there should be a backup and is none.
    """
    return choose(files.backups(job.location), engine.form, engine.wanted(job)) if job.location else _NOTHING


def _tell(choice: Choice, log: Log) -> None:
    for backup, reason in choice.passed_over:
        log.note("passed-over", backup=backup.name, reason=reason)
    if choice.damaged:
        what = f"newer than the newest that can be read, and damaged: {', '.join(choice.damaged[:5])}"
        log.check("restore", FAIL, what[:400], "corruption")
    elif choice.encrypted:
        what = f"the newest backup is encrypted: {choice.encrypted[0]}"
        log.check("restore", UNKNOWN, what[:400], "key-missing")


def _at_hand(
    job: Job, engine: Engine, choice: Choice, box: Sandbox, log: Log
) -> tuple[Backup, str, Reference | UndecidedError]:
    """The backup, its digest, and what it should hold."""
    if choice.backup is None and job.location:
        cause = "key-missing" if choice.encrypted else "no-backup"
        raise UndecidedError("restore", cause, "there is no backup in the folder that can be restored")
    if choice.backup is None:
        with log.step("make a backup"):
            backup, reference = engine.make(job, box)
        return backup, files.digest(backup.path), reference
    with log.step("read the backup"):
        digest = files.digest(choice.backup.path)
    with log.step("read the source"):
        return choice.backup, digest, _reference(job, engine, choice.backup)


def _reference(job: Job, engine: Engine, backup: Backup) -> Reference | UndecidedError:
    """A manifest beside the backup tells more than the source, which may have moved on."""
    try:
        if backup.manifest:
            return from_manifest(files.read(backup.manifest))
        return engine.reference(job, backup)
    except UndecidedError as error:
        return error
    except ValueError as error:
        return UndecidedError("content", "not-comparable", f"the file beside the backup {error}")


def _restore(
    job: Job, engine: Engine, backup: Backup, reference: Reference | UndecidedError, box: Sandbox, log: Log
) -> bool:
    with ExitStack() as stack:
        with log.step("restore", recovers=True):
            usable = backup._replace(path=box.unpack(backup.path, "unpacked")) if backup.packed else backup
            copy = stack.enter_context(engine.restored(job, usable, box))
        log.check("sandbox-empty", PASS, copy.was_empty)
        log.check("restore", PASS, f"restored from {backup.name}"[:400])
        with log.step("check the integrity", recovers=True):
            _note(copy.integrity(), log)
        _compare(copy, reference, log)
        _erase(job, copy, log)
    return True


def _compare(copy: Copy, reference: Reference | UndecidedError, log: Log) -> None:
    if isinstance(reference, UndecidedError):
        for name in ("schema", "counts", "content", "application-role"):
            log.check(name, UNKNOWN, reference.message, reference.cause)
        return
    with log.step("compare the definitions"):
        _note(schema_compared(reference, copy.schema()), log)
    with log.step("compare the contents"):
        for answer in compared(reference, copy.contents()):
            _note(answer, log)
    with log.step("read as the application does"):
        _note(copy.as_application(reference), log)


def _erase(job: Job, copy: Copy, log: Log) -> None:
    """Erase again what had been erased since; a second run that still finds something proves that it does not work."""
    if job.erasure is None:
        result = UNKNOWN if job.personal else NOT_APPLICABLE
        what = "holds personal data, and the plan names no erasure replay" if job.personal else "no personal data"
        log.check("erasure", result, what, "procedure")
        return
    with log.step("replay the erasures", recovers=True):
        touched = copy.erase(job.erasure)
    after = copy.contents()
    again = copy.erase(job.erasure)
    if again or copy.contents() != after:
        log.check("erasure", FAIL, f"the erasure replay still found {again} rows when it ran again", "procedure")
    else:
        log.check("erasure", PASS, f"{touched} rows erased again; a second run found nothing left")


def _unaltered(backup: Backup, digest: str, log: Log) -> None:
    with log.step("read the backup again"):
        same = files.digest(backup.path) == digest
    what = "the same before and after" if same else "its content changed while the drill ran"
    log.check("backup-unaltered", PASS if same else UNKNOWN, what, "none" if same else "procedure")


def _note(answer: Answer, log: Log) -> None:
    log.check(answer.name, answer.result, answer.message[:400], answer.cause)


def summary(drilled: Drilled) -> Mapping[str, Any]:
    """The result as evidence repeats it at its end."""
    result, cause = drilled.log.verdict()
    return {"result": result, "failure_cause": cause}

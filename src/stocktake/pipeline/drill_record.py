"""From what a drill found to its record in the registry and the evidence beside it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from math import ceil
from typing import Any

from stocktake.edit.new import dump
from stocktake.load.evidence import FOLDER
from stocktake.load.files import Tree
from stocktake.model.estate import Estate
from stocktake.restore import evidence
from stocktake.restore.drill import Drilled
from stocktake.restore.job import Backup, Job
from stocktake.restore.log import CHECKS, NO_VERDICT, PASSED, UNKNOWN
from stocktake.values import duration
from stocktake.values.text import shown, slug

_SOON = "P30D"  # until when a drill that did not pass is to be held again

Files = tuple[tuple[str, bytes], ...]


def written(tree: Tree, estate: Estate, job: Job, drilled: Drilled, today: date) -> Files:
    """(path, content) of the evidence, then of the record that names it."""
    identity = _identity(tree, job, estate, today)
    proof = f"{FOLDER}/{identity}.jsonl"
    about = {**job.about(), "backup_set": backup_set(drilled)}
    what = {"drill": identity, **about, "engine": job.engine, "method": job.method}
    content = evidence.text(what, drilled.log.events, _end(drilled))
    record = _record(job, drilled, today, estate.settings.limits["exercise"], proof, evidence.digest(content))
    path = f"{estate.kinds['drill'].folder}/{identity}.yaml"
    text = f"# yaml-language-server: $schema={'../' * path.count('/')}schemas/drill.schema.json\n{dump(record)}"
    return (proof, content), (path, text.encode())


def _record(job: Job, drilled: Drilled, today: date, limit: str, proof: str, digest: str) -> dict[str, Any]:
    end = _end(drilled)
    due = limit if end["result"] == PASSED else _SOON
    place = " in ".join(filter(None, (job.asset, job.environment)))
    every = [*told(drilled), *((name, UNKNOWN, "the drill ended before") for name in not_reached(drilled))]
    checks = {name: {"result": found, "message": said} for name, found, said in sorted(every)}
    return {
        "name": f"Restore of {place} on {today.isoformat()}",
        **job.about(),
        "backup_set": backup_set(drilled),
        "backups": _backups(drilled),
        "type": "full-restore",
        "started": _moment(drilled.started),
        "finished": end["finished"],
        "measured_rto": end["measured_rto"],
        "measured_rpo": end["measured_rpo"],
        "checks": checks,
        "result": end["result"],
        "failure_cause": end["failure_cause"],
        "evidence": proof,
        "evidence_digest": digest,
        "next_due": duration.after(today, due).isoformat(),
    }


def told(drilled: Drilled) -> list[tuple[str, str, str]]:
    """(name, result, message) of every check that the drill came to, sorted."""
    return sorted((name, found, shown(said)) for name, (found, said, _) in drilled.log.checks.items())


def not_reached(drilled: Drilled) -> list[str]:
    """The checks that the drill ended before."""
    return [name for name in CHECKS if name not in drilled.log.checks]


def _end(drilled: Drilled) -> dict[str, str]:
    result, cause = drilled.log.verdict()
    return {
        "result": result,
        "failure_cause": cause,
        "finished": _moment(drilled.finished),
        **measured(drilled),
    }


def _identity(tree: Tree, job: Job, estate: Estate, today: date) -> str:
    """An id that no other drill has."""
    base = "-".join(filter(None, (job.asset, job.environment, today.isoformat())))[:90]
    taken = {record.id for record in estate.of("drill")}
    names = [base, f"{base}-{slug(job.plan)}"[:95], *(f"{base}-{number}" for number in range(2, 1000))]
    return next(name for name in names if name not in taken and not tree.has(f"{FOLDER}/{name}.jsonl"))


def backup_set(drilled: Drilled) -> str:
    """The name of the backup that was restored."""
    return shown(drilled.backup.name)[:200] if drilled.backup else "none"


def _backups(drilled: Drilled) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if drilled.backup:
        facts = _facts(drilled.backup, "made" if drilled.backup.made else "restored")
        found[backup_set(drilled)] = facts | ({"digest": drilled.digest} if drilled.digest else {})
    for backup, reason in drilled.choice.passed_over:
        found[shown(backup.name)[:200]] = {**_facts(backup, "passed-over"), "reason": shown(reason)}
    return found


def _facts(backup: Backup, use: str) -> dict[str, Any]:
    return {"use": use, "taken": _moment(backup.taken), "size": backup.size}


def measured(drilled: Drilled) -> dict[str, str]:
    """RTO only where everything up to a usable copy was done; RPO only of a backup that was there before."""
    usable = drilled.restored and drilled.log.verdict()[0] in (PASSED, NO_VERDICT)
    age = (drilled.started - drilled.backup.taken).total_seconds() if drilled.backup else 0
    known = drilled.backup is not None and not drilled.backup.made
    return {
        "measured_rto": _length(drilled.log.recovery) if usable else "not-measured",
        "measured_rpo": _length(max(age, 0)) if known else "not-measured",
    }


def _length(seconds: float) -> str:
    return duration.iso(max(1, ceil(seconds)))


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

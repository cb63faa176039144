"""Jobs of pipelines as batch jobs, each with an edge to the store that it migrates, dumps or restores."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stocktake.discover import engines, places
from stocktake.discover.claims import Job
from stocktake.discover.draft import Draft
from stocktake.discover.edges import LIKELY, SURE, Reader
from stocktake.discover.references import LOCAL, Target, find
from stocktake.discover.work import DUMP, MIGRATE, RESTORE, Work
from stocktake.values.text import hostile, slug

_TYPES = {DUMP: "reads", MIGRATE: "reads-writes", RESTORE: "writes"}
_MIGRATED = frozenset(("relational-db", "data-warehouse", "time-series"))
_TRIAL = re.compile(
    r"(^|[^a-z])(tests?|testing|e2e|lint|integration|unit|specs?|checks?|coverage|quality|validate|verify|preview)([^a-z]|$)",
    re.IGNORECASE,
)


def read(jobs: Iterable[Job], reader: Reader, project: str) -> None:
    """A batch job for each that does something with a store which is not only there for its tests."""
    for job in jobs:
        if _TRIAL.search(job.name) or hostile(job.name):
            continue
        draft: Draft | None = None
        done: dict[str, set[str]] = {}
        for each, folder, evidence in job.works:
            found = _store(job, each, folder, reader)
            if found is None:
                continue
            store, confidence = found
            draft = draft or _draft(job, reader, project)
            if not store.project and not store.homes:
                store.evidence.add(evidence)
            types = done.setdefault(store.key, set())
            types.add(_TYPES[each.what])
            reader.estate.connect(draft, store, _TYPES[each.what], confidence, [evidence])
            if len(types) > 1:
                reader.estate.retype(draft, store, "reads-writes")
            bucket = each.bucket if each.bucket[0] else job.bucket
            if each.what == DUMP and bucket[0]:
                target = Target(bucket[0], database=bucket[1])
                kept = reader.hosts.find(target, None) or reader.hosts.store(target, LIKELY)
                if kept:
                    kept.evidence.add(evidence)
                    reader.estate.connect(draft, kept, "writes", LIKELY, [evidence])


def _draft(job: Job, reader: Reader, project: str) -> Draft:
    own = slug(job.name) or "job"
    name = job.stem if own in job.stem else f"{job.stem}-{own}".strip("-")
    draft = reader.estate.add(Draft(slug(name) or "job", name, "batch-job", confidence=SURE), "pipeline")
    written = f"{project}/{job.path}/{job.name}"
    identity = "".join(sign if sign.isprintable() and not sign.isspace() else "-" for sign in written)
    draft.identifiers.add(f"ci:{identity}")
    draft.evidence.add(job.evidence)
    return draft


def _store(job: Job, each: Work, folder: str, reader: Reader) -> tuple[Draft, float] | None:
    """The store that is meant: where the command or the settings of the job say, else the only one that can be meant.

    None for what is done to a store that the job starts itself.
    """
    targets = [Target(each.engine, each.host, each.port, each.database)] if each.host or each.database else []
    targets += [target for _, target in find(job.settings) if _fits(target, each)]
    for target in targets:
        if target.host in LOCAL:
            return None
        is_told = target.host or (target.database and "$" not in target.database)
        if is_told and (found := reader.hosts.find(target, None)):
            return (found, SURE) if _can(found, each) else None
        if target.host and target.engine in engines.ENGINES and (made := reader.hosts.store(target, SURE)):
            return made, SURE
        named = _named(target.database, each, reader)
        if named:
            return named, SURE
    if job.is_trial or any(_agrees(engine, each) for engine in job.services):
        return None
    found_ = _only(each, folder, reader)
    return (found_, LIKELY) if found_ else None


def _fits(target: Target, each: Work) -> bool:
    return bool(target.engine) and not target.external and _agrees(target.engine, each)


def _agrees(engine: str, each: Work) -> bool:
    if each.engine:
        return engines.agree(engine, each.engine)
    return engine in engines.ENGINES and engines.ENGINES[engine].type in _MIGRATED


def _can(draft: Draft, each: Work) -> bool:
    return draft.type in engines.STORES and (not draft.engine or _agrees(draft.engine, each))


def _named(name: str, each: Work, reader: Reader) -> Draft | None:
    """The one store of a name that is the name of a database or an instance."""
    word = name.lower()
    found = [
        draft
        for draft in reader.estate.drafts.values()
        if word and _can(draft, each) and word in {one.lower() for one in (draft.key, draft.name, *draft.aliases)}
    ]
    return found[0] if len(found) == 1 else None


def _only(each: Work, folder: str, reader: Reader) -> Draft | None:
    """The one store that the program in the folder writes to, else the only one of the tree."""
    alike = [draft for draft in reader.estate.drafts.values() if draft.engine and _can(draft, each)]
    place = places.resolve("", folder) if folder else None
    if place and place in reader.owners:
        keys = {draft.key for draft in reader.owners[place]}
        used = {edge.target for edge in reader.estate.edges() if edge.source in keys}
        near = [draft for draft in alike if draft.key in used]
        if len(near) == 1:
            return near[0]
    return alike[0] if len(alike) == 1 else None

"""Judge an estate as it was at some of its revisions, by the rules of today; what was judged before is kept."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from hashlib import blake2b
from typing import NamedTuple

from stocktake.analyse.sampled import sampled
from stocktake.errors import InputError, Problem
from stocktake.history.revisions import Blob, Past, past
from stocktake.load import evidence, observations, registry, settings
from stocktake.load.files import Tree, schema_folder
from stocktake.load.held import Held
from stocktake.load.schemas import Schemas, read_schemas
from stocktake.model.audit import Audit
from stocktake.model.estate import Estate
from stocktake.model.record import Record
from stocktake.model.settings import Settings
from stocktake.model.trend import Figures, Moment, Point, Trend
from stocktake.pipeline.audit import audit
from stocktake.pipeline.kept import tool
from stocktake.pipeline.spread import spread
from stocktake.render.measured import measured
from stocktake.write import write

KEPT = "build/trends.json"
# So many records are judged again at most, all revisions together: a big estate has fewer points, not a longer wait.
RECORDS = 30_000
_LEAST = 6
_AT_ONCE = 8
_HALF_A_DAY = 43_200

NO_GIT = "This folder is not in Git, or nothing is committed yet, so there is nothing older to compare with."
OFF = "The settings ask for no history: `trends.revisions` in stocktake.yaml is 0."
SHALLOW = (
    "This is a shallow clone, in which older revisions are missing. "
    "`git fetch --unshallow` gets them; in a workflow, check out with `fetch-depth: 0`."
)
PARTIAL = (
    "This is a partial clone: what files held is not here, and a build asks nobody for it. "
    "Build where the whole repository was cloned."
)

Read = tuple[Record | None, int]


class _Work(NamedTuple):
    """What every revision is judged with: where it is, today's schemas and settings, and today's rules."""

    root: str
    paths: tuple[str, ...]
    schemas: Schemas
    now: Estate


def trends(tree: Tree, judged: Audit, committed: int = 0, keep: bool = True, commit: str = "HEAD") -> Trend:
    """The figures of revisions from old to new, each judged on the day of its commit, and those of `judged` last, whose
    last commit is of the second `committed`. What was counted is written down where it shall be kept.
    """
    now = judged.estate
    schemas = read_schemas(Tree(schema_folder()), tree)
    folders = (kind.folder for kind in now.kinds.values() if not kind.folder.startswith("registry/"))
    paths = ("registry", observations.FOLDER, "stocktake.yaml", *sorted(set(folders)))
    here = Point(judged.today.isoformat(), _moment(judged.today, committed), "", measured(judged))
    if not now.settings.revisions:
        return Trend((here,), 0, OFF)
    with past(tree.root, paths) as found:
        if found is None:
            return Trend((here,), 0, NO_GIT)
        told = PARTIAL if found.is_partial else SHALLOW if found.is_shallow else ""
        revisions = tuple(
            one for one in found.revisions(commit) if one.commit != judged.commit and _day(one) <= judged.today
        )
    chosen = sampled(revisions, _most(now))
    work = _Work(tree.root, paths, schemas, now)
    figures = _kept(tree, chosen, work, keep)
    points = [Point(_day(one).isoformat(), one.time, one.commit, figures[one.commit]) for one in chosen]
    last = max([here.time, *(point.time for point in points)])
    return Trend((*points, here._replace(time=last)), len(revisions) + 1, told)


def _most(now: Estate) -> int:
    return max(1, min(now.settings.revisions, max(_LEAST, RECORDS // max(1, len(now.records)))))


def _day(one: Moment) -> date:
    return datetime.fromtimestamp(one.time, UTC).date()


def _moment(day: date, committed: int) -> int:
    """The second of the last commit, where that is of this day; else noon."""
    noon = int(datetime.combine(day, time(12), UTC).timestamp())
    return committed if abs(committed - noon) <= _HALF_A_DAY else noon


def _kept(tree: Tree, chosen: Sequence[Moment], work: _Work, keep: bool) -> dict[str, Figures]:
    """The figures by commit: read where the same judge saw the revision before, else counted now."""
    judge = _judge(work, tree)
    before = _read(tree, judge)
    missing = [one for one in chosen if one.commit not in before]
    size = max(1, min(_AT_ONCE, -(-len(missing) // (os.cpu_count() or 1))))
    parts = [missing[start : start + size] for start in range(0, len(missing), size)]

    def counted(part: Sequence[Moment]) -> list[Figures]:
        return list(_figures(part, work))

    counts = [one for part in spread(counted, parts) for one in part] if parts else []
    found = before | {one.commit: count for one, count in zip(missing, counts, strict=True)}
    found = {one.commit: found[one.commit] for one in chosen}
    if keep and (missing or found.keys() != before.keys()):
        data = {"judge": judge, "figures": found}
        write(os.path.join(tree.root, KEPT), json.dumps(data, sort_keys=True).encode(), durable=False)
    return found


def _judge(work: _Work, tree: Tree) -> str:
    """What changes when the same revision could be judged otherwise: the tool, schemas, settings and rules of today."""
    found = blake2b(f"{tool()}\0{work.now.settings!r}\0{work.paths}\0".encode("utf-8", "surrogatepass"), digest_size=16)
    found.update(json.dumps(work.schemas.documents, sort_keys=True).encode())
    for path in work.now.settings.modules:
        found.update(tree.read(path) + b"\0")
    for record in work.now.included:
        found.update(f"{record.address} {record.data!r}\0".encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def _read(tree: Tree, judge: str) -> dict[str, Figures]:
    """What was kept by the same judge; nothing where it cannot be read."""
    try:
        data = json.loads(tree.read(KEPT)) if tree.has(KEPT) else {}
        rows = data["figures"].items() if data.get("judge") == judge else ()
        return {commit: Figures(*row) for commit, row in rows if all(type(count) is int for count in row)}
    except (InputError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
        return {}


def _figures(part: Sequence[Moment], work: _Work) -> Iterable[Figures]:
    """The figures of each revision; a file that did not change between two of them is read once."""
    known: dict[tuple[str, Blob], Read] = {}
    with past(work.root, work.paths) as found:
        if found is None:
            raise InputError([Problem(".git", 0, 0, "", "cannot be read any more")])
        for one in part:
            estate, unread = _estate(found, one.commit, work, known)
            yield measured(audit(estate, _day(one))[0], unread)


def _estate(found: Past, commit: str, work: _Work, known: dict[tuple[str, Blob], Read]) -> tuple[Estate, int]:
    """An estate as it was, with the rules of today, and how many files of it cannot be read any more."""
    blobs = found.files(commit)
    held = Held({path: blob.size for path, blob in blobs.items()}, lambda path: found.read(blobs[path]))
    records: dict[str, Record] = {}
    unread = 0
    for path, kind in registry.listed(held, work.schemas)[0]:
        key = (path, blobs[path])
        if key not in known:
            known[key] = _record(held, work.schemas, path, kind)
        record, wrong = known[key]
        unread += wrong
        if record:
            records.setdefault(record.address, record)
    seen, looked, wrong_ones = observations.read_observations(held, work.schemas)
    now = work.now
    estate = Estate(
        records.values(),
        now.kinds,
        now.groups,
        _settings(held, work.schemas, now.settings),
        seen,
        {},
        evidence.read_evidence(held),
        looked,
        now.rules,
        now.included,
        now.copies,
    )
    return estate, unread + len({problem.path for problem in wrong_ones})


def _record(held: Held, schemas: Schemas, path: str, kind: str) -> Read:
    found, wrong = registry.read_files(held, schemas, [(path, kind)])
    return (None, 1) if wrong or not found else (found[0], 0)


def _settings(held: Held, schemas: Schemas, now: Settings) -> Settings:
    """Those of today, with the sources and environments that there were."""
    try:
        then = settings.settings(settings.read_data(held, schemas))
    except InputError:
        return now
    return now._replace(name=then.name, environments=then.environments, sources=then.sources, distinct=then.distinct)

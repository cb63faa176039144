"""Find what source trees contain, join it to what is declared, and write what was seen."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from stocktake.discover import tree as trees
from stocktake.discover import walk
from stocktake.discover.neutral import neutral
from stocktake.edit.new import record_text
from stocktake.edit.propose import Hint, Proposal, propose
from stocktake.errors import InputError, Problem, UsageError
from stocktake.load.files import Tree, is_folder, real
from stocktake.model.audit import Audit
from stocktake.model.estate import Estate
from stocktake.model.observation import Observation
from stocktake.model.settings import Settings, Source
from stocktake.pipeline.audit import audit
from stocktake.pipeline.estate import Opened, open_estate
from stocktake.pipeline.new import resolved
from stocktake.pipeline.observed import Files


class Discovery(NamedTuple):
    """What was seen (`fresh`) and how it compares; `new` and `hints` would document what is not declared."""

    fresh: tuple[Observation, ...]
    audit: Audit
    new: tuple[Proposal, ...]
    hints: tuple[Hint, ...]


def look_at(path: str, source: str, environment: str | None, exclude: Iterable[str] = ()) -> Observation:
    """Everything that one tree shows.

    Raises UsageError where there is no such folder.
    """
    if not is_folder(path):
        raise UsageError(f"{path} is not a folder", "Name the folder that holds the source to look at.")
    files = walk.walk(path, tuple(exclude), trees.wanted)
    return trees.discover(files, source, environment, os.path.basename(os.path.abspath(path)))


def chosen(settings: Settings, tree: Tree, paths: Iterable[str]) -> list[Source]:
    """The configured sources that the paths name; all of them without paths.

    Raises UsageError where a path is not one of them.
    """
    if not (wanted := list(paths)):
        if not settings.sources:
            raise UsageError("stocktake.yaml names no sources", "Name a folder under `sources`, or give one here.")
        return list(settings.sources)
    by_path = {real(os.path.join(tree.root, source.path)): source for source in settings.sources}
    found = []
    for path in wanted:
        source = by_path.get(real(path))
        if source is None:
            raise UsageError(
                f"{path} is not one of the `sources` in stocktake.yaml",
                "Add it there, so that what is seen has a name and an environment.",
            )
        found.append(source)
    return found


def discover(tree: Tree, paths: Iterable[str], today: date) -> Discovery:
    """Look at the sources of a repository and compare with its records."""
    opened = open_estate(tree)
    estate = opened.sound()
    sources = chosen(estate.settings, tree, paths)
    fresh = [
        look_at(_inside(tree, source), source.name, source.environment, source.exclude)._replace(looked=today)
        for source in sources
    ]
    return compare(opened, fresh, today)


def _inside(tree: Tree, source: Source) -> str:
    folder = tree.folder(source.path)
    if folder is None:
        where = f"sources.{source.name}.path"
        raise InputError([Problem("stocktake.yaml", 0, 0, where, f"{source.path} leaves the repository")])
    return folder


def compare(opened: Opened, fresh: Iterable[Observation], today: date) -> Discovery:
    """What was just seen beside what is declared; other sources keep their last observation."""
    estate = opened.estate
    seen = tuple(fresh)
    names = {one.source for one in seen}
    configured = {source.name for source in estate.settings.sources}
    kept = [
        one
        for one in estate.observations
        if one.source not in names and (one.source in configured or one.collector != "discover")
    ]
    both = tuple(sorted([*kept, *seen], key=lambda one: one.source))
    updated = Estate(estate.records, estate.kinds, estate.groups, estate.settings, both, estate.known, estate.evidence)
    judged, _ = audit(updated, today)
    types = frozenset().union(*estate.groups.values())
    new, hints = propose(judged.reconciliation, seen, estate.by_address.keys(), types)
    return Discovery(seen, judged, tuple(new), tuple(hints))


def record_files(found: Discovery, opened: Opened, today: date) -> Files:
    """The new records as files."""
    files = []
    for proposal in found.new:
        kind = opened.schemas.kind(proposal.kind)
        path = f"{kind.folder}/{proposal.id}.yaml"
        text = record_text(
            kind,
            resolved(opened.schemas, proposal.kind),
            proposal.id,
            proposal.facts,
            today.isoformat(),
            "../" * path.count("/"),
        )
        files.append((path, text.encode()))
    return files


def seen_data(seen: Iterable[Observation]) -> dict[str, Any]:
    """What was seen in all sources, in the plain form that other programs read."""
    merged: dict[str, Any] = {}
    for one in seen:
        for section, items in neutral(one).items():
            merged.setdefault(section, []).extend(items)
    return merged


def as_data(found: Discovery) -> dict[str, Any]:
    """The comparison as plain data, beside what was seen."""
    reconciliation = found.audit.reconciliation
    fresh = {one.source for one in found.fresh}
    return {
        **seen_data(found.fresh),
        "matched": [
            {"address": one.address, "source": one.source, "name": one.thing.name}
            for one in reconciliation.matched
            if one.source in fresh
        ],
        "undocumented": [_thing(one) for one in reconciliation.undocumented if one.source in fresh],
        "ambiguous": [
            {**_thing(one), "addresses": list(one.addresses)} for one in reconciliation.ambiguous if one.source in fresh
        ],
        "orphaned": [one._asdict() for one in reconciliation.orphaned if one.source in fresh],
        "proposed": [f"{one.kind}/{one.id}" for one in found.new],
    }


def _thing(one: Any) -> dict[str, Any]:
    evidence = [place.text() for place in one.thing.evidence]
    return {"source": one.source, "name": one.thing.name, "confidence": one.thing.confidence, "evidence": evidence}

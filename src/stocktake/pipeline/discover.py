"""Find what source trees contain, join it to what is declared, and say what was seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from stocktake.discover.neutral import neutral
from stocktake.edit.new import record_text
from stocktake.edit.propose import Hint, Proposal, propose
from stocktake.load.files import Tree
from stocktake.load.record import read
from stocktake.model.audit import Audit, Drift, EdgeVerdict
from stocktake.model.observation import NOT_LOOKED, Observation
from stocktake.model.settings import Source
from stocktake.pipeline.audit import audit
from stocktake.pipeline.estate import Opened, open_estate
from stocktake.pipeline.look import COLLECTOR, chosen, see
from stocktake.pipeline.new import resolved
from stocktake.pipeline.observed import Files


class Discovery(NamedTuple):
    """What was seen (`fresh`) and how it compares; `new` and `hints` would document what is not declared.

    `unbound` are sources that nobody looked at, since nobody said where they lie.
    """

    fresh: tuple[Observation, ...]
    audit: Audit
    new: tuple[Proposal, ...]
    hints: tuple[Hint, ...]
    unbound: tuple[Source, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether everything could be looked at that was to be."""
        return all(one.status != NOT_LOOKED for one in self.fresh)


def discover(tree: Tree, wanted: Iterable[str], today: date) -> Discovery:
    """Look at the sources of a repository and compare with its records."""
    opened = open_estate(tree)
    estate = opened.sound()
    named = list(wanted)
    looks = chosen(estate.settings, tree, named)
    before = {one.source: one for one in estate.observations if one.collector == COLLECTOR}
    fresh = [see(look, before.get(look.source.name), today, tree.root) for look in looks]
    unbound = () if named else tuple(source for source in estate.settings.sources if not source.path)
    return compare(opened, fresh, today)._replace(unbound=unbound)


def compare(opened: Opened, fresh: Iterable[Observation], today: date) -> Discovery:
    """What was just seen beside what is declared; other sources keep their last observation, GOV005 finds those that
    nobody can look at any more.
    """
    estate = opened.estate
    seen = tuple(fresh)
    names = {one.source for one in seen}
    kept = [one for one in estate.observations if one.source not in names]
    both = tuple(sorted([*kept, *seen], key=lambda one: one.source))
    updated = estate.with_observations(both, {one.source: one.looked for one in both if one.looked})
    judged, _ = audit(updated, today)
    types = frozenset().union(*estate.groups.values())
    new, hints = propose(judged.reconciliation, seen, estate.by_address.keys(), types)
    return Discovery(seen, judged, tuple(new), tuple(hints))


def record_files(found: Discovery, opened: Opened, today: date) -> Files:
    """The new records as files; one that `check` would refuse is a mistake of ours, and nothing is written."""
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
        if wrong := read(text.encode(), path, proposal.kind, opened.schemas)[1]:
            raise AssertionError(f"a first record would be wrong: {wrong[0].text()}")
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
    fresh = {one.source for one in found.fresh if one.status != NOT_LOOKED}
    return {
        **seen_data(one for one in found.fresh if one.source in fresh),
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
        "drift": [_drift(one) for one in found.audit.drift if one.source in fresh],
        "edges_differ": [
            _edge(one) for one in reconciliation.edges if one.source in fresh and one.verdict == "differs"
        ],
        "proposed": [f"{one.kind}/{one.id}" for one in found.new],
        "not_looked": [
            *({"source": one.source, "reason": one.reason} for one in found.fresh if one.status == NOT_LOOKED),
            *({"source": one.name, "reason": "no path"} for one in found.unbound),
        ],
    }


def _drift(one: Drift) -> dict[str, Any]:
    return {**one._asdict(), "declared": _plain(one.declared), "observed": _plain(one.observed)}


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    return list(value) if isinstance(value, (list, tuple)) else value


def _edge(one: EdgeVerdict) -> dict[str, Any]:
    source, target = one.ends
    evidence = [place.text() for place in one.seen.evidence]
    return {
        "source": one.source,
        "address": one.address,
        "from": source,
        "to": target,
        "seen": one.seen.type,
        "evidence": evidence,
    }


def _thing(one: Any) -> dict[str, Any]:
    evidence = [place.text() for place in one.thing.evidence]
    return {"source": one.source, "name": one.thing.name, "confidence": one.thing.confidence, "evidence": evidence}

"""What of a judged estate goes into the site of an audience: everything else is gone before anything is rendered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stocktake.analyse import dependencies
from stocktake.analyse import sheets as make
from stocktake.analyse.audience import narrowed
from stocktake.analyse.people import People
from stocktake.load.flatten import flatten
from stocktake.model.audience import INTERNAL, RESTRICTED, of_field, sees
from stocktake.model.audit import Audit, Reconciliation
from stocktake.model.estate import Change, Estate
from stocktake.model.field import fields
from stocktake.model.graph import Graph
from stocktake.model.kind import Kind
from stocktake.model.outcome import Tally
from stocktake.model.settings import FULL
from stocktake.model.sheet import Seen, Sheet
from stocktake.pipeline.audit import facts_of, index_of
from stocktake.values.name import pattern
from stocktake.values.unsaid import Unsaid

SeenFacts = Mapping[str | None, Mapping[str, Seen]]


def edition(judged: Audit, audience: str) -> Audit:
    """The audit as `audience` may see it, with people as the settings say. The whole estate was judged: answers do not
    depend on who reads them, and below `restricted` none is told.
    """
    how = judged.estate.settings.people
    named = judged if how == FULL else _unnamed(judged, how)
    return named if audience == RESTRICTED else _narrowed(named, audience)


def _unnamed(judged: Audit, how: str) -> Audit:
    people = People(judged.estate, judged.history, how)
    estate = _with_records(judged.estate, people)
    seen = {where: _seen(group) for where, group in judged.sheets.items()}
    return _rebuilt(judged, estate, seen)._replace(
        outcomes=tuple(map(people.outcome, judged.outcomes)),
        history={path: people.change(change) for path, change in judged.history.items()},
    )


def _with_records(estate: Estate, people: People) -> Estate:
    return Estate(
        (people.record(record, estate) for record in estate.records),
        estate.kinds,
        estate.groups,
        estate.settings,
        estate.observations,
        estate.known,
        estate.evidence,
        estate.looked,
        estate.rules,
        (people.record(record, estate) for record in estate.included),
        estate.copies,
    )


def _narrowed(judged: Audit, audience: str) -> Audit:
    estate, unsaid = narrowed(judged.estate, audience)
    known = {name: frozenset(field.name for field in fields(kind.shape)) for name, kind in estate.kinds.items()}
    seen: dict[str, SeenFacts] = {}
    for record in estate.records if audience == INTERNAL else ():
        kind, instances = estate.kinds[record.kind], {None, *record.data.get("instances", ())}
        group = (sheet for sheet in judged.sheets[record.address] if sheet.environment in instances)
        seen[record.address] = _shown(_seen(group), kind, known[record.kind], audience, unsaid)
    shown = _rebuilt(judged, estate, seen)
    return shown._replace(
        reconciliation=Reconciliation(),
        drift=(),
        rules=judged.rules if audience == INTERNAL else (),
        outcomes=(),
        tallies={rule.id: Tally() for rule in judged.rules},
        history=_changes(judged, estate, audience),
        left_out={},
        unasked=(),
        audience=audience,
        withheld=len(judged.estate.every) - len(estate.every),
    )


def _changes(judged: Audit, estate: Estate, audience: str) -> Mapping[str, Change]:
    """When the records and pages that are shown were changed, and by whom; a subject line may say anything."""
    paths = {record.path for record in estate.records}
    found = {
        path: change._replace(subject="")
        for path, change in judged.history.items()
        if path in paths or path.startswith("docs/")
    }
    if audience == INTERNAL:
        return found
    return {path: change._replace(author="", commit="") for path, change in found.items()}


def _seen(group: Any) -> SeenFacts:
    return {sheet.environment: sheet.seen for sheet in group}


def _shown(seen: SeenFacts, kind: Kind, known: frozenset[str], audience: str, unsaid: Unsaid) -> SeenFacts:
    """What was seen of fields that are for this audience, without the place. What no schema knows is for nobody."""

    def may(name: str) -> bool:
        shape = pattern(name)
        return shape in known and sees(audience, of_field(kind.audience, shape))

    def plain(fact: Seen) -> Seen:
        value = unsaid.clean(fact.value) if isinstance(fact.value, str) else fact.value
        return fact._replace(value=value, evidence="")

    return {where: {name: plain(fact) for name, fact in facts.items() if may(name)} for where, facts in seen.items()}


def _rebuilt(judged: Audit, estate: Estate, seen: Mapping[str, SeenFacts]) -> Audit:
    """What follows from other records: sheets, index and graph."""
    facts = facts_of(estate)
    index = index_of(estate)
    edges = dependencies.edges(estate.every)
    graph = Graph((index.entries[record.address] for record in estate.every if record.kind == "asset"), edges)
    included = {record.address: _sheets_of(estate, record.address) for record in estate.included}
    sheets = {where: make.sheets(where, known, seen.get(where, {})) for where, known in facts.items()}
    return judged._replace(estate=estate, sheets=sheets, index=index, graph=graph, included=included)


def _sheets_of(estate: Estate, address: str) -> tuple[Sheet, ...]:
    record = estate.by_address[address]
    return make.sheets(address, flatten(record.data, estate.kinds[record.kind].shape), {})

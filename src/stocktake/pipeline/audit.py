"""Judge an estate: join, compare, ask every rule, and find the line of every answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from stocktake.analyse import dependencies, drills, reconcile
from stocktake.analyse import sheets as make
from stocktake.load.files import Tree
from stocktake.load.flatten import flatten
from stocktake.model import looks
from stocktake.model.audit import Audit, Match, Reconciliation
from stocktake.model.drift import drift
from stocktake.model.estate import Change, Estate
from stocktake.model.gist import Packed, gist_of
from stocktake.model.graph import Edge, Graph, Index
from stocktake.model.observation import Observation, Thing
from stocktake.model.outcome import FAIL, Outcome
from stocktake.model.record import Record
from stocktake.model.rule import Context
from stocktake.model.sheet import Sheet
from stocktake.model.weight import Weights
from stocktake.pipeline.estate import positions
from stocktake.pipeline.many import MANY, Lazily, references_of
from stocktake.pipeline.spread import spread
from stocktake.rules.docket import waivers_of
from stocktake.rules.engine import judge
from stocktake.rules.tailored import left_out, tailored
from stocktake.values import name

if TYPE_CHECKING:
    from stocktake.load.strict import Document

Facts = Mapping[str, Any]


class Revision(NamedTuple):
    """What Git says of the state shown: last change by path, the commit and its day, and whether older ones were cut
    off.
    """

    history: Mapping[str, Change] = {}
    commit: str = ""
    committed: str = ""
    is_shallow: bool = False


def audit(
    estate: Estate,
    today: date,
    tree: Tree | None = None,
    revision: Revision | None = None,
    everywhere: bool = True,
    brief: bool = False,
) -> tuple[Audit, tuple[str, ...]]:
    """The estate as judged at `today`, and the tracebacks of rules that failed (our bugs). `tree` gives the line of
    each answer; if not `everywhere`, of each new failure only, since that takes parsing the file again. If `brief`,
    only new failures become outcomes; the others are counted.
    """
    facts = facts_of(estate)
    others = {record.address: flatten(record.data, estate.kinds[record.kind].shape) for record in estate.included}
    edges = dependencies.edges(estate.every)
    found = _found(estate, {**others, **facts}, edges) if estate.observations else Reconciliation()
    found = _ours(found, others) if others else found
    seen = _seen(estate, facts, found.matched, today)
    sheets = _sheets(facts, seen)
    index = index_of(estate)
    graph = Graph((index.entries[record.address] for record in estate.every if record.kind == "asset"), edges)
    context = context_of(estate, today, index, graph, found)
    rules = tailored(estate.settings, estate.rules)
    answers = judge(
        rules,
        sheets,
        context,
        waivers_of(sheets),
        estate.known,
        formerly(estate),
        brief=brief,
        spread=spread if len(sheets) >= MANY else None,
    )
    outcomes, tallies = answers.outcomes, answers.tallies
    placed = outcomes if tree is None else tuple(placed_in(outcomes, estate, tree, everywhere))
    differences = tuple(found for where in sheets if where in seen for one in sheets[where] for found in drift(one))
    judged = Audit(
        estate, today, sheets, index, graph, found, differences, rules, placed, tallies, *(revision or Revision())
    )
    if unasked := left_out(estate.settings, estate.rules):
        judged = judged._replace(unasked=unasked)
    if brief:
        judged = judged._replace(left_out={rule: (one.known, one.waived) for rule, one in answers.left_out.items()})
    if others:
        judged = judged._replace(included={where: make.sheets(where, known, {}) for where, known in others.items()})
    return judged, answers.bugs


def facts_of(estate: Estate) -> Mapping[str, Facts]:
    """The facts of each record by address; of packed records only when they are asked for."""
    by_address, kinds = {record.address: record for record in estate.records}, estate.kinds

    def of(address: str) -> Facts:
        record = by_address[address]
        return flatten(record.data, kinds[record.kind].shape)

    if any(isinstance(record, Packed) for record in estate.records):
        return Lazily(by_address, of)
    return {address: of(address) for address in by_address}


def _found(estate: Estate, facts: Mapping[str, Facts], edges: Iterable[Edge]) -> Reconciliation:
    return reconcile.reconcile(_identifiers(facts), _names(facts), edges, estate.observations, formerly(estate))


def _ours(found: Reconciliation, others: Collection[str]) -> Reconciliation:
    """What is known of our records; those of other registries are compared and judged where they live."""
    return found._replace(
        matched=tuple(one for one in found.matched if one.address not in others),
        orphaned=tuple(one for one in found.orphaned if one.address not in others),
        edges=tuple(one for one in found.edges if one.address not in others),
    )


def context_of(estate: Estate, today: date, index: Index, graph: Graph, found: Reconciliation) -> Context:
    """What rules see of an estate beside the sheet they are asked about."""
    return Context(
        today,
        index,
        graph,
        {**estate.settings.limits, "freshness": estate.settings.freshness},
        estate.groups,
        found,
        evidence=estate.observations,
        looks=looks.expected(estate),
        looked=estate.looked,
        tiers=estate.settings.tiers,
        regions=estate.settings.regions,
        weights=Weights(index, graph),
        copies=estate.copies,
    )


def _identifiers(facts: Mapping[str, Facts]) -> dict[str, reconcile.Identifiers]:
    declared: dict[str, reconcile.Identifiers] = {}
    for where, known in facts.items():
        if where.startswith("asset/"):
            own, instances = make.split(known)
            by_environment = {
                "": reconcile.identifiers(own),
                **{env: reconcile.identifiers(here) for env, here in instances.items()},
            }
            declared[where] = {env: found for env, found in by_environment.items() if found}
    return _without_heirs(declared, {where for where in declared if facts[where].get("lifecycle") == "retired"})


def _without_heirs(
    declared: dict[str, reconcile.Identifiers], retired: Collection[str]
) -> dict[str, reconcile.Identifiers]:
    """What was seen under a name that a retired record passed on is what has it now."""
    if not retired:
        return declared
    kept = [
        found for where, by_environment in declared.items() if where not in retired for found in by_environment.values()
    ]
    taken = frozenset().union(*kept)
    return {
        where: {env: found - taken for env, found in by_environment.items()} if where in retired else by_environment
        for where, by_environment in declared.items()
    }


def _names(facts: Mapping[str, Facts]) -> dict[str, frozenset[str]]:
    return {where: reconcile.names(where, known) for where, known in facts.items() if where.startswith("asset/")}


def _sheets(facts: Mapping[str, Facts], seen: Mapping[str, drills.SeenFacts]) -> Mapping[str, tuple[Sheet, ...]]:
    if isinstance(facts, Lazily):
        return Lazily(facts, lambda where: make.sheets(where, facts[where], seen.get(where, {})))
    return {where: make.sheets(where, known, seen.get(where, {})) for where, known in facts.items()}


def _seen(
    estate: Estate, facts: Mapping[str, Facts], matched: Iterable[Match], today: date
) -> dict[str, drills.SeenFacts]:
    """What was seen of each record, by environment."""
    by_source = {seen.source: seen for seen in estate.observations}
    things: dict[str, list[tuple[Observation, Thing]]] = {}
    for match in matched:
        things.setdefault(match.address, []).append((by_source[match.source], match.thing))
    is_fresh = looks.freshness(today, estate.settings.freshness)
    seen = {where: make.seen_facts(found, is_fresh) for where, found in things.items()}
    for record in estate.of("baseline"):
        seen[record.address] = make.of_baseline(record.data, seen)
    _add_drills(estate, facts, seen)
    return seen


def _add_drills(estate: Estate, facts: Mapping[str, Facts], seen: dict[str, drills.SeenFacts]) -> None:
    """What restore drills showed, on the sheets of the drills and of the assets whose backups they restored."""
    done = [(record.address, facts[record.address]) for record in estate.of("drill")]
    evidence = _evidence(estate)
    for where, known in done:
        seen[where] = {None: drills.seen_of_drill(known, evidence)}
    for where, found in drills.seen_of_plans(done, evidence, facts).items():
        here = seen.setdefault(where, {})
        for environment, shown in found.items():
            here[environment] = {**here.get(environment, {}), **shown}


def _evidence(estate: Estate) -> Mapping[str, Mapping[str, Any]]:
    """What each file of evidence shows, about assets as they are called now."""
    names = {old: new.partition("/")[2] for old, new in formerly(estate).items()}
    if not names:
        return estate.evidence
    return {
        path: {**shown, "asset": name} if (name := names.get(f"asset/{shown.get('asset')}")) else shown
        for path, shown in estate.evidence.items()
    }


def index_of(estate: Estate) -> Index:
    references = (
        (record.address, field, target)
        for record in estate.every
        for field, target in references_of(record, estate.kinds[record.kind])
    )
    return Index((dependencies.entry(record) for record in estate.every), references)


def formerly(estate: Estate) -> dict[str, str]:
    """Where each former address leads."""
    return {f"{record.kind}/{old}": record.address for record in estate.every for old in _former(record)}


def _former(record: Record) -> Iterable[str]:
    gist = gist_of(record)
    return gist.former if gist else record.data.get("formerly") or ()


def placed_in(outcomes: Iterable[Outcome], estate: Estate, tree: Tree, everywhere: bool) -> list[Outcome]:
    """Outcomes with path, line and column of the field they are about."""
    documents: dict[str, Document] = {}
    placed = []
    for outcome in outcomes:
        record = estate.by_address.get(outcome.subject)
        path = outcome.path or (record.path if record else "")
        is_wanted = everywhere or (outcome.state == FAIL and not outcome.known)
        if record is None or outcome.line or not is_wanted:
            placed.append(outcome if outcome.path == path else outcome._replace(path=path))
            continue
        if path not in documents:
            documents[path] = positions(tree, path)
        line, column = _place(documents[path], outcome)
        placed.append(outcome._replace(path=path, line=line, column=column))
    return placed


def _place(document: Document, outcome: Outcome) -> tuple[int, int]:
    if not outcome.field:
        return document.place(())
    steps = tuple(part for part, _ in name.split(outcome.field))
    instance = ("instances", outcome.environment or "", *steps)
    return document.key(instance) if instance in document.keys else document.key(steps)

"""Compare two revisions: what changes for the estate, what new findings there are, and who must approve."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from stocktake.analyse.accepted import accepted, waivings
from stocktake.analyse.changes import concerned, conflicts, neighbourhood, new_edges, reached, touched
from stocktake.errors import InputError
from stocktake.exchange.codeowners import team_of
from stocktake.load.environments import FILE
from stocktake.load.files import Tree
from stocktake.load.known import FILE as KNOWN
from stocktake.load.reviews import Reviews
from stocktake.model.audit import Audit
from stocktake.model.comparison import Comparison, Conflict, Edge, Finding, Reach, Touched
from stocktake.model.estate import Estate
from stocktake.model.graph import Graph
from stocktake.model.outcome import FAIL, SEVERITIES, Outcome
from stocktake.model.rule import Rule
from stocktake.pipeline.audit import audit, formerly, placed_in
from stocktake.pipeline.gated import Sides, gated, sides
from stocktake.pipeline.graph import recovery_times
from stocktake.pipeline.weaker import judging, pairs, renamed
from stocktake.rules.docket import current
from stocktake.rules.engine import counts

_OBJECTIVES = ("backup.rpo", "backup.rto")
_GRAVE = ("critical", "high")


class Compared(NamedTuple):
    """The comparison, and the tracebacks of rules that failed: our bugs."""

    comparison: Comparison
    bugs: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """3 our bug, 1 where the change must not go in like this, else 0."""
        return 3 if self.bugs else 1 if self.comparison.is_refused else 0


def compare(
    tree: Tree, base: str, head: str, today: date, fail_on: str | None = None, host: Reviews | None = None
) -> Compared:
    """Everything that `head` changes since it left `base`, both judged at one day by what the base says.

    Raises UsageError where the revisions have nothing in common, InputError where the registry at `head` is wrong.
    """
    two = sides(tree, base, head)
    judged = gated(two, today, host)
    rules = _rules(two)
    before, after = _judged_by(two.before, two, rules, {}), _judged_by(two.after, two, rules, two.judge.known)
    (one, bugs), (other, more) = audit(before, today, brief=True), audit(after, today)
    gate = fail_on or two.judge.settings.fail_on
    appeared, vanished = _findings(one, other, two, gate)
    later = dict(renamed(two.before, two.after))
    differing = tuple(pairs(two.before, two.after))
    records = tuple(touched(differing, later, judged.weak, _owner(two)))
    assets = _assets(records)
    found = reached(other.graph, assets) or reached(one.graph, assets)
    unseen = (_unseen(one), _unseen(other))
    comparison = Comparison(
        judged.change.base,
        judged.change.head,
        today.isoformat(),
        gate,
        records,
        appeared,
        vanished,
        found,
        _conflicts(one, other, before, after, assets),
        new_edges(_undeclared(one), _undeclared(other)),
        new_edges(*unseen),
        tuple(_judges(two)),
        tuple(sorted({one.owner for one in records} | _told(found)) if records else ()),
        judged.ballot,
        judged.edits,
        (neighbourhood(one.graph, assets), neighbourhood(other.graph, assets)),
        tuple(accepted(records, one.drift, other.drift)),
        tuple(waivings(differing, lambda address: later.get(address, address))),
    )
    return Compared(comparison._replace(owners=tuple(filter(None, comparison.owners))), (*bugs, *more))


def _judged_by(side: Estate, two: Sides, rules: tuple[Rule, ...], known: Mapping[str, str]) -> Estate:
    """A side under the settings, rules and known findings of the base; where things lie and are, it says itself.

    Before the change all findings are alike, known or not, so that it is judged without a list of them.
    """
    then = side.settings
    said = two.judge.settings._replace(
        name=then.name, environments=then.environments, sources=then.sources, includes=then.includes
    )
    kinds = {**side.kinds, **two.judge.kinds}
    return Estate(
        side.records,
        kinds,
        two.judge.groups,
        said,
        side.observations,
        known,
        side.evidence,
        side.looked,
        rules,
        side.included,
        side.copies,
    )


def _rules(two: Sides) -> tuple[Rule, ...]:
    """The own rules of the base, which are the only ones that are run.

    Raises InputError where they cannot be.
    """
    modules = two.judge.settings.modules
    if not modules:
        return ()
    from stocktake.pipeline.own_rules import read_rules

    found, problems = read_rules(two.tip, modules, two.judge.kinds)
    if problems:
        raise InputError(problems)
    return found


def _findings(one: Audit, other: Audit, two: Sides, gate: str) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    later = formerly(other.estate)
    old = {current(found.identity, later): found for found in one.outcomes if found.state == FAIL}
    new = {found.identity: found for found in other.outcomes if found.state == FAIL}
    fresh = [found for name, found in new.items() if name not in old]
    counting = {found.identity for found in counts(fresh, gate, timed=False)}
    placed = placed_in(fresh, other.estate, two.head, everywhere=False)
    states = {name: found.state for found in other.outcomes for name in found.identities}
    gone = [found._replace(identity=name) for name, found in old.items() if name not in new]
    return (
        tuple(_finding(found, found.identity in counting) for found in sorted(placed, key=_gravest)),
        tuple(_finding(found, False, states.get(found.identity, "")) for found in sorted(gone, key=_gravest)),
    )


def _gravest(found: Outcome) -> tuple[int, str]:
    return -SEVERITIES.index(found.severity), found.identity


def _finding(found: Outcome, is_counted: bool, now: str = "") -> Finding:
    return Finding(found.identity, found.severity, found.message, found.path, found.line, is_counted, now)


def _owner(two: Sides) -> Callable[[str], str]:
    def owner(address: str) -> str:
        return team_of(two.before, address) or team_of(two.after, address)

    return owner


def _assets(records: tuple[Touched, ...]) -> list[str]:
    """The assets among what differs, by each address that they have or had."""
    return [name for one in records if one.kind == "asset" for name in (one.address, one.former) if name]


def _told(found: Iterable[Reach]) -> set[str]:
    """The teams of what depends on a change and matters."""
    return {f"team/{one.owner}" for one in found if one.owner and one.criticality in _GRAVE}


def _conflicts(one: Audit, other: Audit, before: Estate, after: Estate, assets: list[str]) -> tuple[Conflict, ...]:
    """The recovery objectives that cannot be kept, and could before."""
    found: set[Conflict] = set()
    for fact in _OBJECTIVES:
        was = conflicts(one.graph, assets, fact, recovery_times(before, fact, concerned(one.graph, assets)))
        now = conflicts(other.graph, assets, fact, recovery_times(after, fact, concerned(other.graph, assets)))
        found |= now - was
    return tuple(sorted(found))


def _undeclared(judged: Audit) -> Iterator[Edge]:
    for one in judged.reconciliation.edges:
        if one.verdict == "undeclared":
            place = one.seen.evidence[0].text() if one.seen.evidence else one.source
            yield Edge(*one.ends, one.seen.type, place)


def _unseen(judged: Audit) -> list[Edge]:
    """Dependencies that no machine has seen, between assets that one has."""
    seen = {one.address for one in judged.reconciliation.matched}
    verified = {one.address for one in judged.reconciliation.edges if one.address}
    graph: Graph = judged.graph
    return [
        Edge(edge.source, edge.target, edge.type, edge.address)
        for edge in graph.edges
        if edge.address not in verified and edge.source in seen and edge.target in seen
    ]


def _judges(two: Sides) -> Iterator[str]:
    """The files that judge and differ."""
    was, now = two.history.files(two.fork), two.history.files(two.last)
    asked = two.before.settings.modules
    own = {*asked, *two.after.settings.modules, *judging(two.base, asked), *judging(two.head, asked)}
    for path in sorted({*was, *now}):
        if was.get(path, ("",))[0] != now.get(path, ("",))[0] and (path in own or _is_judge(path)):
            yield path


def _is_judge(path: str) -> bool:
    return path in (FILE, KNOWN) or path.startswith("schemas/")

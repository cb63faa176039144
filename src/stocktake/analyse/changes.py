"""Two estates become what changed between them, in words about the estate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from stocktake.analyse.gates.facts import NOTHING, said
from stocktake.analyse.impact import Late, late
from stocktake.analyse.sheets import split
from stocktake.model.comparison import (
    ADDED,
    CHANGED,
    REMOVED,
    RENAMED,
    RETIRED,
    Change,
    Conflict,
    Edge,
    Picture,
    Reach,
    Touched,
)
from stocktake.model.graph import MEANINGS, Graph
from stocktake.model.reach import blast
from stocktake.model.weakening import Facts, Pair, Weakening
from stocktake.values import duration

Objectives = Mapping[str, Mapping[str | None, str]]
_UNSAID = ("formerly",)
_PICTURED = 30


def touched(
    pairs: Iterable[Pair], renamed: Mapping[str, str], weak: Iterable[Weakening], owner: Callable[[str], str]
) -> Iterator[Touched]:
    """Every record that differs, by address; `renamed` is the present address by the former."""
    gates: dict[tuple[str, str, str], list[str]] = {}
    for one in weak:
        gates.setdefault((one.subject, one.field, one.environment), []).append(one.gate)
    for pair in sorted(pairs, key=lambda pair: pair.address):
        facts: Facts = (pair.after if pair.after is not None else pair.before) or {}
        now = renamed.get(pair.address, pair.address)
        name = str(facts.get("name") or now.partition("/")[2])
        former = pair.address if now != pair.address else ""
        found = tuple(_changes(pair, gates)) if pair.before is not None and pair.after is not None else ()
        yield Touched(now, _how(pair, former), name, owner(pair.address) or owner(now), former, found)


def _how(pair: Pair, former: str) -> str:
    if pair.before is None:
        return ADDED
    if pair.after is None:
        return REMOVED
    if pair.after.get("lifecycle") == "retired" != pair.before.get("lifecycle"):
        return RETIRED
    return RENAMED if former else CHANGED


def _changes(pair: Pair, gates: Mapping[tuple[str, str, str], Sequence[str]]) -> Iterator[Change]:
    (own, here), (new, there) = split(pair.before or {}), split(pair.after or {})
    for environment in ("", *sorted({*here, *there})):
        was, now = (own, new) if not environment else (here.get(environment, {}), there.get(environment, {}))
        for name in sorted({*was, *now}):
            if was.get(name) != now.get(name) and name not in _UNSAID:
                known = tuple(gates.get((pair.address, name, environment), ()))
                yield Change(name, _words(was.get(name)), _words(now.get(name)), environment, known)


def _words(value: object) -> str:
    text = said(value)
    return "" if text == NOTHING and value is None else "yes" if value is True else "no" if value is False else text


def reached(graph: Graph, addresses: Iterable[str]) -> tuple[Reach, ...]:
    """Everything that stops when one of these stops, themselves left out."""
    changed = [address for address in addresses if address in graph.nodes]
    found = {other for address in changed for other in blast(graph, address)}
    entries = (graph.nodes[address] for address in sorted(found.difference(changed)))
    return tuple(Reach(one.address, one.name, one.owner, one.criticality) for one in entries)


def concerned(graph: Graph, addresses: Iterable[str]) -> frozenset[str]:
    """All whose recovery objectives can come into conflict where these change."""
    near = _near(graph, addresses)
    return frozenset(near | {other for address in near for other in blast(graph, address)})


def _near(graph: Graph, addresses: Iterable[str]) -> set[str]:
    """These and what they directly need."""
    here = {address for address in addresses if address in graph.nodes}
    return here | {first for address in here for first, _ in graph.providers.get(address, ())}


def conflicts(graph: Graph, addresses: Iterable[str], fact: str, objectives: Objectives) -> frozenset[Conflict]:
    """Where something promises more than what it stops with, among these and what they need."""
    return frozenset(
        _conflict(one, fact, provider)
        for provider in _near(graph, addresses)
        for consumer in blast(graph, provider)
        for one in late(objectives, provider, consumer)
    )


def _conflict(found: Late, fact: str, provider: str) -> Conflict:
    promised, provided = (duration.words(duration.seconds(text)) for text in (found.rto, found.provider_rto))
    return Conflict(found.address, fact, promised, provider, provided, found.environment or "")


def new_edges(before: Iterable[Edge], after: Iterable[Edge]) -> tuple[Edge, ...]:
    """The edges that only the second side has, wherever they were seen."""
    known = {one[:3] for one in before}
    return tuple(sorted({one for one in after if one[:3] not in known}))


def neighbourhood(graph: Graph, addresses: Iterable[str]) -> Picture:
    """What changed and what it directly depends on or serves, at most so much as can be read."""
    centre = [address for address in sorted(addresses) if address in graph.nodes][:_PICTURED]
    nodes = dict.fromkeys(centre)
    edges = []
    for address in centre:
        for edge in graph.touching.get(address, ()):
            if len(nodes) < _PICTURED or (edge.source in nodes and edge.target in nodes):
                nodes.update(dict.fromkeys((edge.source, edge.target)))
                edges.append((edge.source, edge.target, MEANINGS[edge.type].words))
    named = tuple((address, graph.nodes[address].name or address) for address in sorted(nodes))
    return Picture(named, tuple(sorted(set(edges))))

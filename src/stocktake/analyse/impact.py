"""What happens when one thing stops: who stops, who goes on with less, whom to tell, and which promises cannot hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from stocktake.analyse.sheets import split
from stocktake.model.graph import Edge, Graph
from stocktake.model.reach import articulation, blast, cycles
from stocktake.values import duration


class Reached(NamedTuple):
    """Something that is hit, after how many steps, and the dependency through which; `fallback` is how it goes on,
    empty where it stops.
    """

    address: str
    steps: int
    owner: str
    criticality: str
    through: str
    type: str
    fallback: str = ""


class Late(NamedTuple):
    """Something that promises to be back sooner than what it stops with; durations are ISO 8601."""

    address: str
    environment: str | None
    rto: str
    provider_rto: str


class Impact(NamedTuple):
    """`stops` and `degrades` are nearest first; `needs` is what the thing directly depends on; `owners` are all teams
    to tell; `late` are recovery time objectives that cannot be kept.
    """

    address: str
    stops: tuple[Reached, ...]
    degrades: tuple[Reached, ...]
    needs: tuple[str, ...]
    owners: tuple[str, ...]
    late: tuple[Late, ...]
    is_single_point: bool
    cycle: tuple[str, ...]


# Recovery time objectives by address and environment (None: the record's own).
Objectives = Mapping[str, Mapping[str | None, str]]


def impact(graph: Graph, address: str, objectives: Objectives) -> Impact:
    """What happens when an asset of the graph stops."""
    hops = {address: 0, **blast(graph, address)}
    stops = [
        _reached(graph, other, steps, _through(graph, other, hops)) for other, steps in hops.items() if other != address
    ]
    degrades = _degraded(graph, hops)
    owners = {one.owner for one in (*stops, *degrades)} | {graph.nodes[address].owner}
    ring = next((group for group in cycles(graph) if address in group), ())
    needs = sorted({first for first, _ in graph.providers.get(address, ())})
    return Impact(
        address,
        tuple(sorted(stops, key=_place)),
        tuple(sorted(degrades, key=_place)),
        tuple(needs),
        tuple(sorted(owners - {""})),
        tuple(found for one in sorted(stops, key=_place) for found in late(objectives, address, one.address)),
        address in articulation(graph),
        ring,
    )


def _place(one: Reached) -> tuple[int, str]:
    return one.steps, one.address


def _reached(graph: Graph, address: str, steps: int, edge: Edge, fallback: str = "") -> Reached:
    entry = graph.nodes[address]
    return Reached(address, steps, entry.owner, entry.criticality, edge.address, edge.type, fallback)


def _through(graph: Graph, address: str, hops: Mapping[str, int]) -> Edge:
    """The dependency on the nearest of the things that stop before it."""
    before = ((hops[first], edge) for first, edge in graph.providers[address] if edge.is_hard and first in hops)
    return min(before)[1]


def _degraded(graph: Graph, hops: Mapping[str, int]) -> list[Reached]:
    """Those that need something that stops and go on, and those that need one that goes on with less."""
    found: dict[str, Reached] = {}
    ring = dict(hops)
    while ring:
        following: dict[str, int] = {}
        for first, steps in sorted(ring.items(), key=lambda item: (item[1], item[0])):
            for other, edge in graph.dependents.get(first, ()):
                if other not in hops and other not in found:
                    found[other] = _reached(graph, other, steps + 1, edge, _what_then(edge, first))
                    following[other] = steps + 1
        ring = following
    return list(found.values())


def _what_then(edge: Edge, first: str) -> str:
    if edge.is_hard:
        return f"as far as {first} does"
    return edge.fallback if edge.has_fallback else "hardly matters to it"


def objectives(facts: Mapping[str, Mapping[str, Any]], fact: str = "backup.rto") -> dict[str, dict[str | None, str]]:
    """The recovery objectives that records declare; `facts` are those of each record by address."""
    found: dict[str, dict[str | None, str]] = {}
    for address, known in facts.items():
        own, instances = split(known)
        for environment, here in [(None, own), *instances.items()]:
            if (rto := here.get(fact)) is not None:
                found.setdefault(address, {})[environment] = str(rto)
    return found


def late(objectives: Objectives, provider: str, consumer: str) -> list[Late]:
    """Where one that stops with another is to be back before it, in each environment of which either says so."""
    ours, theirs = objectives.get(consumer, {}), objectives.get(provider, {})
    found = []
    for environment in sorted({*ours, *theirs}, key=lambda name: name or ""):
        rto, other = (known.get(environment, known.get(None)) for known in (ours, theirs))
        if rto and other and duration.seconds(rto) < duration.seconds(other):
            found.append(Late(consumer, environment, rto, other))
    return found

"""What happens when one thing stops: reach, owners and where recovery objectives contradict each other."""

from __future__ import annotations

from typing import NamedTuple

from stocktake.model.graph import Graph
from stocktake.model.reach import articulation, blast, cycles


class Reached(NamedTuple):
    """Something that stops too: after how many steps, and through which dependency."""

    address: str
    steps: int
    owner: str
    criticality: str


class Impact(NamedTuple):
    """`stops` is nearest first; `needs` is what the thing directly depends on; `owners` are all teams to tell."""

    address: str
    stops: tuple[Reached, ...]
    needs: tuple[str, ...]
    owners: tuple[str, ...]
    is_single_point: bool
    cycle: tuple[str, ...]


def impact(graph: Graph, address: str) -> Impact:
    """What stops when an asset of the graph stops."""
    reached = [
        Reached(other, steps, graph.nodes[other].owner, graph.nodes[other].criticality)
        for other, steps in blast(graph, address).items()
    ]
    reached.sort(key=lambda one: (one.steps, one.address))
    owners = {one.owner for one in reached} | {graph.nodes[address].owner}
    ring = next((group for group in cycles(graph) if address in group), ())
    needs = sorted({first for first, _ in graph.providers.get(address, ())})
    return Impact(
        address, tuple(reached), tuple(needs), tuple(sorted(owners - {""})), address in articulation(graph), ring
    )

"""What comes first: how findings are ranked by what they are about.

A finding comes before another one

1. if its rule is graver,
2. else if what it is about matters more: by its own criticality or that of its system; what nobody rated stands
   between high and medium, since it may be either,
3. else if more stops with what it is about,
4. else by its identity, so that the order is the same in every run.

What is no asset counts as the weightiest of those that it is about; a dependency counts as that which stops with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from stocktake.model.graph import Edge, Graph, Index
from stocktake.model.outcome import SEVERITIES, Outcome
from stocktake.model.reach import blast_radius

RANKS: Mapping[str, int] = {"critical": 4, "high": 3, "": 2, "medium": 1, "low": 0}


class Weight(NamedTuple):
    """How critical something is, empty where nobody said, and how many other assets stop with it."""

    criticality: str = ""
    reach: int = 0

    @property
    def rank(self) -> tuple[int, int]:
        """The higher, the weightier."""
        return RANKS.get(self.criticality, 2), self.reach


_NONE = Weight()


class Weights:
    """The weight of everything in an estate, worked out when first asked for."""

    def __init__(self, index: Index, graph: Graph):
        self._index = index
        self._graph = graph
        self._known: dict[str, Weight] = {}

    @cached_property
    def _radius(self) -> Mapping[str, int]:
        return blast_radius(self._graph)

    @cached_property
    def _edges(self) -> Mapping[str, Edge]:
        return {edge.address: edge for edge in self._graph.edges}

    def of(self, subject: str) -> Weight:
        """The weight of what a finding is about."""
        found = self._known.get(subject)
        if found is None:
            self._known[subject] = found = self._weigh(subject)
        return found

    def _weigh(self, subject: str) -> Weight:
        entry = self._index.get(subject)
        if entry is None:
            return _NONE
        if entry.kind == "dependency":
            return self._of_edge(subject)
        if entry.kind == "asset":
            system = self._index.get(f"system/{entry.system}") if entry.system else None
            criticality = entry.criticality or (system.criticality if system else "")
            return Weight(criticality, self._radius.get(subject, 0))
        about = [self.of(one) for one in self._index.about(subject) if one.startswith(("asset/", "dependency/"))]
        return max(about, key=lambda weight: weight.rank, default=Weight(entry.criticality))

    def _of_edge(self, address: str) -> Weight:
        edge = self._edges.get(address)
        pair = edge.breaks() if edge and edge.is_hard else None
        if edge is None or pair is None:
            return Weight(edge.criticality if edge else "")
        stopped = self.of(pair[1])
        return Weight(edge.criticality or stopped.criticality, stopped.reach + 1)


def rank(outcome: Outcome) -> tuple[int, int, int, str]:
    """Sorts outcomes so that what comes first stands first."""
    criticality, reach = Weight(outcome.criticality, outcome.reach).rank
    return -SEVERITIES.index(outcome.severity), -criticality, -reach, outcome.identity

"""The estate in outline, worked out once for all diagrams: assets by system, and what stands for what from outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from stocktake.model.graph import MEANINGS, Edge, Entry
from stocktake.render.diagram.picture import Arrow, Box, together
from stocktake.render.view import View, page_of

ESTATE = "architecture.md"
ALONE = "system/"  # what stands for all assets that belong to no system
_GROUPS = ("stores", "components", "externals")
_RANK = {"critical": 0, "high": 1, "medium": 2, "low": 3}


class Outline:
    """`entries` are all assets that are not retired, `by_system` the same by the id of their system, "" for none."""

    def __init__(self, view: View):
        self.view = view
        self.groups = {entry.address: group for group in _GROUPS for entry in view.assets(group)}
        self.entries = [view.entry(address) for address in sorted(self.groups)]
        self.by_system: dict[str, list[Entry]] = {}
        for entry in self.entries:
            self.by_system.setdefault(entry.system, []).append(entry)
        self.outer = {entry.address: self._outer(entry) for entry in self.entries}
        self._sizes: dict[str, int] = {}
        for home in self.outer.values():
            self._sizes[home] = self._sizes.get(home, 0) + 1

    @property
    def systems(self) -> list[str]:
        """Ids of the systems that have an asset, sorted."""
        return sorted(system for system in self.by_system if system)

    def _outer(self, entry: Entry) -> str:
        """What stands for an asset from outside: its system; an external system stands for itself."""
        return entry.address if self.groups[entry.address] == "externals" else f"system/{entry.system}"

    def edges(self, entries: Iterable[Entry]) -> list[Edge]:
        """All dependencies that touch one of these, sorted."""
        touching = self.view.audit.graph.touching
        return sorted({edge for entry in entries for edge in touching.get(entry.address, ())})

    @cached_property
    def between_systems(self) -> tuple[Arrow, ...]:
        """The dependencies of the whole estate as arrows between systems and external systems."""
        return self.arrows(self.view.audit.graph.edges, self.outer)

    def arrows(self, edges: Iterable[Edge], homes: Mapping[str, str]) -> tuple[Arrow, ...]:
        """One arrow for all dependencies between the same two boxes; `homes` are boxes by the asset in them."""
        found: dict[tuple[str, str], list[Arrow]] = {}
        for edge in edges:
            ends = homes.get(edge.source, ""), homes.get(edge.target, "")
            if all(ends) and ends[0] != ends[1]:
                found.setdefault(ends, []).append(arrow(edge))
        return tuple(
            Arrow(*ends, together({one.words for one in several}), _worst(one.criticality for one in several))
            for ends, several in sorted(found.items())
        )

    def boxes(self, homes: Iterable[str]) -> list[Box]:
        """A box for each of these systems and assets."""
        return [
            self._system(home) if home.startswith("system/") else self.asset(self.view.entry(home))
            for home in sorted({*homes})
        ]

    def asset(self, entry: Entry) -> Box:
        """An asset as a box."""
        page = page_of(entry.address) if entry.address in self.view.estate.by_address else ""
        tone = self.groups.get(entry.address) or "other"
        return Box(entry.address, entry.name or entry.address, entry.type, "", tone, page, entry.criticality)

    def _system(self, address: str) -> Box:
        count = self._sizes.get(address, 0)
        said = f"{count} asset{'s' if count > 1 else ''}"
        if address == ALONE:
            return Box(ALONE, "In no system", said, tone="other", page="asset/index.md")
        page = page_of(address) if address in self.view.estate.by_address else ""
        criticality = self.view.entry(address).criticality
        return Box(address, self.view.name(address), f"system, {said}", "", "system", page, criticality)


def arrow(edge: Edge) -> Arrow:
    """One dependency as an arrow."""
    words = MEANINGS[edge.type].words if edge.type in MEANINGS else edge.type
    return Arrow(edge.source, edge.target, words, edge.criticality)


def _worst(criticalities: Iterable[str]) -> str:
    return min(criticalities, key=lambda name: _RANK.get(name, 4))

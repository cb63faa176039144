"""The estate as a graph: one entry per record, one edge per dependency, and what each type of edge means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

FORWARD, BACKWARD, BOTH, NONE = "source-to-destination", "destination-to-source", "both", "none"


class Meaning(NamedTuple):
    """Which end stops when the other does (`stops`: `from`, `to` or neither), and which way data flows (`data`)."""

    stops: str
    data: str
    words: str
    inverse: str


# The one table of dependency types; `calls` leaves the data's way open, so a record may say it in `direction`.
MEANINGS: Mapping[str, Meaning] = {
    "authenticates-with": Meaning("from", BACKWARD, "authenticates with", "authenticates"),
    "builds-from": Meaning("from", BACKWARD, "builds from", "is built into"),
    "calls": Meaning("from", BACKWARD, "calls", "is called by"),
    "monitors": Meaning("", BACKWARD, "monitors", "is monitored by"),
    "publishes-to": Meaning("from", FORWARD, "publishes to", "receives from"),
    "reads": Meaning("from", BACKWARD, "reads", "is read by"),
    "reads-writes": Meaning("from", BOTH, "reads and writes", "is read and written by"),
    "replicates-to": Meaning("to", FORWARD, "replicates to", "is a replica of"),
    "subscribes-to": Meaning("from", BACKWARD, "subscribes to", "delivers to"),
    "writes": Meaning("from", FORWARD, "writes", "is written by"),
}


class Entry(NamedTuple):
    """What rules and pages may know of any record without reading it.

    `domains` and `regions` are by environment, those of the record itself under "". `people` are the members of a team
    that are still there, `left` those that are not, each by every name that is written for them, in small letters.
    """

    address: str
    type: str = ""
    name: str = ""
    owner: str = ""
    system: str = ""
    criticality: str = ""
    classification: str = ""
    lifecycle: str = ""
    path: str = ""
    rto: str = ""
    domains: tuple[tuple[str, str], ...] = ()
    regions: tuple[tuple[str, str], ...] = ()
    tags: tuple[str, ...] = ()
    people: tuple[tuple[str, ...], ...] = ()
    left: tuple[tuple[str, ...], ...] = ()

    @property
    def kind(self) -> str:
        """The part of the address before the slash."""
        return self.address.partition("/")[0]


def in_environment(known: Iterable[tuple[str, str]], environment: str | None) -> frozenset[str]:
    """What holds in an environment, of `domains` or `regions`: what is said of it, else of the record, else of any."""
    every = dict(known)
    here = every.get(environment or "") or every.get("")
    return frozenset([here] if here else every.values())


class Edge(NamedTuple):
    """One declared dependency; `source` and `target` are its ends as written (`from`, `to`), by address."""

    address: str
    source: str
    target: str
    type: str
    direction: str = ""
    criticality: str = ""
    fallback: str = ""
    path: str = ""

    @property
    def data(self) -> str:
        """Which way data flows: the record's own word where it has one, else its type's."""
        return self.direction or MEANINGS[self.type].data

    def producers(self) -> tuple[tuple[str, str], ...]:
        """Pairs (producer, consumer), two of them where data flows both ways."""
        forward, backward = (self.source, self.target), (self.target, self.source)
        return {FORWARD: (forward,), BACKWARD: (backward,), BOTH: (forward, backward)}.get(self.data, ())

    @property
    def has_fallback(self) -> bool:
        """Whether somebody decided what happens without it."""
        return bool(self.fallback) and self.fallback.strip().lower() not in ("", "none")

    @property
    def is_hard(self) -> bool:
        """Whether one end stops with the other; with a fallback, or if it hardly matters, it goes on with less."""
        return self.criticality != "low" and not (self.fallback and self.has_fallback)

    def breaks(self) -> tuple[str, str] | None:
        """(what stops first, what stops with it), or None where neither end needs the other."""
        stops = MEANINGS[self.type].stops
        return (self.target, self.source) if stops == "from" else (self.source, self.target) if stops else None


class Graph:
    """`nodes` by address and all `edges`, sorted; `dependents` and `providers` hold the edges by what stops with
    what.
    """

    __slots__ = ("dependents", "edges", "nodes", "providers", "touching")

    def __init__(self, nodes: Iterable[Entry], edges: Iterable[Edge]):
        self.nodes = {node.address: node for node in sorted(nodes)}
        self.edges = tuple(sorted(edge for edge in edges if edge.source in self.nodes and edge.target in self.nodes))
        self.dependents: dict[str, list[tuple[str, Edge]]] = {}
        self.providers: dict[str, list[tuple[str, Edge]]] = {}
        self.touching: dict[str, list[Edge]] = {}
        for edge in self.edges:
            for end in dict.fromkeys((edge.source, edge.target)):
                self.touching.setdefault(end, []).append(edge)
            if pair := edge.breaks():
                first, second = pair
                self.dependents.setdefault(first, []).append((second, edge))
                self.providers.setdefault(second, []).append((first, edge))


class Index:
    """All records by address, and who refers to whom."""

    __slots__ = ("_about", "_left", "_referrers", "entries")

    def __init__(self, entries: Iterable[Entry], references: Iterable[tuple[str, str, str]]):
        """`references` are (from address, field, to address)."""
        self.entries = {entry.address: entry for entry in entries}
        self._referrers: dict[str, list[str]] = {}  # addresses and fields by turns: a pair of each takes far more room
        self._about: dict[str, list[str]] = {}
        self._left: frozenset[str] | None = None
        for source, field, target in references:
            self._referrers.setdefault(target, []).extend((source, field))
            if field in ("asset", "about") or field.startswith("about["):
                self._about.setdefault(source, []).append(target)

    def get(self, address: str) -> Entry | None:
        """The entry of a record, or None."""
        return self.entries.get(address)

    def about(self, address: str) -> list[str]:
        """What a record says that it is about, in its order."""
        return self._about.get(address, [])

    @property
    def left(self) -> frozenset[str]:
        """The names of people who left a team and are in no other one."""
        if self._left is None:
            teams = [entry for entry in self.entries.values() if entry.left or entry.people]
            there = {name for team in teams for names in team.people for name in names}
            gone = [names for team in teams for names in team.left if there.isdisjoint(names)]
            self._left = frozenset(name for names in gone for name in names)
        return self._left

    def is_named(self, address: str, kind: str) -> bool:
        """Whether a record of this kind names this one."""
        start = f"{kind}/"
        return any(source.startswith(start) for source in self._referrers.get(address, ())[::2])

    def referrers(self, address: str, kind: str = "") -> list[tuple[str, str]]:
        """(address, field) of all records that name this one, of one kind where given, sorted."""
        found = self._referrers.get(address, ())
        return sorted(
            (source, field)
            for source, field in zip(found[::2], found[1::2], strict=True)
            if not kind or source.startswith(f"{kind}/")
        )

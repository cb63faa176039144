"""The estate of one tree while it is put together: things with their names, and edges with their evidence."""

from __future__ import annotations

from collections.abc import Iterable

from stocktake.discover.claims import Service
from stocktake.discover.projects import Project
from stocktake.model.observation import Evidence, SeenEdge, Thing

MOST_EVIDENCE = 12


class Draft:
    """A thing while it is learnt about; `homes` are the folders of its code, `variants` what Compose files say.

    What `is_declared` as infrastructure is known by its name, without a project.
    """

    __slots__ = (
        "aliases",
        "confidence",
        "engine",
        "evidence",
        "homes",
        "identifiers",
        "is_declared",
        "key",
        "name",
        "ports",
        "project",
        "type",
        "variants",
        "version",
    )

    def __init__(
        self, key: str, name: str, type_: str, engine: str = "", version: str = "", confidence: float = 1.0
    ) -> None:
        self.key = key
        self.name = name
        self.type = type_
        self.engine = engine
        self.version = version
        self.confidence = confidence
        self.identifiers: set[str] = set()
        self.aliases: set[str] = set()
        self.evidence: set[Evidence] = set()
        self.ports: set[int] = set()
        self.homes: tuple[str, ...] = ()
        self.variants: tuple[Service, ...] = ()
        self.project: Project | None = None
        self.is_declared = False

    def thing(self) -> Thing:
        """What is reported."""
        facts = {
            "type": self.type,
            **({"engine": self.engine} if self.engine else {}),
            **({"version": self.version} if self.version else {}),
        }
        return Thing(
            self.key,
            self.name,
            tuple(sorted(self.identifiers)),
            tuple(sorted(self.aliases - {self.name, ""})),
            facts,
            tuple(sorted(self.evidence)[:MOST_EVIDENCE]),
            self.confidence,
        )


class Estate:
    """Drafts by key and edges by their ends."""

    def __init__(self) -> None:
        self.drafts: dict[str, Draft] = {}
        self._edges: dict[tuple[str, str], tuple[str, float, set[Evidence], str]] = {}

    def add(self, draft: Draft, qualifier: str = "") -> Draft:
        """Take a thing in; its key and name get the qualifier, then a number, if taken."""
        names = (draft.key, f"{qualifier}-{draft.key}" if qualifier else draft.key)
        key = next((name for name in names if name not in self.drafts), "")
        number = 2
        while not key:
            key = "" if f"{names[1]}-{number}" in self.drafts else f"{names[1]}-{number}"
            number += 1
        if key != draft.key:
            draft.aliases.add(draft.name)
            draft.key = draft.name = key
        self.drafts[key] = draft
        return draft

    def connect(
        self, source: Draft, target: Draft, type_: str, confidence: float, evidence: Iterable[Evidence], last: str = ""
    ) -> None:
        """Take an edge in; of several the surest says the type. `last` is the last day on which it was at work."""
        if source is target:
            return
        ends = (source.key, target.key)
        old = self._edges.get(ends)
        seen = (old[2] if old else set()) | set(evidence)
        type_, confidence = old[:2] if old and old[1] >= confidence else (type_, confidence)
        self._edges[ends] = (type_, confidence, seen, max(last, old[3] if old else ""))

    def retype(self, source: Draft, target: Draft, type_: str) -> None:
        """Say of an edge that it does more than any one place tells."""
        old = self._edges[source.key, target.key]
        self._edges[source.key, target.key] = (type_, *old[1:])

    def things(self) -> tuple[Thing, ...]:
        """All things, by key."""
        return tuple(self.drafts[key].thing() for key in sorted(self.drafts))

    def edges(self) -> tuple[SeenEdge, ...]:
        """All edges, by their ends."""
        return tuple(
            SeenEdge(source, target, type_, tuple(sorted(evidence)[:MOST_EVIDENCE]), confidence, last)
            for (source, target), (type_, confidence, evidence, last) in sorted(self._edges.items())
        )

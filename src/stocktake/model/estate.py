"""Everything that is declared and everything that was seen, as loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from stocktake.model.kind import Kind
from stocktake.model.observation import Observation
from stocktake.model.record import Record
from stocktake.model.settings import Settings


class Estate:
    """Records sorted by address; `kinds` and asset type `groups` come from the schemas; `known` are identities of
    known findings by their date; `evidence` is what each file of evidence shows, by path.
    """

    __slots__ = ("by_address", "evidence", "groups", "kinds", "known", "observations", "records", "settings")

    def __init__(
        self,
        records: Iterable[Record],
        kinds: Mapping[str, Kind],
        groups: Mapping[str, frozenset[str]],
        settings: Settings,
        observations: tuple[Observation, ...] = (),
        known: Mapping[str, str] | None = None,
        evidence: Mapping[str, Mapping[str, Any]] | None = None,
    ):
        self.records = tuple(sorted(records, key=lambda record: record.address))
        self.by_address = {record.address: record for record in self.records}
        self.kinds = kinds
        self.groups = groups
        self.settings = settings
        self.observations = observations
        self.known: Mapping[str, str] = known or {}
        self.evidence: Mapping[str, Mapping[str, Any]] = evidence or {}

    def of(self, kind: str) -> list[Record]:
        """All records of one kind, sorted by id."""
        return [record for record in self.records if record.kind == kind]


class Change(NamedTuple):
    """The last change of a file: who, when (seconds since 1970, UTC), in which commit and with which subject line."""

    author: str
    time: int
    commit: str
    subject: str

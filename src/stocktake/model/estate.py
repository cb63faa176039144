"""Everything that is declared and everything that was seen, as loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from stocktake.model.kind import Kind
from stocktake.model.observation import Observation
from stocktake.model.record import Record
from stocktake.model.rule import Rule
from stocktake.model.settings import Settings


class Estate:
    """Records sorted by address; `kinds` and asset type `groups` come from the schemas; `known` are identities of
    known findings by their date; `evidence` is what each file of evidence shows, by path; `looked` is the day of the
    last look by source, also of sources without an observation. `rules` are those of the team itself. `included` are
    records of other registries, which can be named here and are judged where they live; `by_address` holds them too.
    `copies` are the paths of copies of our schemas that differ from ours.
    """

    __slots__ = (
        "by_address",
        "copies",
        "evidence",
        "groups",
        "included",
        "kinds",
        "known",
        "looked",
        "observations",
        "records",
        "rules",
        "settings",
    )

    def __init__(
        self,
        records: Iterable[Record],
        kinds: Mapping[str, Kind],
        groups: Mapping[str, frozenset[str]],
        settings: Settings,
        observations: tuple[Observation, ...] = (),
        known: Mapping[str, str] | None = None,
        evidence: Mapping[str, Mapping[str, Any]] | None = None,
        looked: Mapping[str, date] | None = None,
        rules: tuple[Rule, ...] = (),
        included: Iterable[Record] = (),
        copies: tuple[str, ...] = (),
    ):
        self.copies = copies
        self.records = tuple(sorted(records, key=lambda record: record.address))
        self.included = tuple(sorted(included, key=lambda record: record.address))
        self.by_address = {record.address: record for record in (*self.included, *self.records)}
        self.rules = rules
        self.kinds = kinds
        self.groups = groups
        self.settings = settings
        self.observations = observations
        self.known: Mapping[str, str] = known or {}
        self.evidence: Mapping[str, Mapping[str, Any]] = evidence or {}
        own = {seen.source: seen.looked for seen in observations if seen.looked}
        self.looked: Mapping[str, date] = own if looked is None else looked

    def as_last_seen(self, today: date, is_fresh: Callable[[date | None], bool]) -> Estate | None:
        """The same as if all that was ever seen had been seen today; None if nothing has gone stale."""
        if all(map(is_fresh, (seen.looked for seen in self.observations))):
            return None
        seen = tuple(one._replace(looked=today) for one in self.observations)
        return self.with_observations(seen)

    def with_observations(self, seen: tuple[Observation, ...], looked: Mapping[str, date] | None = None) -> Estate:
        """The same with other observations; the days of the looks stay where none are given."""
        return Estate(
            self.records,
            self.kinds,
            self.groups,
            self.settings,
            seen,
            self.known,
            self.evidence,
            self.looked if looked is None else looked,
            self.rules,
            self.included,
            self.copies,
        )

    @property
    def every(self) -> tuple[Record, ...]:
        """All records, those of other registries after ours."""
        return (*self.records, *self.included)

    def of(self, kind: str) -> list[Record]:
        """Our records of one kind, sorted by id."""
        return [record for record in self.records if record.kind == kind]


class Change(NamedTuple):
    """The last change of a file: who, when (seconds since 1970, UTC), in which commit and with which subject line."""

    author: str
    time: int
    commit: str
    subject: str

"""What a change makes weaker: one thing that needs an approver other than its author."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from stocktake.values.text import shown

Facts = Mapping[str, Any]


class Weakening(NamedTuple):
    """One thing that becomes weaker. `gate` is the name of the gate that notices it; `subject` is a record's address
    or the path of a file, `field` the fact or the setting, and `words` say what becomes of it. `environment` is that
    in which it holds, empty for all. `about` is another record that knows the owner, for what is about a record.
    """

    gate: str
    subject: str
    field: str
    words: str
    environment: str = ""
    about: str = ""

    def text(self) -> str:
        """`asset/orders-db backup.rpo in production: from 15 minutes to 1 hour`."""
        where = f" in {shown(self.environment)}" if self.environment else ""
        field = f" {shown(self.field)}" if self.field else ""
        return f"{self.subject}{field}{where}: {self.words}"


class HandEdit(NamedTuple):
    """A file below `observed/` that somebody edited, and how it shows."""

    path: str
    words: str


class Pair(NamedTuple):
    """A record on both sides, as flat facts; None where a side does not have it. `address` is that before, if any."""

    address: str
    before: Facts | None
    after: Facts | None

    @property
    def kind(self) -> str:
        """The kind of the record."""
        return self.address.partition("/")[0]


class Changed(NamedTuple):
    """All that differs between two sides, and whatever judges.

    `pairs` are the records that differ; the others are pairs of (before, after): the data of `stocktake.yaml`, the
    identities of the known findings, the documents of a team's own schemas by path (None where one cannot be read),
    and a digest of each other file that judges, by path: own rules, and who may sign.
    """

    pairs: tuple[Pair, ...]
    settings: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {})
    known: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    schemas: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {})
    rules: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {})
    signers: tuple[Mapping[str, str], Mapping[str, str]] = ({}, {})

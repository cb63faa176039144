"""What changes for the estate between two revisions: records, findings, what is reached, and who must approve."""

from __future__ import annotations

from typing import NamedTuple

from stocktake.model.approval import Ballot
from stocktake.model.weakening import HandEdit

ADDED, CHANGED, REMOVED, RENAMED, RETIRED = "added", "changed", "removed", "renamed", "retired"


class Change(NamedTuple):
    """One fact of a record before and after, in words; empty where it is not said. `environment` is empty where it is
    said for all; `gates` are those that notice that it became weaker.
    """

    field: str
    before: str
    after: str
    environment: str = ""
    gates: tuple[str, ...] = ()


class Touched(NamedTuple):
    """A record that differs: how, its name and its owner (the address of a team); `former` is its address before where
    it was renamed.
    """

    address: str
    how: str
    name: str
    owner: str = ""
    former: str = ""
    changes: tuple[Change, ...] = ()

    @property
    def kind(self) -> str:
        """The kind of the record."""
        return self.address.partition("/")[0]


class Finding(NamedTuple):
    """A failure that one side has and the other has not; `counts` is whether it stops the change. `now` says what
    became of one that vanished.
    """

    identity: str
    severity: str
    message: str
    path: str = ""
    line: int = 0
    counts: bool = False
    now: str = ""


class Reach(NamedTuple):
    """Something that stops when what changed stops."""

    address: str
    name: str
    owner: str
    criticality: str


class Conflict(NamedTuple):
    """Somebody promises more than what it needs does: `fact` is the objective, durations in words."""

    address: str
    fact: str
    promised: str
    provider: str
    provided: str
    environment: str = ""


class Edge(NamedTuple):
    """A dependency that is new among those declared and not seen, or seen and not declared."""

    source: str
    target: str
    type: str
    place: str = ""


class Accepted(NamedTuple):
    """Something that was not as it was meant to be, and is meant to be like that from now on."""

    address: str
    field: str
    meant: str
    accepted: str
    environment: str = ""


class Waiving(NamedTuple):
    """A waiver that was added, extended, shortened, changed or removed: what it accepts, until when before and after,
    and why.
    """

    address: str
    how: str
    accepts: str
    until: str
    until_now: str
    reason: str


class Picture(NamedTuple):
    """The neighbourhood of what changed: names by address, and (from, to, words)."""

    nodes: tuple[tuple[str, str], ...] = ()
    edges: tuple[tuple[str, str, str], ...] = ()


class Comparison(NamedTuple):
    """All of it. `base` is the commit that the change left from, `head` its last; both sides are judged as at `today`,
    by the settings, rules and list of known findings of the base.
    """

    base: str
    head: str
    today: str
    fail_on: str
    records: tuple[Touched, ...]
    appeared: tuple[Finding, ...]
    vanished: tuple[Finding, ...]
    reached: tuple[Reach, ...]
    conflicts: tuple[Conflict, ...]
    undeclared: tuple[Edge, ...]
    unseen: tuple[Edge, ...]
    judges: tuple[str, ...]
    owners: tuple[str, ...]
    ballot: Ballot
    edits: tuple[HandEdit, ...]
    pictures: tuple[Picture, Picture]
    accepted: tuple[Accepted, ...] = ()
    waivers: tuple[Waiving, ...] = ()

    @property
    def counting(self) -> tuple[Finding, ...]:
        """The new findings that stop the change."""
        return tuple(one for one in self.appeared if one.counts)

    @property
    def is_refused(self) -> bool:
        """Whether the change must not go in like this."""
        return bool(self.counting or self.ballot.refused or self.edits)

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes for the estate."""
        return not (self.records or self.appeared or self.vanished or self.judges or self.edits or self.ballot.verdicts)

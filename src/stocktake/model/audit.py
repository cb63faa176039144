"""All that is known at one day: what every renderer takes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from stocktake.model.audience import RESTRICTED
from stocktake.model.estate import Change, Estate
from stocktake.model.graph import Graph, Index
from stocktake.model.observation import SeenEdge, Thing
from stocktake.model.outcome import Outcome, Tally
from stocktake.model.rule import Rule
from stocktake.model.sheet import Sheet


class Match(NamedTuple):
    """A thing that joined exactly one record."""

    address: str
    source: str
    thing: Thing


class Undocumented(NamedTuple):
    """A thing that no record names; `proposals` are addresses that its bare names hint at."""

    source: str
    thing: Thing
    proposals: tuple[str, ...] = ()


class Ambiguous(NamedTuple):
    """A thing that fits several records and therefore joins none."""

    source: str
    thing: Thing
    addresses: tuple[str, ...]


class Orphan(NamedTuple):
    """A record that a complete source should have seen and did not."""

    address: str
    source: str
    identifier: str


class EdgeVerdict(NamedTuple):
    """What was seen of a dependency: `verified`, `undeclared` (address empty), `differs` (another type), with the
    seen edge.
    """

    verdict: str
    source: str
    address: str
    ends: tuple[str, str]
    seen: SeenEdge


class Reconciliation(NamedTuple):
    """Declared against observed, for things and for edges; all sorted."""

    matched: tuple[Match, ...] = ()
    undocumented: tuple[Undocumented, ...] = ()
    ambiguous: tuple[Ambiguous, ...] = ()
    orphaned: tuple[Orphan, ...] = ()
    edges: tuple[EdgeVerdict, ...] = ()


class Drift(NamedTuple):
    """One fact whose declared and freshly observed values differ."""

    address: str
    environment: str | None
    name: str
    declared: Any
    observed: Any
    source: str
    evidence: str


class Audit(NamedTuple):
    """The estate as judged at `today`.

    `sheets` are all sheets by address, the record's own (environment None) first; `outcomes` are sorted as
    `stocktake.model.weight` says; `tallies` are by rule id; `history` is the last change by path; `commit` and
    `committed` name the revision shown (empty outside Git); where `is_shallow`, changes may be older. `included` are
    the sheets of records of other registries, of which nothing is judged here. `left_out` says by rule id how many
    (known, waived) failures were only counted, where new ones alone were asked for. `audience` is who it may be shown
    to; `withheld` is how many records it was made without for that, and below `restricted` no answer is told.
    `unasked` are the rules that this registry has switched off.
    """

    estate: Estate
    today: date
    sheets: Mapping[str, tuple[Sheet, ...]]
    index: Index  # type: ignore[assignment]  # the tuple method of this name is of no use here
    graph: Graph
    reconciliation: Reconciliation
    drift: tuple[Drift, ...]
    rules: tuple[Rule, ...]
    outcomes: tuple[Outcome, ...]
    tallies: Mapping[str, Tally]
    history: Mapping[str, Change] = {}
    commit: str = ""
    committed: str = ""
    is_shallow: bool = False
    included: Mapping[str, tuple[Sheet, ...]] = {}
    left_out: Mapping[str, tuple[int, int]] = {}
    audience: str = RESTRICTED
    withheld: int = 0
    unasked: tuple[Rule, ...] = ()

"""How far a line of the audit plan is answered: formulas over an audit that can say themselves in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from stocktake.model.observation import NOT_LOOKED
from stocktake.model.outcome import FAIL
from stocktake.render.view import View

ENOUGH = 90
ANSWERED, PARTLY, NOT_YET = "answered", "partly", "not yet"


class Count(NamedTuple):
    """What is known of how much."""

    known: int
    total: int


class Measure(Protocol):
    """A formula; `words` is how the page shows it, `todo` what to do where it is not reached."""

    @property
    def words(self) -> str: ...
    @property
    def todo(self) -> str: ...
    def measured(self, view: View) -> Count: ...


def state(count: Count) -> str:
    """Answered from 90 % up, of at least one; partly where anything is known."""
    if count.total and 100 * count.known >= ENOUGH * count.total:
        return ANSWERED
    return PARTLY if count.known and count.total else NOT_YET


class Known(NamedTuple):
    """Records of a group that say (or were seen to have) all of some facts; a name that ends in `[]` is a beginning."""

    group: str
    facts: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"{GROUPS[self.group]} with {_names(self.facts)} ÷ all {GROUPS[self.group]}"

    @property
    def todo(self) -> str:
        return f"State {_names(self.facts)} in the records of {GROUPS[self.group]}."

    def measured(self, view: View) -> Count:
        addresses = members(view, self.group)
        return Count(
            sum(all(_knows(view, address, fact) for fact in self.facts) for address in addresses), len(addresses)
        )


class Named(NamedTuple):
    """Records of a group that some record of a kind refers to."""

    group: str
    kind: str
    by: str

    @property
    def words(self) -> str:
        return f"{GROUPS[self.group]} that a record of kind `{self.kind}` names ÷ all {GROUPS[self.group]}"

    @property
    def todo(self) -> str:
        return f"Write {self.by} for what has none: `stocktake new {self.kind} ID`."

    def measured(self, view: View) -> Count:
        addresses = members(view, self.group)
        return Count(sum(bool(view.audit.index.referrers(address, self.kind)) for address in addresses), len(addresses))


class Looked(NamedTuple):
    """Sources that were looked at completely and recently enough to say when."""

    @property
    def words(self) -> str:
        return "sources in `stocktake.yaml` that were looked at ÷ all sources"

    @property
    def todo(self) -> str:
        return "Name the trees of your system under `sources` in `stocktake.yaml` and run `stocktake discover`."

    def measured(self, view: View) -> Count:
        seen = {item.source for item in view.estate.observations if item.status != NOT_LOOKED and item.looked}
        names = {source.name for source in view.estate.settings.sources}
        return Count(len(names & seen), len(names))


class Seen(NamedTuple):
    """Records of a group that a machine saw."""

    group: str

    @property
    def words(self) -> str:
        return f"{GROUPS[self.group]} that a machine saw ÷ all {GROUPS[self.group]}"

    @property
    def todo(self) -> str:
        return "Run `stocktake discover`, and give records the identifiers under which they are seen."

    def measured(self, view: View) -> Count:
        addresses = members(view, self.group)
        if self.group == "dependencies":
            seen = {edge.address for edge in view.audit.reconciliation.edges if edge.verdict == "verified"}
        else:
            seen = {match.address for match in view.audit.reconciliation.matched}
        return Count(len(seen & set(addresses)), len(addresses))


class Compared(NamedTuple):
    """Things that machines saw and that have exactly one record."""

    @property
    def words(self) -> str:
        return "things seen that joined a record ÷ all things seen"

    @property
    def todo(self) -> str:
        return "Run `stocktake discover --write` and complete the records it proposes."

    def measured(self, view: View) -> Count:
        found = view.audit.reconciliation
        matched = len(found.matched)
        return Count(matched, matched + len(found.undocumented) + len(found.ambiguous))


class Asked(NamedTuple):
    """Answers of rules that are not unknown: the question was really answered, whatever the answer."""

    rules: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"answers of {', '.join(self.rules)} that are not unknown ÷ all its answers"

    @property
    def todo(self) -> str:
        return "Look into the unknown answers: each says which fact is missing."

    def measured(self, view: View) -> Count:
        tallies = [view.audit.tallies[rule] for rule in self.rules if rule in view.audit.tallies]
        asked = sum(tally.asked for tally in tallies)
        return Count(asked - sum(tally.unknown for tally in tallies), asked)


class Passed(NamedTuple):
    """Answers of rules that are pass or waived."""

    rules: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"answers of {', '.join(self.rules)} that are pass or waived ÷ all answers"

    @property
    def todo(self) -> str:
        return f"Close the findings of {', '.join(self.rules)}."

    def measured(self, view: View) -> Count:
        tallies = [view.audit.tallies[rule] for rule in self.rules if rule in view.audit.tallies]
        return Count(sum(tally.passed + tally.waived for tally in tallies), sum(tally.asked for tally in tallies))


class Tracked(NamedTuple):
    """Failures that somebody has taken up: as a finding record, as a waiver, or on the dated list of known findings."""

    @property
    def words(self) -> str:
        return "failures with a waiver, a finding record or a line on the list of known findings ÷ all failures"

    @property
    def todo(self) -> str:
        return "Accept open failures as finding records with an owner and a due date, or fix them."

    def measured(self, view: View) -> Count:
        tracked = {str(record.data.get("identity", "")) for record in view.estate.of("finding")}
        failures = [outcome for outcome in view.audit.outcomes if outcome.state in (FAIL, "waived")]
        taken = [item for item in failures if item.known or item.waiver or item.identity in tracked]
        return Count(len(taken), len(failures))


class Changed(NamedTuple):
    """Records whose last change stands in Git."""

    @property
    def words(self) -> str:
        return "records whose last change is in Git ÷ all records"

    @property
    def todo(self) -> str:
        return "Commit the registry, and build the site from a full clone."

    def measured(self, view: View) -> Count:
        records = view.estate.records
        return Count(sum(record.path in view.audit.history for record in records), len(records))


class Later(NamedTuple):
    """A line whose artifact this version of Stocktake cannot make yet."""

    missing: str

    @property
    def words(self) -> str:
        return "no artifact in this version"

    @property
    def todo(self) -> str:
        return f"{self.missing} Until then, link what you have from a record's `links`."

    def measured(self, view: View) -> Count:
        return Count(0, 0)


GROUPS = {
    "assets": "assets",
    "baselines": "baselines",
    "components": "components",
    "critical": "critical assets",
    "critical-dependencies": "critical dependencies",
    "dependencies": "dependencies",
    "externals": "external systems",
    "runbooks": "runbooks",
    "sensitive": "confidential or restricted stores",
    "stores": "data stores",
    "systems": "systems",
    "teams": "teams",
}
_KINDS = {
    "baselines": "baseline",
    "dependencies": "dependency",
    "runbooks": "runbook",
    "systems": "system",
    "teams": "team",
}


def members(view: View, group: str) -> list[str]:
    """Addresses of all records of a group."""
    if group in ("stores", "components", "externals"):
        return [entry.address for entry in view.assets(group)]
    if kind := _KINDS.get(group):
        return [record.address for record in view.estate.of(kind)]
    if group == "critical-dependencies":
        return [edge.address for edge in view.audit.graph.edges if edge.criticality in ("critical", "high")]
    entries = [entry for name in ("stores", "components", "externals") for entry in view.assets(name)]
    if group == "critical":
        return [entry.address for entry in entries if entry.criticality in ("critical", "high")]
    if group == "sensitive":
        return [
            entry.address for entry in view.assets("stores") if entry.classification in ("confidential", "restricted")
        ]
    return [entry.address for entry in entries]


def _knows(view: View, address: str, fact: str) -> bool:
    sheets = view.audit.sheets.get(address, ())
    if fact.endswith(("[]", ".")):
        start = fact.removesuffix("]")
        return any(name.startswith(start) for sheet in sheets for name in sheet.names())
    return any(fact in sheet for sheet in sheets)


def _names(facts: Iterable[str]) -> str:
    return ", ".join(f"`{fact.rstrip('.')}`" for fact in facts)

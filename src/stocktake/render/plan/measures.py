"""How far a line of the audit plan is answered: formulas over an audit that can say themselves in words."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import NamedTuple, Protocol

from stocktake.model.settings import LIMITS
from stocktake.model.sheet import Sheet
from stocktake.render.live import running
from stocktake.render.view import View
from stocktake.values import duration

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
    """Records of a group of which all of some facts are known, in every environment; a name that ends in `[]` asks
    for any entry, one with `[]` inside for the fact of every entry.
    """

    group: str
    facts: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"{GROUPS[self.group]} with {listed(self.facts)} ÷ all {GROUPS[self.group]}"

    @property
    def todo(self) -> str:
        return f"State {listed(self.facts)} in the records of {GROUPS[self.group]}."

    def measured(self, view: View) -> Count:
        addresses = members(view, self.group)
        return Count(
            sum(all(_knows(view, address, fact) for fact in self.facts) for address in addresses), len(addresses)
        )


class Named(NamedTuple):
    """Records of a group that some record of a kind refers to; where `fact` is given, one that says that too."""

    group: str
    kind: str
    by: str
    fact: str = ""

    @property
    def words(self) -> str:
        also = f" with `{self.fact}`" if self.fact else ""
        return f"{GROUPS[self.group]} that a record of kind `{self.kind}`{also} names ÷ all {GROUPS[self.group]}"

    @property
    def todo(self) -> str:
        also = f", and state its `{self.fact}`" if self.fact else ""
        return f"Write {self.by} for what has none: `stocktake new {self.kind} ID`{also}."

    def measured(self, view: View) -> Count:
        addresses = members(view, self.group)
        return Count(sum(self._is_named(view, address) for address in addresses), len(addresses))

    def _is_named(self, view: View, address: str) -> bool:
        names = {name for name, _ in view.audit.index.referrers(address, self.kind)}
        return any(not self.fact or view.estate.by_address[name].data.get(self.fact) for name in names)


class Changed(NamedTuple):
    """Records that somebody changed in Git lately."""

    @property
    def words(self) -> str:
        return "records whose last change in Git is not older than `limits.review` ÷ all records"

    @property
    def todo(self) -> str:
        return "Review the registry, commit what changed, and build the site from a full clone."

    def measured(self, view: View) -> Count:
        oldest = duration.before(view.audit.today, {**LIMITS, **view.estate.settings.limits}["review"])
        first = datetime.combine(oldest, time(), UTC).timestamp()
        changes = [view.audit.history.get(record.path) for record in view.estate.records]
        return Count(sum(change is not None and change.time >= first for change in changes), len(changes))


class Later(NamedTuple):
    """A line that this version of Stocktake cannot measure: for want of an artifact, or of a way to count its records
    where `kind` says that there is one.
    """

    missing: str
    kind: str = ""

    @property
    def words(self) -> str:
        return (
            f"records of kind `{self.kind}`, not counted in this version"
            if self.kind
            else "no artifact in this version"
        )

    @property
    def todo(self) -> str:
        then = (
            f"write them: `stocktake new {self.kind} ID`" if self.kind else "link what you have from a record's `links`"
        )
        return f"{self.missing} Until then, {then}."

    def measured(self, view: View) -> Count:
        return Count(0, 0)


GROUPS = {
    "assets": "assets",
    "components": "components",
    "critical": "critical assets (`criticality` high, critical or not said)",
    "dependencies": "dependencies",
    "externals": "external systems",
    "sensitive": "sensitive stores (`classification` confidential, restricted or not said)",
    "stores": "data stores",
}


def members(view: View, group: str) -> list[str]:
    """Addresses of all records of a group; what is not rated counts as critical and sensitive until somebody says."""
    if group == "dependencies":
        return [record.address for record in view.estate.of("dependency")]
    if group in ("stores", "components", "externals"):
        return [entry.address for entry in view.assets(group)]
    if group == "sensitive":
        wanted = ("confidential", "restricted", "")
        return [entry.address for entry in view.assets("stores") if entry.classification in wanted]
    entries = [entry for name in ("stores", "components", "externals") for entry in view.assets(name)]
    wanted = ("critical", "high", "")
    return [entry.address for entry in entries if group == "assets" or entry.criticality in wanted]


def _knows(view: View, address: str, fact: str) -> bool:
    """Whether a fact is known wherever the record runs."""
    sheets = running(view, address)
    return bool(sheets) and all(_has(sheet, fact) for sheet in sheets)


def _has(sheet: Sheet, fact: str) -> bool:
    before, every, after = fact.partition("[]")
    if not every:
        return fact in sheet
    pattern = f"{before}[]"
    keys = sheet.keys(pattern)
    return bool(keys) and (not after or all(after[1:] in sheet.within(pattern, key) for key in keys))


def listed(facts: Iterable[str]) -> str:
    """Names of facts as a sentence shows them."""
    return ", ".join(f"`{fact}`" for fact in facts)

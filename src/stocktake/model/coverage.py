"""How much is known: of each fact where it comes from, of each rule how often it could be answered, what runs out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from stocktake.values.name import pattern

OBSERVED, STALE, DECLARED, DECLARED_ONLY, UNKNOWN = "observed", "stale", "declared", "declared-only", "unknown"
FACT_STATES: Mapping[str, str] = {
    OBSERVED: "a machine saw it lately",
    STALE: "a machine saw it, but too long ago to count",
    DECLARED: "somebody wrote it down, and a machine that could refute it has not seen it",
    DECLARED_ONLY: "somebody wrote it down, and no machine that looks here could refute it",
    UNKNOWN: "a rule needs it, and nobody knows it",
}
WITHIN = (30, 60, 90)


class Fact(NamedTuple):
    """What is known of one fact: its state, whether it is declared, when it was last seen, and in which source.

    `since` is the day on which that became so: for what a machine saw the day of its look, for what is only declared
    the day on which the record was last written, as far as Git knows it.
    """

    name: str
    state: str
    declared: bool
    seen: date | None = None
    source: str = ""
    since: date | None = None


class Known(NamedTuple):
    """The facts of one record in one environment, sorted by name, with the system and the team it is counted to;
    `written` is the day on which its file was last changed.
    """

    address: str
    environment: str | None
    system: str
    team: str
    facts: tuple[Fact, ...]
    written: date | None = None

    def count(self, state: str) -> int:
        """How many facts are in this state."""
        return sum(fact.state == state for fact in self.facts)

    def names(self, state: str) -> list[str]:
        """The names of the facts in this state."""
        return [fact.name for fact in self.facts if fact.state == state]

    @property
    def seen_last(self) -> date | None:
        """The day of the newest look."""
        return max((fact.seen for fact in self.facts if fact.seen), default=None)

    @property
    def stale_since(self) -> date | None:
        """The day of the oldest look that no longer counts."""
        return min((fact.seen for fact in self.facts if fact.state == STALE and fact.seen), default=None)


class Asked(NamedTuple):
    """One rule: of how many it was asked, and of how many it could say pass, fail or waived."""

    rule: str
    asked: int
    answered: int


class Part(NamedTuple):
    """The estate, one system or one team (`id` empty: what is in none): its records, its facts by state, its rules."""

    what: str
    id: str
    records: int
    facts: Mapping[str, int]
    rules: tuple[Asked, ...]

    @property
    def asked(self) -> int:
        """All questions."""
        return sum(rule.asked for rule in self.rules)

    @property
    def answered(self) -> int:
        """The questions that could be answered."""
        return sum(rule.answered for rule in self.rules)


class Expiry(NamedTuple):
    """A day after which something no longer holds, in days from today; below 0 it has passed."""

    days: int
    day: date
    address: str
    environment: str | None
    name: str


class Coverage(NamedTuple):
    """`parts` begin with the whole estate; `refuted_by` are the collectors that see a fact, by kind and pattern."""

    today: date
    parts: tuple[Part, ...]
    records: tuple[Known, ...]
    expiries: tuple[Expiry, ...]
    refuted_by: Mapping[tuple[str, str], tuple[str, ...]]

    def between(self, first: int, last: int) -> list[Expiry]:
        """What runs out from the first to the last of these days from today, both counted."""
        return [one for one in self.expiries if first <= one.days <= last]

    @property
    def overdue(self) -> list[Expiry]:
        """What has run out."""
        return [one for one in self.expiries if one.days < 0]

    def unrefuted(self) -> list[tuple[str, str, int]]:
        """(kind, pattern, how often it is declared) of the facts that nobody can refute, most frequent first."""
        found: dict[tuple[str, str], int] = {}
        for record in self.records:
            for name in record.names(DECLARED_ONLY):
                key = (record.address.partition("/")[0], pattern(name))
                found[key] = found.get(key, 0) + 1
        return sorted(((*key, count) for key, count in found.items()), key=lambda one: (-one[2], one))

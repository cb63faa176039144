"""The answer of one rule about one subject."""

from __future__ import annotations

from typing import NamedTuple

SEVERITIES = ("info", "low", "medium", "high", "critical")
PASS, FAIL, UNKNOWN, WAIVED, NOT_APPLICABLE = "pass", "fail", "unknown", "waived", "not-applicable"
STATES = (PASS, FAIL, UNKNOWN, WAIVED, NOT_APPLICABLE)


class Outcome(NamedTuple):
    """A failure, an unknown or a waived failure; passes are only counted, in `Tally`.

    `identity` is stable between runs; `known` marks a failure that stands on the list of known findings; `waiver` is
    the id of the waiver in force, or of the expired one without which this would not fail; `timed` marks what fails
    only because time passed. Where nobody looked at a live store, one unknown outcome stands for all the questions of
    its engine: `rule` is then the family, and `rules` are the ids of those that were asked. `criticality` and `reach`
    are those of what it is about, as in `stocktake.model.weight`.
    """

    identity: str
    rule: str
    severity: str
    state: str
    subject: str
    environment: str | None
    message: str
    field: str = ""
    path: str = ""
    line: int = 0
    column: int = 0
    timed: bool = False
    known: bool = False
    waiver: str = ""
    rules: tuple[str, ...] = ()
    criticality: str = ""
    reach: int = 0

    @property
    def asked(self) -> tuple[str, ...]:
        """The rules whose answer this is."""
        return self.rules or (self.rule,)

    @property
    def identities(self) -> tuple[str, ...]:
        """What it would be called if each rule had an outcome of its own."""
        place = self.identity.partition("@")[2]
        return tuple(f"{rule}@{place}" for rule in self.rules) or (self.identity,)


Counts = tuple[int, int, int, int, int, int]


class Tally:
    """How often one rule was asked, and how it was answered: the denominator of every figure."""

    __slots__ = ("failed", "known", "not_applicable", "passed", "unknown", "waived")

    def __init__(self) -> None:
        self.passed = self.failed = self.known = self.unknown = self.waived = self.not_applicable = 0

    def counts(self) -> Counts:
        """All figures, in the order in which `add` takes them."""
        return self.passed, self.failed, self.known, self.unknown, self.waived, self.not_applicable

    def add(self, counts: Counts) -> None:
        """Count what another one counted."""
        self.passed += counts[0]
        self.failed += counts[1]
        self.known += counts[2]
        self.unknown += counts[3]
        self.waived += counts[4]
        self.not_applicable += counts[5]

    @property
    def asked(self) -> int:
        """All that it applies to, whatever the answer."""
        return self.passed + self.failed + self.unknown + self.waived

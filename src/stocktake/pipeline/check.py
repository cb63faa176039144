"""Check the whole registry: load it, judge it, and say what counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from stocktake.errors import InputError, Problem
from stocktake.load.files import Tree
from stocktake.model import looks
from stocktake.model.audit import Audit
from stocktake.model.outcome import FAIL, UNKNOWN, WAIVED, Outcome
from stocktake.model.rule import Rule
from stocktake.pipeline.audit import audit, formerly
from stocktake.pipeline.estate import open_estate
from stocktake.rules.docket import current
from stocktake.rules.engine import counts
from stocktake.values.secret import redact
from stocktake.values.showable import showable


class Report(NamedTuple):
    """`problems` are input errors; where there are any, nothing was judged. `counting` are the failures that fail the
    check; those of them that only what was seen too long ago shows are `hidden` in the audit, where they are unknown.
    `only` are the ids of the rules that are answered for, where not all are, and with `only_timed` no other outcomes
    than those that time alone brought; the audit always holds all.
    """

    problems: tuple[Problem, ...]
    audit: Audit | None
    counting: tuple[Outcome, ...]
    bugs: tuple[str, ...]
    fail_on: str
    hidden: tuple[Outcome, ...] = ()
    only: frozenset[str] | None = None
    only_timed: bool = False

    @property
    def exit_code(self) -> int:
        """3 our bug, 2 wrong input, 1 findings that count, else 0."""
        return 3 if self.bugs else 2 if self.problems else 1 if self.counting else 0

    def totals(self) -> dict[str, int]:
        """How many questions were answered in each way; every figure's denominator is `asked`."""
        tallies = (
            [self.audit.tallies[rule.id] for rule in self.asked if rule.id in self.audit.tallies] if self.audit else []
        )
        names = ("asked", "passed", "failed", "known", "unknown", "waived")
        return {name: sum(getattr(tally, name) for tally in tallies) for name in names}

    def always_passed(self) -> list[str]:
        """The ids of the rules that were asked of something and passed every time, sorted."""
        tallies = self.audit.tallies if self.audit else {}
        asked = [(rule.id, tallies[rule.id]) for rule in self.asked if rule.id in tallies]
        return sorted(name for name, tally in asked if tally.asked and tally.passed == tally.asked)

    def findings(self) -> dict[str, int]:
        """How many failures there are, which may be several to a question: new, known, and waived ones."""
        failures = self.of(FAIL)
        known, waived = sum(one.known for one in failures), len(self.of(WAIVED))
        left_out = self.audit.left_out if self.audit and not self.only_timed else {}
        for rule in self.asked:
            counted = left_out.get(rule.id, (0, 0))
            known, waived = known + counted[0], waived + counted[1]
        return {"new": sum(not one.known for one in failures), "known": known, "waived": waived}

    def included(self) -> dict[str, int]:
        """How many records other registries give, by name."""
        counted: dict[str, int] = {}
        for record in self.audit.estate.included if self.audit else ():
            counted[record.origin] = counted.get(record.origin, 0) + 1
        return dict(sorted(counted.items()))

    def of(self, state: str) -> list[Outcome]:
        """The outcomes of one state, gravest first."""
        found = [outcome for outcome in self.audit.outcomes if outcome.state == state] if self.audit else []
        return _among([one for one in found if one.timed or not self.only_timed], self.only)

    @property
    def asked(self) -> list[Rule]:
        """The rules that are answered for."""
        rules = self.audit.rules if self.audit else ()
        return [rule for rule in rules if self.only is None or rule.id in self.only]


def check(
    tree: Tree,
    today: date,
    fail_on: str | None = None,
    timed: bool = False,
    everywhere: bool = False,
    only: frozenset[str] | None = None,
    brief: bool = False,
    only_timed: bool = False,
) -> Report:
    """Judge a repository as at `today`; `fail_on` defaults to the settings' gate. Every rule is asked, since some rest
    on the answers of others, but only those of `only` are answered for. If `brief`, what is known, waived or unknown
    is only counted. With `only_timed` nothing counts but what came only with time.
    """
    try:
        opened = open_estate(tree)
    except InputError as error:  # a schema by which nothing can be judged
        return Report(tuple(error.problems), None, (), (), fail_on or "high", only=only, only_timed=only_timed)
    gate = fail_on or opened.estate.settings.fail_on
    if opened.problems:
        return Report(opened.problems, None, (), (), gate, only=only, only_timed=only_timed)
    judged, bugs = audit(opened.estate, today, tree, everywhere=everywhere, brief=brief)
    counting = _among(counts(judged.outcomes, gate, timed or only_timed), only)
    if only_timed:
        late = [one for one in counting if one.timed]
        return Report((), judged, tuple(late), bugs, gate, only=only, only_timed=True)
    hidden = [] if timed else _among(_hidden(judged, tree, gate), only)
    return Report((), judged, (*counting, *hidden), bugs, gate, tuple(hidden), only)


def _among(outcomes: Iterable[Outcome], only: frozenset[str] | None) -> list[Outcome]:
    return [one for one in outcomes if only is None or not only.isdisjoint(one.asked)]


def _hidden(judged: Audit, tree: Tree, gate: str) -> list[Outcome]:
    """What would count if no look had gone stale: time alone makes no failure disappear."""
    estate = judged.estate
    fresh = estate.as_last_seen(judged.today, looks.freshness(judged.today, estate.settings.freshness))
    if fresh is None:
        return []
    failing = {one.identity for one in judged.outcomes if one.state == FAIL}
    again, _ = audit(fresh, judged.today, tree, everywhere=False, brief=True)
    return [one for one in counts(again.outcomes, gate, timed=False) if one.identity not in failing]


def as_data(report: Report) -> dict[str, object]:
    """The report as plain data, for machines."""
    keep = (FAIL, UNKNOWN, WAIVED)
    outcomes = [outcome for state in keep for outcome in report.of(state)]
    counting = set(report.counting)
    return {
        "schema": 1,
        "exit_code": report.exit_code,
        "fail_on": report.fail_on,
        "totals": report.totals(),
        "findings": report.findings(),
        "included": report.included(),
        "problems": [showable(problem)._asdict() for problem in report.problems],
        "outcomes": [_plain(outcome, outcome in counting) for outcome in outcomes],
        "as_last_seen": [_plain(outcome, True) for outcome in report.hidden],
    }


def _plain(outcome: Outcome, counts: bool) -> dict[str, object]:
    return {**outcome._asdict(), "message": redact(outcome.message), "counts": counts}


def settled(known: Mapping[str, str], judged: Audit) -> dict[str, str]:
    """The list of known findings without those that pass now; what is unknown keeps its line, with all its details.

    What a record was formerly called is written as it is called now.
    """
    still = {outcome.identity for outcome in judged.outcomes if outcome.state in (FAIL, WAIVED)}
    unknown = {name for outcome in judged.outcomes if outcome.state == UNKNOWN for name in outcome.identities}
    names = formerly(judged.estate)

    def is_open(identity: str) -> bool:
        return identity in still or identity in unknown or identity.partition("#")[0] in unknown

    dated = {
        current(identity, names): day for identity, day in sorted(known.items(), key=lambda one: one[1], reverse=True)
    }
    return {identity: day for identity, day in dated.items() if is_open(identity)}


def first_known(judged: Audit) -> dict[str, str]:
    """Every failure of a young registry with the day, for the list that `init` writes."""
    return {
        outcome.identity: judged.today.isoformat()
        for outcome in judged.outcomes
        if outcome.state == FAIL and not outcome.known
    }

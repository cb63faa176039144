"""Formulas of plan lines that rules and what people do about their findings answer."""

from __future__ import annotations

from typing import NamedTuple

from stocktake.model.outcome import FAIL, WAIVED
from stocktake.model.rule import FAMILIES
from stocktake.render.plan.measures import Count
from stocktake.render.view import View

_CLOSED = frozenset({"dismissed", "resolved"})


class Asked(NamedTuple):
    """Answers of rules that are not unknown: the question was really answered, whatever the answer."""

    rules: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"answers of {', '.join(self.rules)} that are not unknown ÷ all their answers"

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


class Controlled(NamedTuple):
    """Answers that can be held against a framework: the rule names a control of one, and the answer is not unknown."""

    @property
    def words(self) -> str:
        return "known answers about records by rules that name a control of a framework ÷ all of them"

    @property
    def todo(self) -> str:
        return "Look into the unknown answers, and name controls in your own rules."

    def measured(self, view: View) -> Count:
        tallies = [(rule.controls, view.audit.tallies[rule.id]) for rule in view.audit.rules if rule.kind]
        known = sum(tally.asked - tally.unknown for controls, tally in tallies if controls)
        return Count(known, sum(tally.asked for _, tally in tallies))


class Tracked(NamedTuple):
    """Failures that somebody has taken up: in a finding record that is not closed, or in a waiver.

    The list of known findings says only when a failure was first there, so it counts for nothing. `family` asks for
    the failures of one family of rules; `facts` for finding records that state them too, and then no waiver will do.
    """

    family: str = ""
    facts: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        which = (
            f"failures under {FAMILIES[self.family]} ({self.family})" if self.family else "failures, known ones too,"
        )
        stated = " and ".join(f"`{fact}`" for fact in self.facts)
        how = f"an open finding record with {stated}" if stated else "a waiver or an open finding record"
        return f"{which} with {how} ÷ all of them"

    @property
    def todo(self) -> str:
        return (
            "Accept failures as finding records with an owner and a due date, `stocktake new finding ID`, or fix them."
        )

    def measured(self, view: View) -> Count:
        found = [one for one in view.audit.outcomes if one.state in (FAIL, WAIVED)]
        wanted = [one for one in found if not self.family or one.rule.rstrip("0123456789") == self.family]
        tracked = self._tracked(view)
        waived = (one.state == WAIVED and not self.facts for one in wanted)
        known = (is_waived or one.identity in tracked for is_waived, one in zip(waived, wanted, strict=True))
        return Count(sum(known), len(wanted))

    def _tracked(self, view: View) -> set[str]:
        return {
            str(record.data["identity"])
            for record in view.estate.of("finding")
            if record.data.get("identity")
            and record.data.get("status") not in _CLOSED
            and all(record.data.get(fact) for fact in self.facts)
        }

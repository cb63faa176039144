"""Ask the rules: each of every record it is about, passes only counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from stocktake.model.outcome import FAIL, Outcome, Tally
from stocktake.model.rule import SEVERITIES, Context, Rule
from stocktake.model.sheet import Sheet
from stocktake.model.weight import rank
from stocktake.rules.docket import Docket, Waiver
from stocktake.rules.needs import unmet
from stocktake.rules.unlooked import Marks, marks, unlooked
from stocktake.rules.verdict import Verdicts

Sheets = Mapping[str, tuple[Sheet, ...]]


class Judged(NamedTuple):
    """Outcomes as `stocktake.model.weight` ranks them; tallies by rule id; `bugs` are tracebacks of rules of ours that
    broke.
    """

    outcomes: tuple[Outcome, ...]
    tallies: dict[str, Tally]
    bugs: tuple[str, ...]


def judge(
    rules: Iterable[Rule],
    sheets: Sheets,
    context: Context,
    waivers: Iterable[Waiver] = (),
    known: Collection[str] = (),
    formerly: Mapping[str, str] | None = None,
    disabled: Collection[str] = (),
) -> Judged:
    """Every rule that is not disabled, asked of everything it is about.

    `sheets` are those of every record by address, the record's own first; `known` are identities of known findings;
    `formerly` leads from each old address to the one after it.
    """
    asked = [rule for rule in rules if rule.id not in disabled]
    docket = Docket(waivers, known, formerly or {}, context.today.isoformat(), context.index)
    context = context._replace(asked=frozenset(rule.id for rule in asked))
    tallies = {rule.id: Tally() for rule in asked}
    first = Verdicts(context, docket)
    _round([rule for rule in asked if not rule.after], sheets, first, tallies)
    last = _last_round([rule for rule in asked if rule.after], sheets, first, tallies)
    outcomes = sorted([*first.outcomes.values(), *last.outcomes.values()], key=rank)
    return Judged(tuple(outcomes), tallies, (*first.bugs, *last.bugs))


def counts(outcomes: Iterable[Outcome], fail_on: str, timed: bool) -> list[Outcome]:
    """The failures that the exit code counts: new, severe enough, and with `timed` also those that only time made."""
    enough = frozenset(SEVERITIES[SEVERITIES.index(fail_on) :])
    return [
        outcome
        for outcome in outcomes
        if outcome.state == FAIL and not outcome.known and outcome.severity in enough and (timed or not outcome.timed)
    ]


def _last_round(rules: Sequence[Rule], sheets: Sheets, first: Verdicts, tallies: dict[str, Tally]) -> Verdicts:
    """The rules that run after all others; once more where what they found is itself waived."""
    matched = first.matched
    while True:
        last = Verdicts(first.context._replace(waived=frozenset(matched), overlaps=first.overlaps), first.docket)
        tallies.update({rule.id: Tally() for rule in rules})
        _round(rules, sheets, last, tallies)
        if last.matched <= matched:
            return last
        matched = matched | last.matched


def _round(rules: Sequence[Rule], sheets: Sheets, verdicts: Verdicts, tallies: Mapping[str, Tally]) -> None:
    plans: dict[str, list[_Group]] = {}
    seeing = marks(rules)
    for address, own_first in sheets.items():
        kind = address.partition("/")[0]
        plan = plans.get(kind)
        if plan is None:
            plan = plans[kind] = _plan(rules, kind, tallies, seeing)
        for group in plan:
            for sheet in (own_first[1:] or own_first) if group.per else own_first[:1]:
                group.ask(sheet, verdicts)
    for rule in rules:
        if not rule.kind:
            _ask_registry(rule, tallies[rule.id], verdicts)
    for group in (group for plan in plans.values() for group in plan):
        group.close()
    verdicts.close()


def _ask_registry(rule: Rule, tally: Tally, verdicts: Verdicts) -> None:
    try:
        hits = [*rule.function(verdicts.context)]
    except Exception as error:  # noqa: BLE001 (one rule on one input: recorded as our bug, the run goes on)
        verdicts.broke(rule, tally, None, error)
        return
    if hits:
        verdicts.settle(rule, tally, None, hits)
    else:
        tally.passed += 1


def _plan(rules: Iterable[Rule], kind: str, tallies: Mapping[str, Tally], seeing: Mapping[str, Marks]) -> list[_Group]:
    """The rules about one kind, grouped by what they share, so that it is worked out once for each sheet."""
    groups: dict[tuple[object, str, str], _Group] = {}
    for rule in rules:
        if rule.kind in (kind, "*"):
            group = groups.setdefault((rule.when, rule.per, rule.each), _Group(rule))
            has_needs = bool(rule.needs or rule.sees)
            group.members.append((rule, tallies[rule.id], seeing.get(rule.id), has_needs))
    return list(groups.values())


class _Group:
    """Rules of one kind with the same `when`, `per` and `each`; `passed_over` are sheets that none of them is about."""

    __slots__ = ("each", "members", "passed_over", "per", "when")

    def __init__(self, rule: Rule):
        self.when = rule.when
        self.per = rule.per
        self.each = rule.each
        self.members: list[tuple[Rule, Tally, Marks | None, bool]] = []
        self.passed_over = 0

    def ask(self, sheet: Sheet, verdicts: Verdicts) -> None:
        """Ask all of them of one sheet."""
        context = verdicts.context
        try:
            applies = self.when is None or self.when(sheet, context)
        except Exception as error:  # noqa: BLE001 (as in _ask_registry)
            for rule, tally, _, _ in self.members:
                verdicts.broke(rule, tally, sheet, error)
            return
        parts = self._parts(sheet) if applies else ()
        if not parts:
            self.passed_over += 1
        for part in parts:
            for rule, tally, wanted, has_needs in self.members:
                if wanted and (reason := unlooked(part, wanted, context)):
                    verdicts.unlooked(rule, tally, part, reason)
                    continue
                if has_needs and (doubt := unmet(rule, part, context)):
                    verdicts.settle(rule, tally, part, [doubt])
                    continue
                try:
                    hits = [*rule.function(part, context)]
                except Exception as error:  # noqa: BLE001 (as in _ask_registry)
                    verdicts.broke(rule, tally, part, error)
                    continue
                if hits:
                    verdicts.settle(rule, tally, part, hits)
                else:
                    tally.passed += 1

    def close(self) -> None:
        """Count at the end what was passed over."""
        for _, tally, _, _ in self.members:
            tally.not_applicable += self.passed_over

    def _parts(self, sheet: Sheet) -> Sequence[Sheet]:
        if not self.each:
            return (sheet,)
        return [sheet.within(self.each, key) for key in sheet.keys(self.each)]

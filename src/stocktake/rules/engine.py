"""Ask the rules: each of every record it is about, passes only counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from stocktake.model.outcome import FAIL, Counts, Outcome, Tally
from stocktake.model.rule import SEVERITIES, Context, Rule
from stocktake.model.sheet import Sheet
from stocktake.model.weight import rank
from stocktake.rules.docket import Docket, Waiver
from stocktake.rules.plan import Plan
from stocktake.rules.unlooked import marks
from stocktake.rules.verdict import Found, LeftOut, Verdicts

_AT_ONCE = 500
Spread = Callable[[Callable[[Any], Any], Sequence[Any]], Iterator[Any]]
Sheets = Mapping[str, tuple[Sheet, ...]]


class Judged(NamedTuple):
    """Outcomes as `stocktake.model.weight` ranks them; tallies by rule id; `bugs` are tracebacks of rules of ours that
    broke. `left_out` says by rule id how many failures were only counted, where new ones alone were asked for.
    """

    outcomes: tuple[Outcome, ...]
    tallies: dict[str, Tally]
    bugs: tuple[str, ...]
    left_out: Mapping[str, LeftOut] = {}


def judge(
    rules: Iterable[Rule],
    sheets: Sheets,
    context: Context,
    waivers: Iterable[Waiver] = (),
    known: Collection[str] = (),
    formerly: Mapping[str, str] | None = None,
    disabled: Collection[str] = (),
    brief: bool = False,
    spread: Spread | None = None,
) -> Judged:
    """Every rule that is not disabled, asked of everything it is about.

    `sheets` are those of every record by address, the record's own first; `known` are identities of known findings;
    `formerly` leads from each old address to the one after it. If `brief`, only new failures become outcomes.
    `spread` does one piece of work for each of many parts, where that is to be done by several.
    """
    asked = [rule for rule in rules if rule.id not in disabled]
    docket = Docket(waivers, known, formerly or {}, context.today.isoformat(), context.index)
    context = context._replace(asked=frozenset(rule.id for rule in asked))
    tallies = {rule.id: Tally() for rule in asked}
    first = Verdicts(context, docket, brief)
    _round([rule for rule in asked if not rule.after], sheets, first, tallies, spread)
    last = _last_round([rule for rule in asked if rule.after], sheets, first, tallies)
    outcomes = sorted([*first.outcomes.values(), *last.outcomes.values()], key=rank)
    return Judged(tuple(outcomes), tallies, (*first.bugs, *last.bugs), first.left_out | last.left_out)


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
        last = Verdicts(
            first.context._replace(waived=frozenset(matched), overlaps=first.overlaps), first.docket, first.brief
        )
        tallies.update({rule.id: Tally() for rule in rules})
        _round(rules, sheets, last, tallies, None)
        if last.matched <= matched:
            return last
        matched = matched | last.matched


def _round(
    rules: Sequence[Rule], sheets: Sheets, verdicts: Verdicts, tallies: Mapping[str, Tally], spread: Spread | None
) -> None:
    kinds = {rule.kind for rule in rules}
    addresses = [where for where in sheets if "*" in kinds or where.partition("/")[0] in kinds]
    if spread is None or len(addresses) <= _AT_ONCE:
        _ask(rules, sheets, addresses, verdicts, tallies)
    else:
        _ask_elsewhere(rules, sheets, addresses, verdicts, tallies, spread)
    for rule in rules:
        if not rule.kind:
            _ask_registry(rule, tallies[rule.id], verdicts)
    verdicts.close()


def _ask(
    rules: Sequence[Rule],
    sheets: Sheets,
    addresses: Iterable[str],
    verdicts: Verdicts,
    tallies: Mapping[str, Tally],
) -> None:
    plans: dict[str, Plan] = {}
    seeing = marks(rules)
    for address in addresses:
        kind = address.partition("/")[0]
        plan = plans.get(kind)
        if plan is None:
            plan = plans[kind] = Plan(rules, kind, tallies, seeing)
        plan.ask(sheets[address], verdicts)
    for plan in plans.values():
        plan.close()


def _ask_elsewhere(
    rules: Sequence[Rule],
    sheets: Sheets,
    addresses: Sequence[str],
    verdicts: Verdicts,
    tallies: Mapping[str, Tally],
    spread: Spread,
) -> None:
    """The same, a part of the records at a time; nothing that is asked of one record rests on another's answer."""

    def ask(part: Sequence[str]) -> tuple[Found, dict[str, Counts]]:
        mine = Verdicts(verdicts.context, verdicts.docket, verdicts.brief)
        counted = {rule.id: Tally() for rule in rules}
        _ask(rules, sheets, part, mine, counted)
        mine.close()
        return mine.found(), {name: tally.counts() for name, tally in counted.items() if any(tally.counts())}

    for found, counted in spread(ask, [addresses[at : at + _AT_ONCE] for at in range(0, len(addresses), _AT_ONCE)]):
        verdicts.join(found)
        for name, counts in counted.items():
            tallies[name].add(counts)


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

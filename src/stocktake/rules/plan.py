"""Which rules are asked of one kind of record, in the order that costs least: what they share is worked out once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from stocktake.model.outcome import Tally
from stocktake.model.rule import Rule
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import engine_of
from stocktake.rules.needs import lacks, unmet
from stocktake.rules.unlooked import Marks, unlooked
from stocktake.rules.verdict import Verdicts

Member = tuple[Rule, Callable[..., Any], Tally, Marks | None, bool]


class Plan:
    """All rules of one kind; those about an engine are asked only of what runs on it."""

    __slots__ = ("_blocks",)

    def __init__(self, rules: Iterable[Rule], kind: str, tallies: Mapping[str, Tally], seeing: Mapping[str, Marks]):
        blocks: dict[tuple[str, str], _Block] = {}
        for rule in rules:
            if rule.kind in (kind, "*"):
                engine = engine_of(rule.when)
                block = blocks.setdefault((engine, rule.per), _Block(engine, bool(rule.per)))
                block.add(rule, tallies[rule.id], seeing.get(rule.id))
        self._blocks = tuple(blocks.values())

    def ask(self, own_first: tuple[Sheet, ...], verdicts: Verdicts) -> None:
        """Ask all of them of one record, of which these are the sheets."""
        context = verdicts.context
        for block in self._blocks:
            for sheet in (own_first[1:] or own_first) if block.per else own_first[:1]:
                if block.engine and sheet.get("engine") != block.engine:
                    block.passed_over += 1
                    continue
                for group in block.groups:
                    when = group.when
                    try:
                        applies = when is None or when(sheet, context)
                    except Exception as error:  # noqa: BLE001 (one rule on one input: our bug, the run goes on)
                        group.broke(sheet, error, verdicts)
                        continue
                    if applies:
                        group.ask(sheet, verdicts)
                    else:
                        group.passed_over += 1

    def close(self) -> None:
        """Count at the end what was passed over."""
        for block in self._blocks:
            for group in block.groups:
                group.close(block.passed_over)


class _Block:
    """Rules about one engine, or about all of them, asked of each environment or of the record itself."""

    __slots__ = ("_found", "engine", "groups", "passed_over", "per")

    def __init__(self, engine: str, per: bool):
        self.engine = engine
        self.per = per
        self.groups: list[_Group] = []
        self.passed_over = 0
        self._found: dict[object, _Group] = {}

    def add(self, rule: Rule, tally: Tally, seeing: Marks | None) -> None:
        """Put a rule to those that share its condition."""
        group = self._found.get(rule.when)
        if group is None:
            group = self._found[rule.when] = _Group(rule)
            self.groups.append(group)
        group.branch(rule.each).members.append((rule, rule.function, tally, seeing, bool(rule.needs or rule.sees)))


class _Branch:
    """Rules that are asked of the same parts of a sheet; `passed_over` are sheets without such a part."""

    __slots__ = ("each", "members", "passed_over")

    def __init__(self, each: str):
        self.each = each
        self.members: list[Member] = []
        self.passed_over = 0


class _Group:
    """Rules with the same condition; `passed_over` are sheets that none of them is about."""

    __slots__ = ("branches", "passed_over", "when")

    def __init__(self, rule: Rule):
        self.when = rule.when
        self.branches: list[_Branch] = []
        self.passed_over = 0

    def branch(self, each: str) -> _Branch:
        """The rules that are asked of these parts."""
        found = next((branch for branch in self.branches if branch.each == each), None)
        if found is None:
            found = _Branch(each)
            self.branches.append(found)
        return found

    def ask(self, sheet: Sheet, verdicts: Verdicts) -> None:
        """Ask all of them of one sheet that they are about."""
        for branch in self.branches:
            if not branch.each:
                _ask(branch.members, sheet, verdicts)
            elif parts := sheet.parts(branch.each):
                for part in parts:
                    _ask(branch.members, part, verdicts)
            else:
                branch.passed_over += 1

    def broke(self, sheet: Sheet, error: Exception, verdicts: Verdicts) -> None:
        """Record that the condition raised."""
        for branch in self.branches:
            for rule, _, tally, _, _ in branch.members:
                verdicts.broke(rule, tally, sheet, error)

    def close(self, passed_over: int) -> None:
        """Count what was passed over, here and before it came here."""
        for branch in self.branches:
            for _, _, tally, _, _ in branch.members:
                tally.not_applicable += passed_over + self.passed_over + branch.passed_over


def _ask(members: list[Member], part: Sheet, verdicts: Verdicts) -> None:
    context = verdicts.context
    for rule, function, tally, wanted, has_needs in members:
        if wanted and (reason := unlooked(part, wanted, context)):
            verdicts.unlooked(rule, tally, part, reason)
            continue
        if has_needs and lacks(rule, part):
            if verdicts.counts_unknown:
                tally.unknown += 1
            elif doubt := unmet(rule, part, context):
                verdicts.settle(rule, tally, part, [doubt])
            continue
        try:
            hits = [*function(part, context)]
        except Exception as error:  # noqa: BLE001 (as above)
            verdicts.broke(rule, tally, part, error)
            continue
        if hits:
            verdicts.settle(rule, tally, part, hits)
        else:
            tally.passed += 1

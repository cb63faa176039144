"""Which rules are asked of one kind of record, in the order that costs least: what they share is worked out once.

Of sheets that agree in what conditions look at and in which needed facts are there, the same rules are asked; that is
worked out for the first of them. Only where answers that are unknown are merely counted, and nothing was seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from stocktake.model.outcome import Tally
from stocktake.model.rule import Context, Rule
from stocktake.model.sheet import Sheet, Sketch
from stocktake.rules.applies import Condition, engine_of, facts_of
from stocktake.rules.needs import lacks, unmet
from stocktake.rules.unlooked import Marks, unlooked
from stocktake.rules.verdict import Verdicts

_SELECTIONS_AT_MOST = 2_000
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
                for group in block.those_for(sheet, verdicts):
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
            block.close()


class _Block:
    """Rules about one engine, or about all of them, asked of each environment or of the record itself."""

    __slots__ = ("_found", "_looked_at", "_needed", "_selections", "engine", "groups", "passed_over", "per")

    def __init__(self, engine: str, per: bool):
        self.engine = engine
        self.per = per
        self.groups: list[_Group] = []
        self.passed_over = 0
        self._found: dict[object, _Group] = {}
        self._looked_at: tuple[str, ...] = ()
        self._needed: tuple[str, ...] = ()
        self._selections: dict[Sketch, _Selection] = {}

    def add(self, rule: Rule, tally: Tally, seeing: Marks | None) -> None:
        """Put a rule to those that share its condition."""
        group = self._found.get(rule.when)
        if group is None:
            group = self._found[rule.when] = _Group(rule.when)
            self.groups.append(group)
        group.branch(rule.each).members.append((rule, rule.function, tally, seeing, bool(rule.needs or rule.sees)))
        self._looked_at = tuple(sorted({*self._looked_at, *facts_of(rule.when)}))
        self._needed = tuple(sorted({*self._needed, *(() if rule.each else rule.needs)}))

    def those_for(self, sheet: Sheet, verdicts: Verdicts) -> Sequence[_Group]:
        """The groups to ask of a sheet; of those left out everything is counted at the end."""
        if sheet.seen or not verdicts.counts_unknown:
            return self.groups
        try:
            sketch = sheet.sketch(self._looked_at, self._needed)
            selection = self._selections.get(sketch)
        except TypeError:  # a mapping or a list where a condition expects a word
            return self.groups
        if selection is None:
            if len(self._selections) >= _SELECTIONS_AT_MOST:
                return self.groups
            selection = self._selections[sketch] = _Selection(self.groups, sheet, verdicts.context)
        selection.asked += 1
        return selection.groups

    def close(self) -> None:
        """Count at the end what was passed over."""
        for selection in self._selections.values():
            selection.close()
        for group in self.groups:
            group.close(self.passed_over)


class _Selection:
    """What is asked of all sheets that agree in what decides it: a part of the groups, with a part of their rules."""

    __slots__ = ("_joined", "_lacking", "_left_out", "asked", "groups")

    def __init__(self, groups: Iterable[_Group], sheet: Sheet, context: Context):
        self.asked = 0
        self.groups: list[_Group] = []
        self._joined = _Group(None)  # all whose condition is known to hold
        self._left_out: list[_Group] = []
        self._lacking: list[Tally] = []
        for group in groups:
            applies = _always(group.when, sheet, context)
            if applies is None:
                self.groups.append(group)
            elif applies:
                self._join(group, sheet)
            else:
                self._left_out.append(group)
        if self._joined.branches:
            self.groups.append(self._joined)

    def _join(self, group: _Group, sheet: Sheet) -> None:
        """Take what can be answered, or has to be asked of each part of a sheet."""
        for branch in group.branches:
            for member in branch.members:
                rule, function, tally, wanted, _ = member
                if branch.each:
                    self._joined.branch(branch.each).members.append(member)
                elif wanted or any(name not in sheet for name in rule.needs):
                    self._lacking.append(tally)
                else:
                    self._joined.branch("").members.append((rule, function, tally, None, bool(rule.sees)))

    def close(self) -> None:
        """Count what was left out, as often as it was."""
        for group in self._left_out:
            group.passed_over += self.asked
        for tally in self._lacking:
            tally.unknown += self.asked
        self._joined.close(0)


def _always(when: Condition | None, sheet: Sheet, context: Context) -> bool | None:
    """Whether a condition holds on all sheets that agree with this one; None if each has to be looked at."""
    if when is None:
        return True
    if not facts_of(when):
        return None
    try:
        return when(sheet, context)
    except Exception:  # noqa: BLE001 (it is asked again, by those who record that)
        return None


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

    def __init__(self, when: Condition | None):
        self.when = when
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

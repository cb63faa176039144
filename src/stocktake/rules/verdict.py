"""From what a rule yields to outcomes and tallies: identities, waivers, known findings, and what only time did."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stocktake.model.outcome import FAIL, SEVERITIES, UNKNOWN, WAIVED, Outcome, Tally
from stocktake.model.rule import Context, Hit, Rule, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.docket import Docket
from stocktake.values import identity
from stocktake.values.identity import Identity
from stocktake.values.name import decode_key


class LeftOut(NamedTuple):
    """How many failures of a rule were only counted."""

    known: int = 0
    waived: int = 0


class Found(NamedTuple):
    """What one part of the records came to."""

    outcomes: tuple[Outcome, ...]
    left_out: dict[str, LeftOut]
    bugs: tuple[str, ...]
    matched: frozenset[str]
    overlaps: dict[str, tuple[str, str]]


class Answer(NamedTuple):
    """What one hit comes to."""

    identity: str
    state: str
    timed: bool
    known: bool
    waiver: str
    subject: str
    environment: str | None


class Verdicts:
    """Collects the outcomes of one round of rules; `matched` are ids of waivers that found what they are about, and
    `overlaps` those that accept what another one accepts for longer: the finding and the other.

    If `brief`, only new failures become outcomes: of what is known and what is waived, failures are counted by rule in
    `left_out`, and of what is unknown only the tallies tell.
    """

    def __init__(self, context: Context, docket: Docket, brief: bool = False):
        self.context = context
        self.docket = docket
        self.brief = brief
        self.counts_unknown = brief and not docket.has_waivers
        self.outcomes: dict[str, Outcome] = {}
        self._out: dict[str, list[int]] = {}
        self._last: tuple[Sheet | None, str] = (None, "")
        self.bugs: list[str] = []
        self.matched: set[str] = set()
        self.overlaps: dict[str, tuple[str, str]] = {}
        self._names: set[str] = set()
        self._subject = ""
        self._unlooked: dict[tuple[str, str, str | None], tuple[str, list[Rule]]] = {}

    def settle(self, rule: Rule, tally: Tally, sheet: Sheet | None, hits: Sequence[Hit]) -> None:
        """Record what a rule yielded for one input; the tally counts the input once, whatever the number of hits."""
        if self.counts_unknown and len(hits) == 1 and self._is_counted(rule, tally, sheet, hits[0]):
            return
        for_time = self._only_stale(rule, sheet, hits) if sheet and sheet.seen else ()
        answers = [self._answer(rule, sheet, hit, hit in for_time) for hit in hits]
        for answer, hit in zip(answers, hits, strict=True):
            if self.brief and (answer.state != FAIL or answer.known):
                is_new = self._leave_out(rule, answer, sheet)
            else:
                outcome = self._outcome(rule, sheet, hit, answer)
                is_new = self.outcomes.setdefault(answer.identity, outcome) is outcome
            if not is_new:
                self._tell_twice(rule.id, answer.identity)
        count(tally, answers)

    def _is_counted(self, rule: Rule, tally: Tally, sheet: Sheet | None, hit: Hit) -> bool:
        """Counts what is unknown, and what is plainly known; as most are."""
        if isinstance(hit, Unknown):
            tally.unknown += 1
            return True
        if sheet is None or sheet.seen or hit.detail or hit.subject or hit.environment:
            return False
        if sheet is not self._last[0]:  # rules are asked of one sheet in a row
            detail = _detail(sheet, hit) if sheet.prefix else None
            self._last = sheet, identity.format(Identity("", sheet.address, sheet.environment, detail))
        name = rule.id + self._last[1]
        if not self.docket.is_known(self.docket.current(name)):
            return False
        tally.failed += 1
        tally.known += 1
        self._count_out(rule.id, 1, 0)
        return True

    def _leave_out(self, rule: Rule, answer: Answer, sheet: Sheet | None) -> bool:
        """Only count an answer; whether it is the first of its identity."""
        name = answer.identity
        if sheet is None or self._subject != sheet.address:  # no other record yields the same
            self._subject = _subject(sheet)
            self._names.clear()
        if name in self._names or name in self.outcomes:
            return False
        self._names.add(name)
        self._count_out(rule.id, answer.known, answer.state == WAIVED)
        return True

    def _count_out(self, rule: str, known: int, waived: int) -> None:
        counted = self._out.setdefault(rule, [0, 0])
        counted[0] += known
        counted[1] += waived

    def _tell_twice(self, rule: str, name: str) -> None:
        self.bugs.append(f"rule {rule} yields {name} twice: its details must tell hits apart")

    @property
    def left_out(self) -> dict[str, LeftOut]:
        """What was only counted, by rule."""
        return {rule: LeftOut(*counted) for rule, counted in self._out.items()}

    def found(self) -> Found:
        """All of it as plain values."""
        return Found(
            tuple(self.outcomes.values()), self.left_out, tuple(self.bugs), frozenset(self.matched), self.overlaps
        )

    def join(self, found: Found) -> None:
        """Add what was found in another part of the records."""
        for outcome in found.outcomes:
            if self.outcomes.setdefault(outcome.identity, outcome) is not outcome:
                self._tell_twice(outcome.rule, outcome.identity)
        for rule, counted in found.left_out.items():
            self._count_out(rule, *counted)
        self.bugs += found.bugs
        self.matched |= found.matched
        for waiver, other in found.overlaps.items():
            self.overlaps.setdefault(waiver, other)

    def unlooked(self, rule: Rule, tally: Tally, sheet: Sheet, reason: str) -> None:
        """Record that nobody looked, without an outcome for every question: there are dozens to a store."""
        tally.unknown += 1
        if self.counts_unknown:
            return
        place = (rule.family, sheet.address, sheet.environment)
        self._unlooked.setdefault(place, (reason, []))[1].append(rule)
        if self.docket.has_waivers:
            name = identity.format(Identity(rule.id, sheet.address, sheet.environment))
            self.matched.update(self.docket.waivers_around(self.docket.current(name)))

    def close(self) -> None:
        """Make the outcomes of what nobody looked at."""
        if self.brief:
            return
        shared: dict[tuple[str, ...], tuple[str, ...]] = {}
        for (family, subject, environment), (reason, rules) in self._unlooked.items():
            ids = tuple(sorted(rule.id for rule in rules))
            entry = self.context.index.get(subject)
            name = identity.format(Identity(family, subject, environment))
            weight = self.context.weigh(subject)
            self.outcomes[name] = Outcome(
                identity=name,
                rule=family,
                severity=max((rule.severity for rule in rules), key=SEVERITIES.index),
                state=UNKNOWN,
                subject=subject,
                environment=environment,
                message=reason,
                path=entry.path if entry else "",
                rules=shared.setdefault(ids, ids),
                criticality=weight.criticality,
                reach=weight.reach,
            )

    def broke(self, rule: Rule, tally: Tally, sheet: Sheet | None, error: Exception) -> None:
        """Record a rule that raised: our bug, and an answer that is not known."""
        from traceback import format_exception

        self.bugs.append(f"rule {rule.id} on {_subject(sheet)}: {''.join(format_exception(error))}")
        self.settle(rule, tally, sheet, [Unknown(f"rule {rule.id} failed: {type(error).__name__}")])

    def _answer(self, rule: Rule, sheet: Sheet | None, hit: Hit, only_time: bool) -> Answer:
        subject = hit.subject or _subject(sheet)
        environment = hit.environment or (sheet.environment if sheet else None)
        detail = _detail(sheet, hit) if hit.detail or (sheet and sheet.prefix) else None
        name = identity.format(Identity(rule.id, subject, environment, detail))
        return Answer(name, *self._state(name, hit, rule.timed or only_time), subject, environment)

    def _outcome(self, rule: Rule, sheet: Sheet | None, hit: Hit, answer: Answer) -> Outcome:
        name, state, timed, known, waiver, subject, environment = answer
        entry = self.context.index.get(subject)
        field = _field(sheet, hit.field) if sheet and sheet.prefix else hit.field
        path = hit.path or (entry.path if entry else "")
        criticality, reach = self.context.weigh(subject)
        return Outcome(
            name,
            rule.id,
            rule.severity,
            state,
            subject,
            environment,
            hit.message,
            field,
            path,
            hit.line,
            timed=timed,
            known=known,
            waiver=waiver,
            criticality=criticality,
            reach=reach,
        )

    def _state(self, name: str, hit: Hit, timed: bool) -> tuple[str, bool, bool, str]:
        """(state, timed, known, waiver): a waiver in force first, then the list of known findings."""
        name = self.docket.current(name)
        if isinstance(hit, Unknown):
            if self.docket.has_waivers:
                self.matched.update(self.docket.waivers_around(name))
            return UNKNOWN, timed, False, ""
        if not self.docket.has_waivers:
            return FAIL, timed, self.docket.is_known(name), ""
        waivers = self.docket.waivers(name)
        self.matched.update(waiver.id for waiver in waivers)
        if waivers and self.docket.is_in_force(waivers[-1]):
            for needless in filter(self.docket.is_in_force, waivers[:-1]):
                self.overlaps.setdefault(needless.id, (name, waivers[-1].id))
            return WAIVED, timed, False, waivers[-1].id
        known = self.docket.is_known(name)
        # Had its waiver not expired, it would not count: so only time makes it count.
        return (FAIL, True, known, waivers[-1].id) if waivers else (FAIL, timed, known, "")

    def _only_stale(self, rule: Rule, sheet: Sheet, hits: Sequence[Hit]) -> Sequence[Hit]:
        """The hits that are there only because an observation has gone stale."""
        if sheet.refreshed() is sheet or all(isinstance(hit, Unknown) for hit in hits):
            return ()
        try:
            lasting = {hit.detail for hit in rule.function(sheet.refreshed(), self.context)}
        except Exception:  # noqa: BLE001 (one rule on one input: what it says about today's facts stands)
            return ()
        return [hit for hit in hits if hit.detail not in lasting]


def count(tally: Tally, answers: Sequence[Answer]) -> None:
    """One input counts once: as the worst of its answers."""
    failed = [answer.known for answer in answers if answer.state == FAIL]
    if failed:
        tally.failed += 1
        tally.known += all(failed)
    elif any(answer.state == UNKNOWN for answer in answers):
        tally.unknown += 1
    else:
        tally.waived += 1


def _subject(sheet: Sheet | None) -> str:
    return sheet.address if sheet else "registry"


def _detail(sheet: Sheet | None, hit: Hit) -> str | None:
    """The key under `each`, then what the rule itself says to tell hits apart."""
    if not (sheet and sheet.prefix):
        return hit.detail or None
    key = decode_key(sheet.prefix[sheet.prefix.rindex("[") + 1 : -1])
    return "/".join(part for part in (key, hit.detail) if part) or None


def _field(sheet: Sheet, field: str) -> str:
    """The absolute fact name of what a rule under `each` calls by its relative one."""
    below = f"{sheet.prefix}.{field}" if field else sheet.prefix
    names = sheet.names()
    return field if field in names and below not in names else below

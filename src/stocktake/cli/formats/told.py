"""What a check has to tell, the same for every format: what hides in it is made visible, and secrets are taken out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from stocktake.errors import Problem
from stocktake.model.outcome import FAIL, SEVERITIES, UNKNOWN, WAIVED, Outcome
from stocktake.values.secret import redact
from stocktake.values.showable import showable
from stocktake.values.text import shown

if TYPE_CHECKING:
    from stocktake.model.rule import Rule
    from stocktake.pipeline.check import Report

_SENTENCE = re.compile(r"(?<=[a-z`)]\.) (?=[A-Z`])")
WRONG, KNOWN = "wrong", "known"


class Told(NamedTuple):
    """One thing to tell. `state` is `wrong` for what keeps a file from being read, else `fail`, `known`, `waived` or
    `unknown`; `counts` is whether it fails the check.
    """

    state: str
    counts: bool
    severity: str
    path: str
    line: int
    column: int
    message: str
    hint: str = ""
    field: str = ""
    rule: str = ""
    subject: str = ""
    environment: str = ""
    identity: str = ""
    waiver: str = ""

    def headline(self) -> str:
        """Where and what, on one line, without what to do."""
        return f"{self.place()}{self.what()}"

    def place(self) -> str:
        """`path:line:column: `, as far as it is known."""
        at = f":{self.line}:{self.column}" if self.line else ""
        return f"{self.path}{at}: " if self.path else ""

    def advised(self, text: str) -> str:
        """A text and, as a sentence after it, what to do."""
        return f"{text}{'' if text.endswith(('.', '?', '!')) else '.'} {self.hint}" if self.hint else text

    def what(self) -> str:
        """`severity identity: message`, or `field: message` of what is wrong."""
        if not self.rule:
            return ": ".join(filter(None, (self.field, self.message)))
        return f"{self.severity} {self.identity}: {self.message}"

    def about(self) -> str:
        """What a finding is about, as the part of its identity after the rule; of what is wrong, the field."""
        return self.identity.partition("@")[2] if self.rule else self.field


class Result(NamedTuple):
    """Everything a check said. `footer` are the counts with the colour of each line, `data` makes the object for
    machines, `read` gives the text of a file of the repository, `rules` are those that were asked, and `passed` the
    ids of those that were asked of something and passed every time.
    """

    told: tuple[Told, ...]
    exit_code: int
    footer: tuple[tuple[str, str], ...]
    data: Callable[[], Mapping[str, Any]]
    read: Callable[[str], str]
    rules: Mapping[str, Rule] = {}
    passed: tuple[str, ...] = ()

    @property
    def open(self) -> list[Told]:
        """What nobody excused and somebody should mend."""
        return [one for one in self.told if one.state in (WRONG, FAIL)]


def of_files(problems: list[Problem], count: int, read: Callable[[str], str]) -> Result:
    """The result of a check of single files."""
    files = f"{count} file{'s' * (count != 1)} checked, "
    footer = (f"{files}{_problems(problems)}", "error") if problems else (f"{files}nothing wrong", "good")
    code = 2 if problems else 0
    return Result(
        tuple(map(_wrong, problems)),
        code,
        (footer,),
        lambda: {"schema": 1, "exit_code": code, "problems": [showable(one)._asdict() for one in problems]},
        read,
    )


def of_report(report: Report, read: Callable[[str], str]) -> Result:
    """The result of a check of the whole registry."""
    from stocktake.pipeline.check import as_data

    rules = {rule.id: rule for rule in report.asked}
    return Result(
        (*map(_wrong, report.problems), *_outcomes(report, rules)),
        report.exit_code,
        tuple(_footer(report)),
        lambda: as_data(report),
        read,
        rules,
        tuple(report.always_passed()),
    )


def _problems(problems: Iterable[Problem]) -> str:
    count = len(list(problems))
    return f"{count} problem{'s' * (count != 1)}"


def _wrong(problem: Problem) -> Told:
    safe = showable(problem)
    identity = "#".join(filter(None, (f"INPUT@{safe.path}", safe.field, safe.message)))
    return Told(
        WRONG,
        True,
        "high",
        safe.path,
        safe.line,
        safe.column,
        safe.message,
        safe.hint,
        safe.field,
        identity=identity,
    )


def _outcomes(report: Report, rules: Mapping[str, Rule]) -> Iterator[Told]:
    counting = set(report.counting)
    for outcome in report.of(FAIL):
        yield _outcome(outcome, KNOWN if outcome.known else FAIL, outcome in counting, rules)
    for outcome in report.hidden:
        yield _outcome(outcome._replace(message=f"{outcome.message} (as last seen)"), FAIL, True, rules)
    for state in (UNKNOWN, WAIVED):
        for outcome in report.of(state):
            yield _outcome(outcome, state, False, rules)


def _outcome(outcome: Outcome, state: str, counts: bool, rules: Mapping[str, Rule]) -> Told:
    return Told(
        state,
        counts,
        outcome.severity,
        shown(outcome.path),
        outcome.line,
        outcome.column,
        redact(shown(outcome.message)),
        _advice(rules.get(outcome.rule)) if state == FAIL else "",
        shown(outcome.field),
        outcome.rule,
        shown(outcome.subject),
        shown(outcome.environment or ""),
        shown(outcome.identity),
        shown(outcome.waiver),
    )


def _advice(rule: Rule | None) -> str:
    """The first sentence of what a rule's page says of how to mend it."""
    text = rule.sections().get("Fix", "") if rule else ""
    said = _SENTENCE.split(" ".join(text.split()), 1)[0]
    return f"{said[:1].upper()}{said[1:]}"


def _severities(report: Report) -> str:
    """How many new findings there are of each severity, the gravest first."""
    found = [one.severity for one in report.of(FAIL) if not one.known]
    return ", ".join(f"{found.count(name)} {name}" for name in reversed(SEVERITIES) if name in found)


def _footer(report: Report) -> Iterator[tuple[str, str]]:
    if report.problems:
        yield f"{_problems(report.problems)}: nothing was judged until they are put right", "error"
        return
    totals, found = report.totals(), report.findings()
    words = ", ".join(f"{totals[name]} {name}" for name in ("passed", "failed", "unknown", "waived"))
    records = len(report.audit.estate.records) if report.audit else 0
    asked = totals["asked"]
    yield f"{records} record{'s' * (records != 1)}, {asked} question{'s' * (asked != 1)}: {words}", ""
    if included := report.included():
        count, names = sum(included.values()), ", ".join(included)
        yield f"{count} more of {names}: included, and judged where they live", ""
    new, known = found["new"], found["known"]
    severities = f" ({_severities(report)})" if new else ""
    brought = " that only time has brought" if report.only_timed else ""
    yield f"{new + known} finding{'s' * (new + known != 1)}{brought}: {new} new{severities}, {known} known", ""
    if report.counting:
        count = len(report.counting)
        yield f"{count} of severity {report.fail_on} or above count{'s' * (count == 1)} against this check", "error"
    else:
        yield f"nothing of severity {report.fail_on} or above counts against this check", "good"
    gate, counted = SEVERITIES.index(report.fail_on), {one.identity for one in report.counting}
    grave = [one for one in report.of(FAIL) if one.timed and SEVERITIES.index(one.severity) >= gate]
    if later := sum(not one.known and one.identity not in counted for one in grave):
        yield f"{later} that only time has brought count{'s' * (later == 1)} with --timed", ""

"""How problems and outcomes read on a terminal, in a log and on a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from stocktake.cli.console import paint
from stocktake.errors import Problem
from stocktake.model.outcome import FAIL, Outcome
from stocktake.values.text import shown

if TYPE_CHECKING:
    from stocktake.pipeline.check import Report

_ANNOTATIONS = 10


def problem_lines(problems: Iterable[Problem], form: str) -> Iterator[str]:
    """One line per problem; in the format `github`, workflow commands."""
    told = list(problems)
    if not told:
        return
    from stocktake.values.showable import showable  # only where there is something to tell: it takes a while to load

    for number, problem in enumerate(map(showable, told), 1):
        text = problem.text()
        if form == "github":
            if number <= _ANNOTATIONS:
                yield _annotation("error", problem.path, problem.line, problem.column, text)
        elif form == "text" and problem.line:
            place, _, rest = text.partition(": ")
            yield f"{paint(place, 'path', bold=False)}: {rest}"
        else:
            yield text
    if form == "github":
        yield from _more(len(told))


def _more(count: int) -> Iterator[str]:
    """What says that a forge shows only the first annotations of a run."""
    if count > _ANNOTATIONS:
        yield f"::notice::{count - _ANNOTATIONS} more: `stocktake check` lists all."


def problem_summary(problems: list[Problem], count: int) -> str:
    """The closing line of a check of files."""
    files = f"{count} file{'s' * (count != 1)}"
    if not problems:
        return f"{files} checked, {paint('nothing wrong', 'good')}"
    return f"{files} checked, {paint(f'{len(problems)} problem' + 's' * (len(problems) != 1), 'error')}"


def report_lines(report: Report, form: str) -> Iterator[str]:
    """A whole report."""
    yield from problem_lines(report.problems, form)
    counting = set(report.counting)
    if form == "github":
        failures = [outcome for outcome in report.of(FAIL) if not outcome.known] + [*report.hidden]
        for outcome in failures[:_ANNOTATIONS]:
            level = "error" if outcome in counting else "warning"
            yield _annotation(
                level, outcome.path, outcome.line, outcome.column, f"{outcome.rule} {_safe(outcome.message)}"
            )
        yield from _more(len(failures))
        return
    for outcome in report.of(FAIL):
        if not outcome.known:
            yield outcome_line(outcome, form)
    for outcome in report.hidden:
        yield f"{outcome_line(outcome, form)} (as last seen)"
    if form == "text":
        yield from _summary(report)


def outcome_line(outcome: Outcome, form: str = "concise") -> str:
    """`path:line:column: RULE severity subject: message`."""
    place = (
        f"{shown(outcome.path)}:{outcome.line}:{outcome.column}: "
        if outcome.line
        else f"{shown(outcome.path)}: "
        if outcome.path
        else ""
    )
    environment = f" ({shown(outcome.environment)})" if outcome.environment else ""
    message = _safe(outcome.message)
    rule = f"{outcome.rule} {outcome.severity}"
    head = f"{paint(place, 'path', bold=False)}{paint(rule, outcome.severity)}" if form == "text" else f"{place}{rule}"
    return f"{head} {shown(outcome.subject)}{environment}: {message}"


def _summary(report: Report) -> Iterator[str]:
    if report.problems:
        count = len(report.problems)
        yield paint(f"{count} problem{'s' * (count != 1)}: nothing was judged until they are put right", "error")
        return
    totals, found = report.totals(), report.findings()
    words = ", ".join(f"{totals[name]} {name}" for name in ("passed", "failed", "unknown", "waived"))
    records = len(report.audit.estate.records) if report.audit else 0
    yield f"{records} record{'s' * (records != 1)}, {totals['asked']} questions: {words}"
    new, known = found["new"], found["known"]
    yield f"{new + known} finding{'s' * (new + known != 1)}: {new} new, {known} known"
    if report.counting:
        yield paint(f"{len(report.counting)} of severity {report.fail_on} or above count against this check", "error")
    else:
        yield paint(f"nothing of severity {report.fail_on} or above counts against this check", "good")


def _safe(text: str) -> str:
    """What hides is shown, and secrets are not."""
    from stocktake.values.secret import redact  # only where there is something to tell: it takes a while to load

    return redact(shown(text))


def _annotation(level: str, path: str, line: int, column: int, message: str) -> str:
    """A workflow command; what could end it is escaped."""
    place = [f"file={_property(shown(path))}"] if path else []
    place += [f"line={line}", f"col={column}"] if line else []
    return f"::{level} {','.join(place)}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

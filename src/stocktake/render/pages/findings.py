"""Everything that is open: failures, known failures, questions without an answer, and what is waived."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.outcome import FAIL, UNKNOWN, WAIVED, Outcome
from stocktake.render import trend_charts
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, el
from stocktake.render.outcomes import HEADERS, asked, by_family, row
from stocktake.render.paged import paged
from stocktake.render.parts import bar, lead, legend, muted
from stocktake.render.view import View

_HERE = "findings.md"


def pages(view: View) -> Iterator[Page]:
    """The list, and above it how often each family of rules was asked and answered."""
    rows = [row(view, _HERE, outcome) for outcome in sorted(view.audit.outcomes, key=_order)]
    empty = "No rule failed and none lacked an answer. What each rule was asked stands above."
    for path, part in paged(_HERE, HEADERS, rows, "Findings", empty, filtered=True):
        first: list[Markup | Heading | None] = []
        if path == _HERE:
            trend = trend_charts.beside(view, _HERE, "findings")
            first = [_lead(view), _bar(view), trend, by_family(view, _HERE), Heading("All of them")]
        yield document(path, "Findings", [*first, part], wide=True)


def _order(outcome: Outcome) -> tuple[int, bool]:
    """Open failures first, then known ones, unknown answers and waived failures; those of each stay as ranked."""
    states = (FAIL, UNKNOWN, WAIVED)
    return states.index(outcome.state) if outcome.state in states else len(states), outcome.known


def _lead(view: View) -> Markup:
    fail_on = view.estate.settings.fail_on
    return lead(
        "What the rules found. Failures from ",
        el("b", fail_on),
        " up stop a pull request; known ones are on a list, waived ones have an owner and an expiry date. ",
        "What comes first is graver, about something more critical, and stops more with it. ",
        muted("Unknown means that nobody looked or the answer is too old."),
    )


def _bar(view: View) -> Markup:
    """How the questions were answered; below it stand the findings that this gave."""
    counts = asked(view)
    total = sum(count for _, count in counts)
    return el("div", bar(counts), legend(counts, total), class_="st-panel")

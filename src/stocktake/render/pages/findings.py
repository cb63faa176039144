"""Everything that is open: failures, known failures, questions without an answer, and what is waived."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.outcome import FAIL, UNKNOWN, WAIVED, Outcome
from stocktake.render import trend_charts
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, anchor, el
from stocktake.render.finding_rows import ACCEPTED, HEADERS, accepted, row, told
from stocktake.render.outcomes import asked, by_family
from stocktake.render.paged import paged, parted
from stocktake.render.parts import bar, lead, legend, muted
from stocktake.render.table import table
from stocktake.render.view import View, href

_HERE = "findings.md"
_MOST_ACCEPTED = 50


def pages(view: View) -> Iterator[Page]:
    """The list, and above it how often each family of rules was asked and answered."""
    ranked = sorted((one for one in view.audit.outcomes if one.state != WAIVED), key=_order)
    rows = [row(view, _HERE, outcome) for outcome in ranked]
    empty = "No rule failed and none lacked an answer. What each rule was asked stands above."
    parts = parted(rows)
    made = paged(view, _HERE, HEADERS, rows, "Findings", empty, filtered=True, parts=parts)
    for (path, part), mine in zip(made, parts, strict=True):
        first: list[Markup | Heading | None] = []
        if path == _HERE:
            trend = trend_charts.beside(view, _HERE, "findings")
            first = [_lead(view), _bar(view), trend, by_family(view, _HERE), *_accepted(view), Heading("All of them")]
        rest, ranked = told(view, path, ranked[: len(mine)]), ranked[len(mine) :]
        script = el("script", src="javascripts/told.js", defer=True)
        yield document(path, "Findings", [*first, part, rest, script], wide=True)


def _order(outcome: Outcome) -> tuple[int, bool]:
    """Open failures first, then known ones, then unknown answers; those of each stay as ranked."""
    states = (FAIL, UNKNOWN)
    return states.index(outcome.state) if outcome.state in states else len(states), outcome.known


def _accepted(view: View) -> Iterator[Markup | Heading]:
    """Failures under a waiver, apart from what is open."""
    found = [outcome for outcome in view.audit.outcomes if outcome.state == WAIVED]
    yield Heading("Accepted for a time")
    rows = [accepted(view, _HERE, outcome) for outcome in found[:_MOST_ACCEPTED]]
    yield table(ACCEPTED, rows, "Accepted findings", "No finding is accepted.")
    if len(found) > _MOST_ACCEPTED:
        more = f"and {len(found) - _MOST_ACCEPTED:,} more, by their "
        yield el("p", more, anchor("waivers", href(_HERE, "waiver/index.md")), ".", class_="st-muted")


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

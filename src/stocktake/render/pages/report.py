"""The audit report: one page to read and print, with everything else behind it to check."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake import __version__
from stocktake.model.record import Record
from stocktake.render import trend_charts
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.live import folded
from stocktake.render.outcomes import asked, by_family, by_state
from stocktake.render.pages import plan
from stocktake.render.parts import (
    Card,
    badge,
    bar,
    cards,
    code,
    counted,
    lead,
    legend,
    muted,
    note,
    share,
)
from stocktake.render.report import findings, scope
from stocktake.render.report.opinion import DISCLAIMED, FORMULA, opinion
from stocktake.render.table import table
from stocktake.render.view import View, href

HERE = "report.md"
_WORDS = {DISCLAIMED: "No opinion"}


def pages(view: View) -> Iterator[Page]:
    """The report."""
    lines = plan.totals(view)
    blocks: list[Markup | Heading | None] = [
        lead(
            "What an auditor reads first: the conclusion, what it covers, and the gravest findings. ",
            muted(
                "Everything below is worked out anew at every build, so the same commit and day give the same report."
            ),
        ),
        _opinion(view),
        _figures(view),
        trend_charts.beside(view, HERE, "findings", "coverage"),
        Heading("Top findings"),
        findings.top(view, HERE),
        Heading("Scope"),
        scope.scope(view, HERE),
        Heading("Not covered"),
        el("p", "Of all this nothing is concluded, neither good nor bad.", class_="st-muted"),
        scope.uncovered(view, HERE, lines),
        Heading("Findings in full"),
        *findings.in_full(view, HERE),
        Heading("Accepted exceptions"),
        findings.accepted(view, HERE),
        Heading("Well-run controls"),
        findings.well_run(view, HERE),
        *_method(view),
        Heading("Sign-off"),
        _sign_off(view),
    ]
    yield document(HERE, "Audit report", blocks, above=_as_of(view), searched=False)


def _as_of(view: View) -> Markup:
    audit = view.audit
    commit = join((", commit ", code(audit.commit[:12]))) if audit.commit else ", outside of Git"
    return el("div", f"{audit.today.isoformat()}", commit, f", Stocktake {__version__}", class_="st-crumb")


def _opinion(view: View) -> Markup:
    found = opinion(view)
    title = _WORDS.get(found.word, f"Opinion: {found.word}")
    steps = el("ol", *(el("li", el("b", word), ": ", told) for word, told in FORMULA), class_="st-steps")
    how = folded(
        "How this is worked out: the first that fits",
        steps,
        el("p", "A person answers for the report, and signs below.", class_="st-muted"),
    )
    return note(found.tone, el("b", title, ". "), found.reason, how)


def _figures(view: View) -> Markup:
    counts = dict(asked(view))
    total = sum(counts.values())
    open_ = by_state(view.audit.outcomes)
    tracked = view.estate.of("finding")
    closed = sum(record.data.get("status") in ("resolved", "dismissed") for record in tracked)
    answered = total - counts["unknown"]
    figures = cards(
        (
            Card(
                f"{answered:,}",
                f" of {total:,}",
                "Questions answered",
                f"{share(answered, total)}; the rest is not known",
                href(HERE, "findings.md"),
                "unknown" if answered < total else "plain",
            ),
            Card(
                f"{counts['pass']:,}",
                f" of {answered:,}",
                "Answers that are good",
                f"{counts['waived']:,} waived",
                href(HERE, "rule/index.md"),
            ),
            Card(
                f"{open_['fail'] + open_['known']:,}",
                "",
                "Findings open",
                f"{open_['known']:,} known before; {closed} of {len(tracked)} tracked ones closed",
                href(HERE, "findings.md"),
                "bad" if open_["fail"] else "plain",
            ),
        )
    )
    parts = list(counts.items())
    return join((figures, el("div", bar(parts), legend(parts, total), class_="st-panel")))


def _method(view: View) -> list[Markup | Heading]:
    told = (
        "People declare what there is in a registry under version control; machines observe what runs; ",
        "each rule asks every record that it applies to. An answer is pass, fail, unknown, waived or not applicable. ",
        "Unknown is never counted as good: it says that nobody looked, or that the look is too old. ",
        f"A look counts for {view.estate.settings.freshness}.",
    )
    cited = "Controls are pointers in our own words. Whether one is met is for the auditor to say."
    return [
        Heading("Method"),
        el("p", *told),
        el(
            "p",
            f"{counted(len(view.audit.rules), 'rule')}, Stocktake {__version__}. {cited} ",
            anchor("All rules", href(HERE, "rule/index.md")),
            ", ",
            anchor("all controls", href(HERE, "control/index.md")),
            ".",
        ),
        Heading("Rules checked"),
        by_family(view, HERE),
        Heading("Freshness of the data"),
        scope.freshness(view),
    ]


def _sign_off(view: View) -> Markup:
    """Lines to sign on paper, and the audit review that this belongs to."""
    reviews = [record for record in view.estate.of("review") if record.data.get("type") == "audit"]
    last = max(reviews, key=_end, default=None)
    if last is None:
        said = el(
            "p",
            muted("No review of type "),
            code("audit"),
            muted(" is recorded. Hold one: "),
            code("stocktake new review ID"),
            muted("."),
        )
    else:
        state = str(last.data.get("state", ""))
        said = el(
            "p",
            muted("Audit review: "),
            view.link(HERE, last.address),
            " ",
            badge(state, "is-pass" if state == "done" else "plain"),
        )
    blank = el("span", "\u00a0", class_="st-sign")
    lines = [(who, blank, blank, blank) for who in ("Prepared by", "Reviewed by", "Accepted by")]
    return join((said, table(("Part", "Name", "Date", "Signature"), lines, "Sign-off")))


def _end(record: Record) -> tuple[str, str]:
    return str(record.data.get("period", "")).rpartition("/")[2], record.id

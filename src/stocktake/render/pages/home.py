"""The first page: are we fine, what comes first, how much do we know, and where to go from here."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.outcome import Outcome
from stocktake.render import recovery, since, trend_charts
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.heatmap import heatmap
from stocktake.render.live import day
from stocktake.render.outcomes import BRIEF, asked, briefly, by_family, distinct, failing, first
from stocktake.render.pages import plan
from stocktake.render.parts import SEVERITY_ORDER, Card, bar, cards, code, counted, legend, muted, note, share
from stocktake.render.plan.measures import ANSWERED
from stocktake.render.table import table
from stocktake.render.view import View, href

_HERE = "index.md"
_FIRST = 8
# Who comes here, what for, and the pages that answer.
_DOORS = (
    (
        "I audit",
        "What was asked, what is open, how far the plan is covered.",
        (
            ("Audit report", "report.md"),
            ("Coverage of the plan", "plan.md"),
            ("Quality of the register", "coverage.md"),
            ("Inventory sheet", "inventory.md"),
            ("Findings", "findings.md"),
            ("Access review", "access-review.md"),
            ("Backups and drills", "backups.md"),
            ("Risk register", "risk/index.md"),
            ("Waivers", "waiver/index.md"),
            ("Controls of frameworks", "control/index.md"),
        ),
    ),
    (
        "I change things",
        "What depends on what, what breaks, and why it is as it is.",
        (
            ("What breaks", "dependencies.md"),
            ("Dependency matrix", "matrix.md"),
            ("Architecture", "architecture.md"),
            ("Environments", "environment/index.md"),
            ("Changes", "change/index.md"),
            ("Decisions", "adr/index.md"),
            ("Drift", "drift.md"),
            ("Guides", "guides.md"),
        ),
    ),
    (
        "I own things",
        "What is mine, what it still lacks, and what to do when it stops.",
        (
            ("Teams", "team/index.md"),
            ("Systems", "system/index.md"),
            ("Data stores", "catalogue.md"),
            ("Assets", "asset/index.md"),
            ("Runbooks", "runbook/index.md"),
            ("Incidents", "incident/index.md"),
        ),
    ),
    (
        "I look after the register",
        "Whether machines look, what they found, and what they could not see.",
        (
            ("Heatmaps", "heatmaps.md"),
            ("Trends", "trends.md"),
            ("Declared and observed", "reconciliation.md"),
            ("Observations", "observations.md"),
            ("Environments compared", "environments.md"),
            ("Rules", "rule/index.md"),
            ("Record kinds", "schema/index.md"),
            ("Glossary", "glossary.md"),
        ),
    ),
)

_READERS = (
    ("Auditor:", "opinion and report", "report.md"),
    ("Manager:", "does it get better", "trends.md"),
    ("Engineer:", "what breaks", "dependencies.md"),
    ("Owner:", "what is mine", "team/index.md"),
)


def pages(view: View) -> Iterator[Page]:
    """The home page."""
    settings = view.estate.settings
    blocks: list[Markup | Heading | None] = [_verdict(view), _readers(), _figures(view), _answers(view)]
    blocks += [Heading("Needs attention first"), *_first(view)]
    if found := trend_charts.beside(view, _HERE, "findings", "coverage"):
        blocks += [Heading("Does it get better"), found]
    blocks += [Heading("Where it is weak"), heatmap(view, _HERE), by_family(view, _HERE)]
    blocks += since.blocks(view, _HERE)
    blocks += [Heading("Where to go"), _doors()]
    yield document(_HERE, settings.name, blocks, above=_as_of(view), alone=True)


def _as_of(view: View) -> Markup:
    audit = view.audit
    commit = (
        join((" at commit ", code(audit.commit[:10]), *((" of ", day(audit.committed)) if audit.committed else ())))
        if audit.commit
        else ", outside of Git"
    )
    others = sorted({record.origin for record in audit.estate.included})
    count = counted(len(audit.estate.included), "record")
    beside = join((f"; {count} of ", join(map(code, others), ", "), " included and not judged here")) if others else ""
    return el("div", "Judged on ", day(audit.today.isoformat()), commit, beside, class_="st-crumb")


def _verdict(view: View) -> Markup:
    """Fine only where every question has an answer and no failure is left, known or not."""
    fail_on = view.estate.settings.fail_on
    tallies = view.audit.tallies.values()
    asked, unknown = sum(tally.asked for tally in tallies), sum(tally.unknown for tally in tallies)
    part = f"{counted(unknown, 'question')} of {asked:,} ({share(unknown, asked)})"
    told = f"{part} have no answer yet: nothing is concluded there."
    rest = muted(told) if unknown else None
    open_, known = (_serious(failing(view, which), fail_on) for which in (False, True))
    if not asked or not view.estate.records:
        return note(
            "info", el("b", "Nothing is known yet. "), "Write a first record, or run ", code("stocktake discover"), "."
        )
    if open_:
        about = counted(len({outcome.subject for outcome in open_}), "subject")
        words = f"{counted(len(open_), 'new finding')} of severity {fail_on} or worse, about {about}. "
        return note("bad", el("b", "Not fine: "), words, rest)
    if known:
        words = f"{counted(len(known), 'known finding')} of severity {fail_on} or worse still wait. "
        return note("warn", el("b", "Nothing new, but not fine: "), words, rest)
    if unknown:
        return note("warn", el("b", "No serious failure, but not everything is known: "), told)
    return note("good", el("b", "No serious failure. "), f"All {counted(asked, 'question')} have an answer.")


def _serious(outcomes: list[Outcome], fail_on: str) -> list[Outcome]:
    least = SEVERITY_ORDER.get(fail_on, 1)
    return [outcome for outcome in outcomes if SEVERITY_ORDER.get(outcome.severity, 9) <= least]


def _figures(view: View) -> Markup:
    assets = len(view.estate.of("asset"))
    open_, known = failing(view), failing(view, known=True)
    matched = len(view.seen_assets)
    covered = plan.totals(view)
    unprotected, stores = recovery.needy(view)
    critical = sum(outcome.severity in ("critical", "high") for outcome in (*open_, *known))
    groups = ", ".join(counted(len(view.assets(f"{one}s")), one) for one in ("store", "component", "external"))
    return cards(
        (
            Card(assets, "", "Assets", groups, href(_HERE, "asset/index.md")),
            Card(
                len(open_) + len(known),
                " open",
                "Findings",
                f"{len(known)} known, {critical} critical or high",
                href(_HERE, "findings.md"),
                "bad" if critical else "plain",
            ),
            Card(
                len(unprotected),
                f" of {len(stores)}",
                "Stores without a backup plan",
                recovery.asked_by(view, "as declared; drills tell more"),
                href(_HERE, "backups.md"),
                ("bad" if recovery.is_judged(view) else "unknown") if unprotected else "plain",
            ),
            Card(
                matched,
                f" of {assets}",
                "Assets seen lately by a machine",
                "of the rest nothing is confirmed" if matched < assets else "all of them",
                href(_HERE, "reconciliation.md"),
                "unknown" if matched < assets else "plain",
            ),
            Card(
                covered[ANSWERED],
                f" of {sum(covered.values())}",
                "Lines of the audit plan answered",
                f"{covered['partly']} partly",
                href(_HERE, "plan.md"),
            ),
        )
    )


def _answers(view: View) -> Markup:
    counts = asked(view)
    total = sum(count for _, count in counts)
    title = f"{counted(len(view.audit.rules), 'rule')} asked {counted(total, 'question')}"
    return el(
        "div",
        el("div", el("b", title), class_="st-panel-title"),
        bar(counts),
        legend(counts, total),
        el("p", *_findings(view), class_="st-muted"),
        class_="st-panel",
    )


def _findings(view: View) -> Iterator[object]:
    """What the failed questions amount to, in findings."""
    failed = sum(tally.failed for tally in view.audit.tallies.values())
    known, total = len(failing(view, known=True)), len(failing(view)) + len(failing(view, known=True))
    one = "The failed question gave " if failed == 1 else f"The {failed:,} failed questions gave "
    yield from (
        (one, counted(total, "finding"), ": a question can give several. ") if failed else ("No question failed. ",)
    )
    if known:
        yield anchor(
            f"{known:,} of them" if known < total else "All of them", f"{href(_HERE, 'findings.md')}?state=known"
        )
        yield " stand on the list that keeps a young registry green. "
    yield f"{sum(tally.not_applicable for tally in view.audit.tallies.values()):,} more questions do not apply."


def _first(view: View) -> list[Markup]:
    open_ = sorted((*failing(view), *failing(view, known=True)), key=first)
    rows = [briefly(view, _HERE, group) for group in distinct(open_, _FIRST)]
    empty = "No open failure. Look at the unknown answers next: they say where nobody has looked."
    blocks = [table(BRIEF, rows, "Needs attention first", empty)]
    if len(open_) > _FIRST:
        blocks.append(el("p", anchor(f"All {len(open_):,} open findings", href(_HERE, "findings.md"))))
    return blocks


def _readers() -> Markup:
    """The page that each reader opens first, on the first screen; all others stand at the end."""
    told = (el("span", el("b", who), " ", anchor(label, href(_HERE, page))) for who, label, page in _READERS)
    return el("p", join(told, " "), class_="st-readers")


def _doors() -> Markup:
    return el("div", *(_door(title, told, links) for title, told, links in _DOORS), class_="st-doors")


def _door(title: str, told: str, links: tuple[tuple[str, str], ...]) -> Markup:
    items = (el("li", anchor(label, href(_HERE, page))) for label, page in links)
    return el("div", el("h3", title), el("p", told), el("ul", *items), class_="st-door")

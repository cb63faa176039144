"""The first page: are we fine, what comes first, how much do we know, and where to go from here."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from stocktake.model.outcome import FAIL, UNKNOWN
from stocktake.model.rule import FAMILIES, SEVERITIES
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.outcomes import by_family, failing, row, totals
from stocktake.render.pages import plan
from stocktake.render.parts import SEVERITY_ORDER, Card, bar, cards, code, counted, legend, muted, note, share
from stocktake.render.plan.measures import ANSWERED
from stocktake.render.table import Column, table
from stocktake.render.view import View, href

_HERE = "index.md"
_FIRST = 8
_HEADERS = (Column("Severity"), Column("Rule"), Column("What", wide=True), Column("About"), Column("Owner"))


def pages(view: View) -> Iterator[Page]:
    """The home page."""
    settings = view.estate.settings
    blocks: list[Markup | Heading] = [_verdict(view), _figures(view), _answers(view)]
    blocks += [Heading("Needs attention first"), *_first(view)]
    blocks += [Heading("Where it is weak"), *_heatmap(view), by_family(view, _HERE)]
    blocks += [Heading("Where to go"), _doors()]
    yield document(_HERE, settings.name, blocks, above=_as_of(view), wide=True)


def _as_of(view: View) -> Markup:
    audit = view.audit
    commit = (
        join((" at commit ", code(audit.commit[:10]), f" of {audit.committed}" if audit.committed else ""))
        if audit.commit
        else ", outside of Git"
    )
    return el("div", f"Judged on {audit.today.isoformat()}", commit, class_="st-crumb")


def _verdict(view: View) -> Markup:
    open_ = failing(view)
    threshold = SEVERITIES.index(view.estate.settings.fail_on) if view.estate.settings.fail_on in SEVERITIES else 3
    counting = [outcome for outcome in open_ if SEVERITIES.index(outcome.severity) >= threshold]
    asked = sum(tally.asked for tally in view.audit.tallies.values())
    unknown = sum(tally.unknown for tally in view.audit.tallies.values())
    silent = f"{counted(unknown, 'question')} of {asked:,} ({share(unknown, asked)}) have no answer yet, so nothing is concluded there."
    if not asked:
        return note(
            "info",
            el("b", "Nothing is known yet. "),
            "Write a first record, or run ",
            code("stocktake discover"),
            " on a source tree.",
        )
    if counting:
        about = len({outcome.subject for outcome in counting})
        words = f"{counted(len(counting), 'open finding')} of severity {view.estate.settings.fail_on} or worse, about {counted(about, 'subject')}. "
        return note("bad", el("b", "Not fine: "), words, muted(silent if unknown else ""))
    if unknown:
        return note("warn", el("b", "No serious failure, but not everything is known: "), silent)
    return note("good", el("b", "No serious failure. "), f"All {counted(asked, 'question')} have an answer.")


def _figures(view: View) -> Markup:
    assets = len(view.estate.of("asset"))
    open_, known = failing(view), failing(view, known=True)
    matched = len({match.address for match in view.audit.reconciliation.matched})
    covered = plan.totals(view)
    stores = view.assets("stores")
    unprotected = [
        entry
        for entry in stores
        if not any(sheet.keys("backup.plans[]") for sheet in view.audit.sheets.get(entry.address, ()))
    ]
    critical = sum(outcome.severity in ("critical", "high") for outcome in open_)
    groups = ", ".join(f"{len(view.assets(group))} {group}" for group in ("stores", "components", "externals"))
    return cards(
        (
            Card(assets, "", "Assets", groups, href(_HERE, "asset/index.md")),
            Card(
                len(open_),
                f" + {len(known)} known",
                "Open findings",
                f"{critical} critical or high",
                href(_HERE, "findings.md"),
                "bad" if critical else "plain",
            ),
            Card(
                len(unprotected),
                f" of {len(stores)}",
                "Stores without a backup plan",
                "as declared; drills will tell more",
                href(_HERE, "catalogue.md"),
                "bad" if unprotected else "plain",
            ),
            Card(
                matched,
                f" of {assets}",
                "Assets seen by a machine",
                "the rest is only declared",
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
    counts = totals(view)
    total = sum(count for _, count in counts)
    known = len(view.estate.known)
    title = el(
        "div", el("b", f"{total:,} answers of {counted(len(view.audit.rules), 'rule')}"), class_="st-panel-title"
    )
    told = (
        f"{counted(known, 'known finding')} on the list that keeps a young registry green; they count as failures here."
        if known
        else ""
    )
    return el(
        "div",
        title,
        bar(counts),
        legend(counts, total),
        el("p", told, class_="st-muted") if told else None,
        class_="st-panel",
    )


def _first(view: View) -> list[Markup]:
    open_ = failing(view)
    rows = []
    for outcome in open_[:_FIRST]:
        cells = row(view, _HERE, outcome)
        rows.append((cells[0], *cells[2:5], cells[6]))
    empty = "No open failure. Look at the unknown answers next: they say where nobody has looked."
    blocks = [table(_HEADERS, rows, "Needs attention first", empty)]
    if len(open_) > _FIRST:
        blocks.append(el("p", anchor(f"All {len(open_):,} open findings", href(_HERE, "findings.md"))))
    return blocks


def _heatmap(view: View) -> list[Markup]:
    """Failures and unknown answers by owner and family, each cell with its text and a link to the list behind it."""
    cells: dict[tuple[str, str], list[str]] = {}
    for outcome in view.audit.outcomes:
        if outcome.state in (FAIL, UNKNOWN):
            severity = outcome.severity if outcome.state == FAIL else UNKNOWN
            family = outcome.rule.rstrip("0123456789")
            cells.setdefault((view.entry(outcome.subject).owner, family), []).append(severity)
    if not cells:
        return []
    families = sorted({*FAMILIES, *(family for _, family in cells)} & {rule.family for rule in view.audit.rules})
    owners = sorted({owner for owner, _ in cells}, key=lambda owner: (not owner, owner))
    head = el(
        "tr",
        el("th", "owner ↓ family →", scope="col", class_="st-corner"),
        *(el("th", el("abbr", family, title=FAMILIES.get(family, family)), scope="col") for family in families),
        el("th", "records", scope="col"),
    )
    records: dict[str, int] = {}
    for entry in view.audit.index.entries.values():
        records[entry.owner] = records.get(entry.owner, 0) + 1
    body = [
        el(
            "tr",
            el("th", _owner(view, owner), scope="row"),
            *(_heat(owner, family, cells.get((owner, family), [])) for family in families),
            el("td", records.get(owner, 0), class_="st-num"),
        )
        for owner in owners
    ]
    title = "Open failures and unknown answers by owner and family of rules"
    grid = el(
        "table",
        el("caption", title, class_="st-hidden"),
        el("thead", head),
        el("tbody", *body),
        class_="st-matrix st-heatmap",
    )
    told = "Each cell counts open failures, then unknown answers; its colour is the worst severity. An empty cell has neither, whether or not anything was asked."
    box = el("div", grid, class_="st-scroll", role="region", tabindex="0", aria_label=title)
    return [el("p", told, class_="st-muted"), box]


def _owner(view: View, owner: str) -> Markup:
    return view.link(_HERE, f"team/{owner}") if owner else muted("nobody")


def _heat(owner: str, family: str, severities: list[str]) -> Markup:
    if not severities:
        return el("td")
    failures = [name for name in severities if name != UNKNOWN]
    worst = min(failures, key=lambda name: SEVERITY_ORDER.get(name, 9)) if failures else UNKNOWN
    unknown = len(severities) - len(failures)
    words = ", ".join(
        part for part in (f"{len(failures)} fail" if failures else "", f"{unknown} unknown" if unknown else "") if part
    )
    query = urlencode({"rule": FAMILIES.get(family, family), "owner": owner or "nobody"})
    link = el(
        "a", words, el("br"), el("small", worst if failures else ""), href=f"{href(_HERE, 'findings.md')}?{query}"
    )
    return el("td", link, class_=f"st-heat st-heat-{worst}")


def _doors() -> Markup:
    doors = (
        (
            "I audit",
            "What was asked, what is open, how far the plan is covered.",
            (
                ("Coverage of the plan", "plan.md"),
                ("Findings", "findings.md"),
                ("Waivers", "waiver/index.md"),
                ("Rules", "rule/index.md"),
            ),
        ),
        (
            "I change things",
            "What depends on what, and why it is as it is.",
            (
                ("Dependency matrix", "matrix.md"),
                ("Architecture", "architecture.md"),
                ("Decisions", "adr/index.md"),
                ("Declared and observed", "reconciliation.md"),
            ),
        ),
        (
            "I own things",
            "What is mine, and what it still lacks.",
            (
                ("Teams", "team/index.md"),
                ("Data stores", "catalogue.md"),
                ("Assets", "asset/index.md"),
                ("Runbooks", "runbook/index.md"),
            ),
        ),
    )
    return el("div", *(_door(title, told, links) for title, told, links in doors), class_="st-doors")


def _door(title: str, told: str, links: tuple[tuple[str, str], ...]) -> Markup:
    items = (el("li", anchor(label, href(_HERE, page))) for label, page in links)
    return el("div", el("h3", title), el("p", told), el("ul", *items), class_="st-door")

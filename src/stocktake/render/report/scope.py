"""What the audit report covers, and what it does not: where nobody looked, nothing is concluded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.freshness import WHOLE, doubts, look
from stocktake.render.live import day, folded
from stocktake.render.parts import badge, code, counted, muted, share
from stocktake.render.plan.measures import ANSWERED
from stocktake.render.table import Cell, Column, pairs, table
from stocktake.render.view import View, href

_MOST = 200


def scope(view: View, here: str) -> Markup:
    """What was judged, when, and by which state of the registry."""
    audit, settings = view.audit, view.estate.settings
    kinds = Counter(record.kind for record in view.estate.records)
    listed = [
        anchor(f"{view.estate.kinds[kind].plural} {count:,}", href(here, f"{kind}/index.md"))
        for kind, count in sorted(kinds.items())
        if kind in view.estate.kinds
    ]
    commit = join((code(audit.commit[:12]), f" of {audit.committed}" if audit.committed else ""))
    systems = [view.link(here, record.address) for record in view.estate.of("system")]
    more = f" and {len(systems) - 20:,} more" if len(systems) > 20 else None
    return pairs(
        (
            ("Registry", settings.name),
            ("Judged on", day(audit.today.isoformat())),
            ("State of the registry", commit if audit.commit else "outside of Git"),
            ("Records", join(listed, ", ") if listed else muted("none")),
            ("Systems", join((join(systems[:20], ", "), more)) if systems else muted("none")),
            ("Environments", ", ".join(settings.environments) or muted("none named")),
            ("Sources", f"{len(view.estate.observations):,} observed, {len(settings.sources):,} named to be scanned"),
            ("Rules", counted(len(audit.rules), "rule")),
        )
    )


def uncovered(view: View, here: str, lines: Mapping[str, int]) -> Markup:
    """Everything of which this report says nothing, each with its denominator; `lines` counts those of the audit plan
    by state.
    """
    headers = ("What", Column("How much", number=True), Column("Why, and where it stands", wide=True))
    return table(
        headers, list(_gaps(view, here, lines)), "Not covered", "Every question was answered by a look at all there is."
    )


def _gaps(view: View, here: str, lines: Mapping[str, int]) -> Iterator[tuple[object, ...]]:
    audit = view.audit
    tallies = audit.tallies
    asked, unknown = sum(one.asked for one in tallies.values()), sum(one.unknown for one in tallies.values())
    if unknown:
        link = anchor("Each with what is missing", f"{href(here, 'findings.md')}?state=unknown")
        yield "Questions without an answer", _of(unknown, asked), link
    stores = view.assets("stores")
    blind = [one for one in stores if one.address not in view.seen_assets]
    if blind:
        names = join([view.link(here, one.address) for one in blind[:_MOST]], ", ")
        yield "Data stores that no machine saw lately", _of(len(blind), len(stores)), folded("Which", el("p", names))
    if gaps := doubts(audit):
        every = {seen.source for seen in view.estate.observations} | {one.name for one in view.estate.settings.sources}
        told = el("ul", *(el("li", gap) for gap in gaps[:_MOST]), class_="st-list")
        yield "Sources not seen whole and lately", _of(len(gaps), len(every)), folded("Which, and why", told)
    silent = [rule for rule in audit.rules if rule.id not in tallies or not tallies[rule.id].asked]
    if silent:
        names = join([view.rule(here, rule.id) for rule in silent], " ")
        yield "Rules that applied to nothing", _of(len(silent), len(audit.rules)), folded("Which", el("p", names))
    if left := sum(lines.values()) - lines[ANSWERED]:
        link = anchor("Coverage of the audit plan", href(here, "plan.md"))
        yield "Lines of the audit plan not answered, or only partly", _of(left, sum(lines.values())), link
    if strange := len(audit.reconciliation.undocumented) + len(audit.reconciliation.ambiguous):
        link = anchor("Declared and observed", href(here, "reconciliation.md"))
        yield "Things that were seen and have no record, or fit several", strange, link
    if view.estate.included:
        origins = sorted({record.origin for record in view.estate.included})
        why = join((join(map(code, origins), ", "), " judge these themselves"))
        yield "Records of other registries", len(view.estate.included), why


def _of(part: int, whole: int) -> Markup:
    return join((f"{part:,} of {whole:,} ", muted(share(part, whole))))


def freshness(view: View) -> Markup:
    """How old what was observed is, source by source."""
    rows = []
    for seen in view.estate.observations[:_MOST]:
        worth = look(view.audit, seen)
        when = seen.looked.isoformat() if seen.looked else ""
        tone = "is-pass" if worth == WHOLE else "is-unknown"
        state = Cell(badge(worth, tone), None, worth)
        rows.append(
            (
                seen.source,
                seen.environment,
                state,
                day(when) if when else muted("never"),
                f"{seen.collector} {seen.version}",
            )
        )
    more = len(view.estate.observations) - len(rows)
    empty = join(("No machine has looked. Run ", code("stocktake discover"), " and ", code("stocktake observe"), "."))
    headers = ("Source", Column("Environment", facet=True), Column("State", facet=True), "Last look", "Collector")
    rest = el("p", f"and {more:,} more.", class_="st-muted") if more else None
    return join((table(headers, rows, "Freshness of what was observed", empty), rest))

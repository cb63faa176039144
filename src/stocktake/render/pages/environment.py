"""Each environment: what runs there, where, since when anybody looked, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from stocktake.model.outcome import FAIL, UNKNOWN
from stocktake.model.sheet import Seen, Sheet
from stocktake.render import differences
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.live import day, state
from stocktake.render.looks import missing
from stocktake.render.outcomes import BRIEF, brief
from stocktake.render.paged import paged
from stocktake.render.parts import Card, badge, cards, code, counted, criticality, lead, muted, note
from stocktake.render.places import INDEX, Place, has_pages, page_of, places
from stocktake.render.prose import line, summary
from stocktake.render.table import Cell, Column, table
from stocktake.render.view import View, href

Blocks = list[Markup | Heading | None]
_MOST = 15
_WHERE = ("region", "zone", "failure_domain", "machine", "host")


def pages(view: View) -> Iterator[Page]:
    """The index, and a page for each environment."""
    if not has_pages(view):
        return
    found = places(view)
    yield document(INDEX, "Environments", [_lead(view, found), _index(view, found)], wide=True)
    for place in found:
        yield from _place(view, place)


def _lead(view: View, found: list[Place]) -> Markup:
    assets = view.estate.of("asset")
    there = {sheet.address for place in found for sheet in place.sheets}
    told = f"{len(there)} of {counted(len(assets), 'asset')} say where they run. "
    compared = anchor("The same side by side", href(INDEX, "environments.md"))
    return lead("Where does it run? ", muted(told), compared, ".")


def _index(view: View, found: list[Place]) -> Markup:
    rows = [_summary(view, place) for place in found]
    headers = (
        Column("Environment"),
        Column("What it is for", wide=True),
        *(Column(name, number=True) for name in ("Assets", "Seen lately", "Baselines that differ")),
        *(Column(name, number=True) for name in ("Findings", "Doubts")),
    )
    how = ("No environment is named. Name them under ", code("environments"), " in ", code("stocktake.yaml"), ".")
    return table(headers, rows, "Environments", join(how))


def _summary(view: View, place: Place) -> tuple[object, ...]:
    total = len(place.sheets)
    seen = len([sheet for sheet in place.sheets if _is_seen(sheet)])
    baselines = [one for one in view.baselines if one.environment == place.id]
    differ = sum(bool(one.differences) for one in baselines)
    name = anchor(place.name or place.id, href(INDEX, page_of(place.id)))
    label = join((name, el("br"), muted(code(place.id)))) if place.name else name
    return (
        Cell(label, place.id),
        line(summary(place.description)) or muted("nobody said"),
        total,
        Cell(f"{seen} of {total}", seen),
        Cell(f"{differ} of {len(baselines)}", differ),
        *(len(_outcomes(view, place, wanted)) for wanted in (FAIL, UNKNOWN)),
    )


def _is_seen(sheet: Sheet) -> bool:
    return any(seen.fresh for seen in sheet.seen.values())


def _outcomes(view: View, place: Place, wanted: str) -> list[object]:
    return [one for one in view.audit.outcomes if one.environment == place.id and one.state == wanted]


def _place(view: View, place: Place) -> Iterator[Page]:
    here = page_of(place.id)
    rows = [_row(view, here, sheet) for sheet in sorted(place.sheets, key=lambda sheet: view.entry(sheet.address).name)]
    headers = (
        Column("Asset", wide=True),
        Column("Type", facet=True),
        Column("Owner", facet=True),
        Column("Criticality", facet=True),
        Column("Version"),
        Column("Where"),
        Column("Last look", facet=True),
        Column("Baseline", facet=True),
        Column("Findings", number=True),
    )
    how = ("Nothing is said to run here. Name it under ", code(f"instances.{place.id}"), " of an asset.")
    above = el("div", anchor("Environments", href(here, INDEX)), muted(" / "), code(place.id), class_="st-crumb")
    for path, part in paged(view, here, headers, rows, f"Assets in {place.id}", join(how)):
        top = [_about(place), _figures(view, here, place)] if path == here else []
        below = _below(view, here, place) if path == here else []
        yield document(path, place.name or place.id, [*top, Heading("Assets"), part, *below], above=above, wide=True)


def _about(place: Place) -> Markup:
    if place.description:
        return el("div", line(place.description), class_="st-lead")
    how = (" under ", code(f"environments.{place.id}"), " in ", code("stocktake.yaml"), ".")
    return note("info", "Nobody said yet what this environment is for: add ", code("description"), *how)


def _figures(view: View, here: str, place: Place) -> Markup:
    total, seen = len(place.sheets), sum(map(_is_seen, place.sheets))
    baselines = [one for one in view.baselines if one.environment == place.id]
    differ, uncompared = (
        sum(bool(one.differences) for one in baselines),
        sum(not one.differences and not one.is_compared for one in baselines),
    )
    failing, doubts = (len(_outcomes(view, place, wanted)) for wanted in (FAIL, UNKNOWN))
    assets = len(view.estate.of("asset"))
    return cards(
        (
            Card(total, f" of {assets}", "Assets run here", "as their records say", "#assets"),
            Card(
                seen,
                f" of {total}",
                "Seen lately",
                "by a machine",
                "#who-looks",
                "unknown" if seen < total else "plain",
            ),
            Card(
                differ,
                f" of {len(baselines)}",
                "Baselines that differ",
                f"{uncompared} not compared",
                href(here, "drift.md"),
                "bad" if differ else "unknown" if uncompared or not baselines else "plain",
            ),
            Card(
                failing,
                f" of {sum(one.state == FAIL for one in view.audit.outcomes):,}",
                "Findings here",
                f"and {counted(doubts, 'doubt')}; others hold in every environment",
                f"{href(here, 'findings.md')}?{urlencode({'environment': place.id})}",
                "bad" if failing else "plain",
            ),
        )
    )


def _row(view: View, here: str, sheet: Sheet) -> tuple[object, ...]:
    entry = view.entry(sheet.address)
    last = _last(sheet)
    word = "never looked" if last is None else "fresh" if last.fresh else "stale"
    when = join((state(last), " ", muted(day(last.day)) if last and last.day else None))
    compared = [one for one in view.baselines_of.get(sheet.address, ()) if one.environment == sheet.environment]
    verdict = differences.verdict(compared[0]) if compared else Cell(badge("none", "is-unknown"), 9, "none")
    found = [
        one
        for one in view.outcomes.get(sheet.address, ())
        if one.state == FAIL and one.environment in (None, sheet.environment)
    ]
    engine = " ".join(str(sheet[name]) for name in ("engine", "version") if name in sheet)
    where = [str(sheet[name]) for name in _WHERE if sheet.get(name)]
    return (
        Cell(view.link(here, sheet.address), entry.name.casefold()),
        entry.type,
        Cell(view.link(here, f"team/{entry.owner}") if entry.owner else None, entry.owner, entry.owner or "nobody"),
        Cell(criticality(entry.criticality), None, entry.criticality or "not known"),
        engine or None,
        ", ".join(dict.fromkeys(where)) or None,
        Cell(when, str(last.day) if last else "", word),
        verdict,
        len(found),
    )


def _last(sheet: Sheet) -> Seen | None:
    """The newest look at it."""
    return max(sheet.seen.values(), key=lambda seen: (seen.fresh, str(seen.day or "")), default=None)


def _below(view: View, here: str, place: Place) -> Blocks:
    blocks: Blocks = []
    if f"deployment/{place.id}" in view.diagrams:
        picture = anchor("The deployment picture", href(here, "architecture.md", "deployment"))
        told = " shows the machines, zones and regions that instances name; each system has one of its own."
        blocks += [Heading("Deployment"), el("p", picture, told)]
    compared = anchor("Compared with the other environments", href(here, "environments.md"))
    failing = [one for one in view.audit.outcomes if one.environment == place.id and one.state == FAIL]
    empty = "Nothing fails here alone. What fails in every environment stands with the asset."
    blocks += [
        Heading("Findings here"),
        table(BRIEF, (brief(view, here, one) for one in failing[:_MOST]), f"Findings in {place.id}", empty),
        _more(here, place, len(failing)),
        el("p", compared, ", parameter by parameter."),
        Heading("Restore drills"),
        _drills(view, here, place),
        Heading("Who looks"),
        _looks(view, here, place),
    ]
    return blocks


def _more(here: str, place: Place, total: int) -> Markup | None:
    if total <= _MOST:
        return None
    query = urlencode({"environment": place.id})
    return el("p", anchor(f"All {total:,} findings here", f"{href(here, 'findings.md')}?{query}"))


def _drills(view: View, here: str, place: Place) -> Markup:
    found = [record for record in view.estate.of("drill") if record.data.get("environment") == place.id]
    found.sort(key=lambda record: (str(record.data.get("finished") or ""), record.id), reverse=True)
    rows = [
        (
            view.link(here, record.address),
            view.link(here, f"asset/{record.data.get('asset')}"),
            record.data.get("plan"),
            day(str(record.data.get("finished") or "")[:10]),
            badge(
                record.data.get("result") or "no verdict",
                {"passed": "is-pass", "failed": "is-fail"}.get(str(record.data.get("result")), "is-unknown"),
            ),
        )
        for record in found[:_MOST]
    ]
    empty = join(("No copy of this environment was ever restored as a test: ", code("stocktake drill ASSET"), "."))
    return table(("Drill", "Asset", "Plan", "Finished", "Result"), rows, f"Restore drills of {place.id}", empty)


def _looks(view: View, here: str, place: Place) -> Markup:
    rows: list[tuple[object, ...]] = [
        (
            anchor(seen.source, href(here, "observations.md")),
            seen.collector,
            badge(view.looks[seen.source], "is-pass" if view.is_fresh(seen.source) else "is-unknown"),
            day(seen.looked) if seen.looked else muted("never"),
            len(seen.things),
        )
        for seen in view.estate.observations
        if seen.environment == place.id
    ]
    rows += [
        (one.name, one.kind, badge("never looked", "is-unknown"), code(one.command), None)
        for one in missing(view)
        if one.environment == place.id
    ]
    headers = ("Source", "Collector", "Worth today", "Last look, or how to", Column("Things seen", number=True))
    how = ("No machine looks here. Give a source this environment under ", code("sources"), " in ")
    return table(headers, rows, f"Who looks at {place.id}", join((*how, code("stocktake.yaml"), ".")))

"""What a register cannot vouch for: looks that do not count, records that nothing stands behind, rules that are off."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.graph import Entry
from stocktake.render.document import Heading
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.freshness import doubts
from stocktake.render.looks import connections, missing
from stocktake.render.parts import code, counted, criticality, muted
from stocktake.render.table import Cell, Column, table
from stocktake.render.view import View, href

_MOST = 200


def blocks(view: View, here: str) -> Iterator[Markup | Heading]:
    """Three short sections for the page on the quality of the register."""
    yield Heading("Looks that do not count")
    yield from _looks(view, here)
    yield Heading("Records without evidence")
    yield from _records(view, here)
    yield Heading("Rules that are not asked")
    yield _rules(view)


def _looks(view: View, here: str) -> Iterator[Markup]:
    live = [f"{one.name} {one.environment or ''} was never looked at" for one in missing(view) if one.address]
    found = [*doubts(view.audit), *(" ".join(words.split()) for words in live)]
    named = {one.name for one in view.estate.settings.sources} | {name for *_, name in connections(view)}
    total = len(named | {seen.source for seen in view.estate.observations})
    if not total:
        yield el("p", "No machine looks at all: ", code("stocktake discover"), " is the first.", class_="st-empty")
        return
    more = anchor("All observations", href(here, "observations.md"))
    yield el("p", f"{len(found)} of {counted(total, 'source')}. ", more, ".", class_="st-muted")
    if found:
        yield el("ul", *(el("li", doubt) for doubt in found[:_MOST]), class_="st-list")


def _records(view: View, here: str) -> Iterator[Markup]:
    """Assets that no machine saw lately, that nobody reviewed and that no source tells of."""
    assets = [view.entry(record.address) for record in view.estate.of("asset")]
    bare = [entry for entry in assets if _is_bare(view, entry)]
    told = "seen by no machine lately, never reviewed, and named by no document or interview."
    yield el("p", f"{len(bare):,} of {counted(len(assets), 'asset')}: {told}", class_="st-muted")
    rows = [
        (
            view.link(here, entry.address),
            entry.type,
            Cell(view.link(here, f"team/{entry.owner}") if entry.owner else None, entry.owner),
            criticality(entry.criticality),
        )
        for entry in bare[:_MOST]
    ]
    empty = "Something stands behind each asset." if assets else "There is no asset."
    yield table(("Asset", Column("Type", facet=True), "Owner", "Criticality"), rows, "Records without evidence", empty)
    if len(bare) > _MOST:
        yield el("p", f"and {len(bare) - _MOST:,} more.", class_="st-muted")


def _is_bare(view: View, entry: Entry) -> bool:
    record = view.estate.by_address[entry.address]
    is_known = entry.address in view.seen_assets or record.data.get("reviewed")
    return not is_known and not view.audit.index.is_named(entry.address, "source")


def _rules(view: View) -> Markup:
    settings = view.estate.settings
    told = f"{counted(len(view.audit.rules), 'rule')} are asked. "
    if not settings.disable and not settings.select:
        return el("p", told, "None is switched off in ", code("stocktake.yaml"), ".")
    only = join(("Only these are chosen: ", join(map(code, settings.select), ", "), ". ")) if settings.select else None
    off = join(("Switched off: ", join(map(code, settings.disable), ", "), ".")) if settings.disable else None
    return el("p", told, only, off, muted(" Set in ", code("stocktake.yaml"), "."))

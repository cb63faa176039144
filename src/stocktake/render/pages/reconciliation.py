"""Declared against observed: what matched, what nobody wrote down, what nobody saw, and when it was looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stocktake.model.audit import EdgeVerdict
from stocktake.model.observation import Thing
from stocktake.render import facts
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, el, join
from stocktake.render.freshness import STALE, doubts
from stocktake.render.live import day
from stocktake.render.paged import filed
from stocktake.render.parts import Card, badge, cards, code, counted, lead, muted, note
from stocktake.render.sources import since, source_table
from stocktake.render.table import Cell, Column
from stocktake.render.view import View

_HERE = "reconciliation.md"
_MOST, _MOST_DOUBTS = 150, 8


def pages(view: View) -> Iterator[Page]:
    """The whole comparison."""
    found = view.audit.reconciliation
    blocks: list[Markup | Heading | None] = [
        lead(
            "What machines saw, compared with what people declared. "
            "Nothing here is a guess: a thing joins a record by its identifiers only."
        ),
        _doubt(view),
        _figures(view),
        Heading("Sources"),
        source_table(view, _HERE),
        *_section("Undocumented", _undocumented(view), len(found.undocumented), meaning="seen that no record names"),
        *_section(
            "Orphaned", _orphaned(view), len(found.orphaned), meaning="declared that a complete look did not see"
        ),
        *_section(
            "Ambiguous",
            _ambiguous(view),
            len(found.ambiguous),
            meaning="seen that fit several records and so join none",
        ),
        *_section("Drift", _drift(view), len(view.audit.drift), meaning="seen otherwise than declared"),
        *_section(
            "Dependencies seen", _edges(view), len(found.edges), meaning="seen, each compared with what is declared"
        ),
        *_section("Matched", _matched(view), len(found.matched), meaning="seen that joined a record"),
    ]
    yield document(_HERE, "Declared and observed", blocks, wide=True)


def _figures(view: View) -> Markup:
    found = view.audit.reconciliation
    things = len(found.matched) + len(found.undocumented) + len(found.ambiguous)
    declared = len(view.estate.of("asset"))
    seen = len(view.seen_assets)
    before = len({match.address for match in found.matched} - view.seen_assets)
    told = f"{before:,} more, but too long ago" if before else "declared assets that a machine saw"
    tone = "unknown" if seen < declared else "plain"
    return cards(
        (
            Card(seen, f" of {declared}", "Assets seen lately", told, tone=tone),
            Card(
                len(found.undocumented),
                f" of {things}",
                "Undocumented",
                "seen things without a record",
                "#undocumented",
                _tone(found.undocumented),
            ),
            Card(
                len(found.orphaned),
                f" of {declared}",
                "Orphaned",
                "records that should have been seen",
                "#orphaned",
                _tone(found.orphaned),
            ),
            Card(
                len(view.audit.drift),
                "",
                "Drifted facts",
                "declared and observed differ",
                "#drift",
                _tone(view.audit.drift),
            ),
        )
    )


def _tone(found: Sequence[object]) -> str:
    return "bad" if found else "plain"


def _section(title: str, part: Markup, count: int, meaning: str) -> list[Markup | Heading]:
    told = el("p", f"{counted(count, 'thing')} {meaning}.", class_="st-muted") if count else Markup("")
    return [Heading(title), told, part]


def _doubt(view: View) -> Markup | None:
    """Says first what nothing below can be concluded from."""
    found = doubts(view.audit)
    if not found:
        return None
    shown = "; ".join(found[:_MOST_DOUBTS])
    more = f"; and {len(found) - _MOST_DOUBTS} more" if len(found) > _MOST_DOUBTS else ""
    return note(
        "warn", el("b", "Not everything is known. "), f"{shown}{more}. An empty list below proves nothing there."
    )


def _empty(view: View, sentence: str) -> str:
    """What an empty list means: nothing at all where nobody looked, and little where not everything was seen lately."""
    if not view.estate.observations:
        return "Not known: no source was looked at yet."
    return "None is known, but not every source was seen whole and lately." if doubts(view.audit) else sentence


_THING = (
    "Thing",
    Column("Type", facet=True),
    Column("Source", facet=True),
    Column("Seen", facet=True),
    "Confidence",
    "Evidence",
)


def _undocumented(view: View) -> Markup:
    rows = [
        (
            *_thing(view, item.source, item.thing),
            join((view.link(_HERE, address) for address in item.proposals), ", ") if item.proposals else None,
        )
        for item in view.audit.reconciliation.undocumented
    ]
    empty = _empty(view, "Everything that was seen has a record.")
    return filed(view, _HERE, "undocumented", (*_THING, "Perhaps"), rows, "Undocumented things", empty, _MOST)


def _ambiguous(view: View) -> Markup:
    rows = [
        (*_thing(view, item.source, item.thing), join((view.link(_HERE, address) for address in item.addresses), ", "))
        for item in view.audit.reconciliation.ambiguous
    ]
    empty = _empty(view, "Nothing fits two records.")
    return filed(view, _HERE, "ambiguous", (*_THING, "Fits"), rows, "Ambiguous things", empty, _MOST)


def _matched(view: View) -> Markup:
    rows = [
        (*_thing(view, item.source, item.thing), view.link(_HERE, item.address))
        for item in view.audit.reconciliation.matched
    ]
    empty = _empty(view, "Nothing that was seen joined a record.")
    return filed(view, _HERE, "matched", (*_THING, "Record"), rows, "Matched things", empty, _MOST)


def _thing(view: View, source: str, thing: Thing) -> tuple[object, ...]:
    word = facts.confidence(thing.confidence)
    label = join((thing.name, el("br"), muted(code(thing.key)))) if thing.name != thing.key else code(thing.key)
    evidence = join((code(item.text()) for item in thing.evidence[:3]), ", ") if thing.evidence else None
    more = muted(f" and {len(thing.evidence) - 3} more") if len(thing.evidence) > 3 else None
    return (
        Cell(label, thing.name.casefold()),
        thing.facts.get("type"),
        source,
        _seen(view, source),
        Cell(word, thing.confidence),
        join((evidence, more)),
    )


def _seen(view: View, source: str) -> Cell:
    """The day of the look behind a row, or since when nothing is known."""
    found = view.observed[source]
    if view.is_fresh(source) and found.looked:
        return Cell(day(found.looked.isoformat()), found.looked, "lately")
    return Cell(since(view, found), found.looked or "", view.looks[source])


def _orphaned(view: View) -> Markup:
    rows = [
        (view.link(_HERE, item.address), code(item.identifier), item.source, _seen(view, item.source))
        for item in view.audit.reconciliation.orphaned
    ]
    headers = ("Record", "Identifier that was not seen", "Source", "Looked")
    empty = _empty(view, "Every record that a complete look covers was seen.")
    return filed(view, _HERE, "orphaned", headers, rows, "Orphaned records", empty, _MOST)


def _drift(view: View) -> Markup:
    rows = [
        (
            view.link(_HERE, item.address),
            item.environment,
            code(item.name),
            facts.plain(item.declared),
            facts.plain(item.observed),
            item.source,
            item.evidence and code(item.evidence),
        )
        for item in view.audit.drift
    ]
    headers = (
        "Record",
        Column("Environment", facet=True),
        "Fact",
        "Declared",
        "Observed",
        Column("Source", facet=True),
        "Evidence",
    )
    empty = _empty(view, "No observed fact differs from its declared one.")
    return filed(view, _HERE, "drift", headers, rows, "Drift", empty, _MOST)


_VERDICTS = {"verified": "is-pass", "undeclared": "is-fail", "differs": "is-fail"}


def _edges(view: View) -> Markup:
    rows = [
        (
            _verdict(view, item),
            view.link(_HERE, item.ends[0]),
            item.seen.type,
            view.link(_HERE, item.ends[1]),
            view.link(_HERE, item.address) if item.address else None,
            facts.confidence(item.seen.confidence),
            join((code(evidence.text()) for evidence in item.seen.evidence[:3]), ", ") if item.seen.evidence else None,
        )
        for item in view.audit.reconciliation.edges
    ]
    headers = (
        Column("Verdict", facet=True),
        "From",
        Column("Type", facet=True),
        "To",
        "Record",
        "Confidence",
        "Evidence",
    )
    empty = _empty(view, "No dependency was seen.")
    return filed(view, _HERE, "dependencies", headers, rows, "Seen dependencies", empty, _MOST)


def _verdict(view: View, item: EdgeVerdict) -> Cell:
    """The verdict while the look behind it counts; then only what it was, and since when it is not known."""
    if not view.is_fresh(item.source):
        was = join((since(view, view.observed[item.source]), muted(f"was {item.verdict}")), " ")
        return Cell(was, STALE, STALE)
    return Cell(badge(item.verdict, _VERDICTS.get(item.verdict, "plain")), item.verdict, item.verdict)

"""The sources behind declared and observed: what each look is worth today, and since when nothing is known."""

from __future__ import annotations

from stocktake.model.observation import Observation
from stocktake.render.escape.html import Markup, join
from stocktake.render.freshness import NO_LOOK, PART, STALE, WHOLE
from stocktake.render.live import clean, day
from stocktake.render.paged import filed
from stocktake.render.parts import badge, code, counted
from stocktake.render.table import Cell, Column
from stocktake.render.view import View

_TONES = {WHOLE: "is-pass", PART: "is-unknown", STALE: "is-unknown", NO_LOOK: "is-unknown"}
_RANK = {NO_LOOK: 0, STALE: 1, PART: 2, WHOLE: 3}
_MOST = 150
_HEADERS = (
    "Source",
    Column("State", facet=True),
    "Last looked",
    "Environment",
    Column("Things", number=True),
    Column("Edges", number=True),
    "Collector",
    Column("Remarks", wide=True),
)


def source_table(view: View, here: str) -> Markup:
    """All sources, those of which nothing is known first."""
    observed = {seen.source: seen for seen in view.estate.observations}
    never = [
        (one.name, badge("never looked", "is-unknown"), None, one.environment, None, None, None, _how())
        for one in view.estate.settings.sources
        if one.name not in observed
    ]
    known = sorted(observed.values(), key=lambda seen: (_RANK[view.looks[seen.source]], seen.source))
    rows = [*never, *(_source(view, seen) for seen in known)]
    return filed(view, here, "sources", _HEADERS, rows, "Sources", _empty(), _MOST)


def since(view: View, seen: Observation) -> Markup:
    """The state of a look: what it is worth, and since when not where it is too old."""
    worth = view.looks[seen.source]
    label = f"not known since {seen.looked}" if worth == STALE and seen.looked else worth
    why = f"older than the freshness limit, {view.estate.settings.freshness}" if worth == STALE else None
    return badge(label, _TONES[worth], why)


def _missed(count: int) -> str:
    return counted(count, "place not understood", "places not understood") if count else ""


def _source(view: View, seen: Observation) -> tuple[object, ...]:
    remarks = (
        clean(seen.reason) or _missed(len(seen.problems)),
        counted(len(seen.secrets), "exposed secret") if seen.secrets else "",
    )
    worth = view.looks[seen.source]
    return (
        seen.source,
        Cell(since(view, seen), _RANK[worth], worth),
        Cell(day(seen.looked.isoformat()), seen.looked) if seen.looked else None,
        seen.environment,
        len(seen.things),
        len(seen.edges),
        f"{seen.collector} {seen.version}".strip(),
        "; ".join(remark for remark in remarks if remark),
    )


def _how() -> Markup:
    return join(("run ", code("stocktake discover")))


def _empty() -> Markup:
    return join(
        (
            "No source was looked at yet, so nothing is confirmed. Name one under ",
            code("sources"),
            " in ",
            code("stocktake.yaml"),
            " and run ",
            code("stocktake discover"),
            ".",
        )
    )

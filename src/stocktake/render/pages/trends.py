"""How the estate changed over its revisions: four charts, and all their figures as a table."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.trend import Point
from stocktake.render import trend_charts
from stocktake.render.charts import charts
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, anchor, el
from stocktake.render.live import day
from stocktake.render.paged import paged
from stocktake.render.parts import SEVERITY_ORDER, code, counted, lead, muted, note, share
from stocktake.render.table import Cell, Column
from stocktake.render.view import View, href

_HERE = trend_charts.PAGE
_COUNTS = ("Records", *map(str.capitalize, SEVERITY_ORDER), "Findings", "Waived")
_SHARES = ("Questions answered", "Assets seen", "Plans drilled")
_HEADERS = (
    Column("Day"),
    Column("Revision"),
    *(Column(title, number=True) for title in (*_COUNTS, *_SHARES, "Files not read")),
)


def pages(view: View) -> Iterator[Page]:
    """The page, also where there is no past to show: it says why."""
    trend = view.trend
    blocks: list[Markup | Heading | None] = [_lead(), note("info", trend.told) if trend.told else None]
    if len(trend.points) > 1:
        shares = [trend_charts.shares(view, name) for name in trend_charts.SHARES]
        blocks += [charts([trend_charts.findings(view), *shares]), Heading("The figures"), _chosen(view)]
    elif not trend.told:
        told = "There is one revision so far. Commit changes to the registry, and each build adds to the lines."
        blocks.append(el("p", told, class_="st-empty"))
    rows = [*map(_row, reversed(trend.points))]
    for path, part in paged(view, _HERE, _HEADERS, rows, "Figures by revision", "Nothing was counted."):
        yield document(path, "Trends", [*blocks, part], wide=True, searched=False)


def _lead() -> Markup:
    return lead(
        "Does it get better? ",
        muted(
            "Each revision is judged on the day of its commit by the rules, schemas and settings of today. "
            "A line moves because the estate changed or time passed, never because a rule is new."
        ),
    )


def _chosen(view: View) -> Markup:
    shown, there = len(view.trend.points), view.trend.revisions
    fewer = f" of {there:,}; of the others, the last of each hour, day or some weeks stands for all"
    told = f"{counted(shown, 'revision')}{fewer if shown < there else ''}. The newest first. Now: "
    return el("p", told, anchor("findings", href(_HERE, "findings.md")), ".", class_="st-muted")


def _row(point: Point) -> tuple[object, ...]:
    one = point.figures
    return (
        Cell(day(point.day), point.time),
        code(point.commit[:10]) if point.commit else "now",
        one.records,
        *(getattr(one, name) for name in SEVERITY_ORDER),
        one.open,
        one.waived,
        _share(one.answered, one.questions),
        _share(one.seen, one.assets),
        _share(one.drilled, one.plans),
        one.unread,
    )


def _share(known: int, total: int) -> Cell:
    return Cell(f"{known:,} of {total:,} ({share(known, total)})" if total else None, known / total if total else -1)

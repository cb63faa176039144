"""The charts of the trends: findings by severity, and three shares of what is known."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stocktake.model.trend import Figures, Point
from stocktake.render.charts import Chart, Series, chart, charts
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.parts import SEVERITY_ORDER, counted, share
from stocktake.render.view import View, href

PAGE = "trends.md"
_SHARES: Mapping[str, tuple[str, str, Callable[[Figures], tuple[int, int]]]] = {
    "coverage": ("Questions answered", "questions", lambda one: (one.answered, one.questions)),
    "freshness": ("Assets seen lately by a machine", "assets", lambda one: (one.seen, one.assets)),
    "drills": ("Backup plans with a passed drill", "plans", lambda one: (one.drilled, one.plans)),
}
SHARES = tuple(_SHARES)


def findings(view: View) -> Markup:
    """All findings, known ones too, by severity."""
    points = view.trend.points
    series = [_severity(severity, points) for severity in SEVERITY_ORDER]
    first, last = points[0], points[-1]
    told = f"From {counted(first.figures.open, 'finding')} on {first.day} to {last.figures.open:,} on {last.day}."
    return chart(Chart("findings", "Open findings", told, _times(view), series, is_stacked=True))


def _severity(severity: str, points: tuple[Point, ...]) -> Series:
    counts = [getattr(point.figures, severity) for point in points]
    titles = [f"{when(point)}: {count:,} {severity}" for point, count in zip(points, counts, strict=True)]
    return Series(severity, severity, counts, titles, f"{counts[-1]:,}")


def shares(view: View, name: str) -> Markup:
    """One share over time; there is no mark where there was nothing to count."""
    title, what, of = _SHARES[name]
    points = view.trend.points
    counts = [of(point.figures) for point in points]
    values = [100 * known / total if total else None for known, total in counts]
    titles = [f"{when(point)}: {_said(*count, what)}" for point, count in zip(points, counts, strict=True)]
    series = Series(f"now: {_said(*counts[-1], what)}", "known", values, titles)
    told = f"From {_said(*counts[0], what)} on {points[0].day} to {_said(*counts[-1], what)} on {points[-1].day}."
    return chart(Chart(name, title, told, _times(view), [series], unit=" %", top=100))


def _said(known: int, total: int, what: str) -> str:
    return f"{known:,} of {total:,} {what} ({share(known, total)})" if total else f"no {what} to count"


def when(point: Point) -> str:
    """The day of a point, with the commit where it is an older one."""
    return f"{point.day}, {point.commit[:10]}" if point.commit else f"{point.day}, now"


def _times(view: View) -> list[int]:
    return [point.time for point in view.trend.points]


def beside(view: View, here: str, *names: str) -> Markup | None:
    """Charts on a page of their subject, with the way to the others; none where there is no past."""
    if len(view.trend.points) < 2:
        return None
    drawn = [findings(view) if name == "findings" else shares(view, name) for name in names]
    link = el("p", anchor("All trends and their table", href(here, PAGE)), class_="st-muted")
    return join((charts(drawn), link))

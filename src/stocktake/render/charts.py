"""Charts as inline SVG: no colour but those of the theme, and every mark says its value."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from stocktake.render.escape.html import Markup, el

_WIDTH, _HEIGHT = 420, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 38, 412, 12, 176
_TWO_DAYS = 172_800


class Series(NamedTuple):
    """One line or band: a word, the class of its colour, a value for each moment (None: not known), what each mark
    says, and the word's figure now.
    """

    word: str
    tone: str
    values: Sequence[float | None]
    titles: Sequence[str]
    now: object = ""


class Chart(NamedTuple):
    """`name` is unique on a page, `unit` stands behind the numbers of the scale; `top` is its end, where that is
    fixed. Bands lie on each other, lines do not.
    """

    name: str
    title: str
    told: str
    times: Sequence[int]
    series: Sequence[Series]
    is_stacked: bool = False
    unit: str = ""
    top: int = 0


def chart(one: Chart) -> Markup:
    """A figure with its title, the picture, and what each line or band is."""
    picture = el(
        "svg",
        el("title", one.title, id=f"chart-{one.name}"),
        el("desc", one.told, id=f"chart-{one.name}-told"),
        *_drawn(one),
        class_="st-chart-picture",
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        aria_labelledby=f"chart-{one.name}",
        aria_describedby=f"chart-{one.name}-told",
    )
    legend = el("ul", *map(_entry, one.series), class_="st-legend")
    return el(
        "div", el("div", el("b", one.title), class_="st-panel-title"), picture, legend, class_="st-panel st-chart"
    )


def charts(shown: Sequence[Markup]) -> Markup:
    """Charts side by side where there is room."""
    return el("div", *shown, class_="st-charts")


def _entry(series: Series) -> Markup:
    swatch = el("i", class_=f"st-swatch st-tone-{series.tone}")
    return el("li", swatch, el("b", series.now), f" {series.word}")


def _drawn(one: Chart) -> Iterator[Markup]:
    stacks = _stacks(one)
    highest = max((value for stack in stacks for value in stack if value is not None), default=0)
    top = one.top or _nice(highest)
    across = _across(one.times)
    yield from _scale(top, one.unit)
    yield from _days(one.times, across)
    below = [0.0] * len(one.times)
    for series, stack in zip(one.series, stacks, strict=True):
        places = [None if value is None else (x, _down(value, top)) for x, value in zip(across, stack, strict=True)]
        if one.is_stacked:
            under = [(x, _down(value, top)) for x, value in zip(across, below, strict=True)]
            path = _path([place for place in places if place]) + _path(under[::-1]).replace("M", "L", 1) + "Z"
            yield el("path", d=path, class_=f"st-band st-tone-{series.tone}")
            below = [value or 0.0 for value in stack]
        for run in _runs(places):
            yield el("path", d=_path(run), class_=f"st-line st-tone-{series.tone}")
    for series, stack in zip(one.series, stacks, strict=True):
        yield el("g", *_marks(series, stack, across, top), class_=f"st-marks st-tone-{series.tone}")


def _stacks(one: Chart) -> list[list[float | None]]:
    """The heights at which lines are drawn: of bands, each on top of those before."""
    if not one.is_stacked:
        return [list(series.values) for series in one.series]
    heights = [0.0] * len(one.times)
    found: list[list[float | None]] = []
    for series in one.series:
        heights = [height + (value or 0) for height, value in zip(heights, series.values, strict=True)]
        found.append(list(heights))
    return found


def _marks(series: Series, stack: Sequence[float | None], across: Sequence[float], top: int) -> Iterator[Markup]:
    for x, value, height, title in zip(across, series.values, stack, series.titles, strict=True):
        if value is not None and height is not None:
            yield el("circle", el("title", title), cx=_short(x), cy=_short(_down(height, top)), r=2.5)


def _across(times: Sequence[int]) -> list[float]:
    first, last = min(times), max(times)
    if first == last:
        return [(_LEFT + _RIGHT) / 2] * len(times)
    return [_LEFT + 4 + (_RIGHT - _LEFT - 8) * (time - first) / (last - first) for time in times]


def _down(value: float, top: int) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * value / top


def _runs(places: Sequence[tuple[float, float] | None]) -> Iterator[list[tuple[float, float]]]:
    """What lies between gaps: a line never crosses what is not known."""
    run: list[tuple[float, float]] = []
    for place in (*places, None):
        if place:
            run.append(place)
        elif run:
            yield run
            run = []


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_short(x)} {_short(y)}" for x, y in places)


def _scale(top: int, unit: str) -> Iterator[Markup]:
    for part in (0, top / 2, top):
        y = _short(_down(part, top))
        if part == int(part):
            yield el("path", d=f"M{_LEFT} {y}H{_RIGHT}", class_="st-grid")
            yield el("text", f"{int(part):,}{unit}", x=_LEFT - 5, y=y, dy="0.35em", text_anchor="end")


def _days(times: Sequence[int], across: Sequence[float]) -> Iterator[Markup]:
    """The first and the last moment: days, or minutes where all lie close together."""
    form = "%Y-%m-%d" if max(times) - min(times) >= _TWO_DAYS else "%m-%d %H:%M"
    ends = ((times[0], across[0], "start"), (times[-1], across[-1], "end"))
    for time, x, anchor in ends if times[0] != times[-1] else ((times[0], across[0], "middle"),):
        words = datetime.fromtimestamp(time, UTC).strftime(form)
        yield el("text", words, x=_short(x), y=_BOTTOM + 16, text_anchor=anchor)


def _nice(highest: float) -> int:
    """The first of 2, 4, 10, 20, 40, 100 ... that is not below."""
    step = 1
    while True:
        for times in (2, 4, 10):
            if highest <= step * times:
                return step * times
        step *= 10


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")

"""The way of a flow as a sequence diagram: who asks whom, step by step; drawn by ourselves, since dot cannot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from stocktake.model.graph import MEANINGS
from stocktake.model.record import Record
from stocktake.render.dot import wrapped
from stocktake.render.escape import mermaid, plantuml, svg
from stocktake.render.escape.html import Markup
from stocktake.render.view import View, href, page_of

_WIDTH, _GAP, _TOP, _STEP, _BOX = 132, 178, 46, 44, 36
_LETTERS, _MOST_LINES = 22, 2


class Step(NamedTuple):
    """One step: who turns to whom, and what happens."""

    number: int
    source: str
    target: str
    words: str


class Sequence(NamedTuple):
    """One flow; the participants stand in the order in which they first take part, as (address, name)."""

    title: str
    here: str
    participants: tuple[tuple[str, str], ...]
    steps: tuple[Step, ...]


def sequence(view: View, flow: Record) -> Sequence | None:
    """The steps of a flow whose dependencies are known; None where there is none."""
    steps = []
    for number, step in enumerate(flow.data.get("steps") or (), 1):
        edge = view.edges.get(f"dependency/{step.get('dependency')}") if isinstance(step, dict) else None
        if edge:
            words = str(step.get("description") or "") or (MEANINGS[edge.type].words if edge.type in MEANINGS else "")
            steps.append(Step(number, edge.source, edge.target, words))
    addresses = dict.fromkeys(end for step in steps for end in (step.source, step.target))
    named = tuple((address, view.name(address)) for address in addresses)
    return Sequence(f"Sequence of {flow.title}", page_of(flow.address), named, tuple(steps)) if steps else None


def drawn(way: Sequence, identity: str, description: str) -> Markup:
    """The diagram as SVG that the style sheet colours; every participant leads to its page."""
    lanes = {address: 12 + number * _GAP + _WIDTH / 2 for number, (address, _) in enumerate(way.participants)}
    width = 24 + (len(lanes) - 1) * _GAP + _WIDTH + (90 if any(s.source == s.target for s in way.steps) else 0)
    height = _TOP + _STEP * (len(way.steps) + 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="st-sequence" role="group" viewBox="0 0 {width:g} {height:g}"',
        f' width="{width:g}" height="{height:g}" aria-labelledby="{identity}-t {identity}-d">',
        f'<title id="{identity}-t">{svg.text(way.title)}</title>',
        f'<desc id="{identity}-d">{svg.text(description)}</desc>',
    ]
    for (address, name), x in zip(way.participants, lanes.values(), strict=True):
        parts += _participant(way.here, address, name, x, height)
    for row, step in enumerate(way.steps, 1):
        parts += _message(step, lanes, _TOP + _STEP * row)
    return Markup("".join([*parts, "</svg>"]))


def _participant(here: str, address: str, name: str, x: float, height: float) -> Iterator[str]:
    yield f'<path class="st-lane" d="M{x:g} {_BOX + 4} V{height - 6:g}"/>'
    yield f'<a href="{svg.text(href(here, page_of(address)))}"><g class="st-node">'
    yield f'<rect x="{x - _WIDTH / 2:g}" y="4" width="{_WIDTH}" height="{_BOX}" rx="5"/>'
    lines = wrapped(name, 20, 2)
    for row, line in enumerate(lines):
        y = 4 + _BOX / 2 + 4 + 12 * (row - (len(lines) - 1) / 2)
        yield f'<text x="{x:g}" y="{y:g}" text-anchor="middle">{svg.text(line)}</text>'
    yield "</g></a>"


def _message(step: Step, lanes: dict[str, float], y: float) -> Iterator[str]:
    start, end = lanes[step.source], lanes[step.target]
    if start == end:
        yield f'<path class="st-message" d="M{start:g} {y:g} h40 v14 h-32"/>'
        yield _head(start + 6, y + 14, -1)
        middle, letters = start + 46, _LETTERS
    else:
        way = 1 if end > start else -1
        yield f'<path class="st-message" d="M{start:g} {y:g} H{end - 7 * way:g}"/>'
        yield _head(end, y, way)
        middle, letters = (start + end) / 2, max(_LETTERS, int(abs(end - start) / 6.2))
    lines = wrapped(f"{step.number}. {step.words}", letters, _MOST_LINES)
    anchor = "start" if start == end else "middle"
    for row, line in enumerate(lines):
        place = y - 5 - 11 * (len(lines) - 1 - row)
        yield f'<text class="st-sub" x="{middle:g}" y="{place:g}" text-anchor="{anchor}">{svg.text(line)}</text>'


def _head(x: float, y: float, way: int) -> str:
    return f'<path class="st-head" d="M{x:g} {y:g} l{-8 * way} -4 v8 z"/>'


def as_mermaid(way: Sequence) -> str:
    """The same in Mermaid."""
    names = {address: f"p{number}" for number, (address, _) in enumerate(way.participants, 1)}
    parts = ["sequenceDiagram\n  autonumber\n"]
    parts += [f"  participant {names[address]} as {mermaid.plain(name)}\n" for address, name in way.participants]
    parts += [
        f"  {names[step.source]}->>{names[step.target]}: {mermaid.plain(step.words) or '-'}\n" for step in way.steps
    ]
    return "".join(parts)


def as_plantuml(way: Sequence) -> str:
    """The same in PlantUML."""
    names = {address: f"p{number}" for number, (address, _) in enumerate(way.participants, 1)}
    parts = [f"@startuml\ntitle {plantuml.quoted(way.title)[1:-1]}\nautonumber\n"]
    parts += [f"participant {plantuml.quoted(name)} as {names[address]}\n" for address, name in way.participants]
    parts += [
        f"{names[step.source]} -> {names[step.target]} : {plantuml.quoted(step.words)[1:-1]}\n" for step in way.steps
    ]
    return f"{''.join(parts)}@enduml\n"

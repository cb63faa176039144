"""Mermaid flowcharts of diagrams, as code hosts show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stocktake.render.diagram.picture import Picture
from stocktake.render.escape.mermaid import lines, quoted

# A word at the start of a node's name that Mermaid would take for its own does harm: names are numbers.
_SHAPES = {"stores": ("[(", ")]"), "externals": ("[[", "]]"), "system": ("([", "])")}


def mermaid(picture: Picture) -> str:
    """The picture as a flowchart."""
    names = {box.address: f"n{number}" for number, box in enumerate(picture.boxes, 1)}
    parts = [f"---\ntitle: {quoted(picture.title)}\n---\nflowchart LR\n", *_inside(picture, names, "", "  ")]
    if picture.left_out:
        parts.append(f"  more[{quoted(f'+{picture.left_out} more')}]\n")
    for arrow in picture.arrows:
        words = f"|{quoted(arrow.words)}|" if arrow.words else ""
        parts.append(f"  {names[arrow.source]} {'<' if arrow.is_both_ways else ''}-->{words} {names[arrow.target]}\n")
    return "".join(parts)


def _inside(picture: Picture, names: Mapping[str, str], frame: str, indent: str) -> Iterator[str]:
    for number, inner in enumerate(picture.frames, 1):
        if inner.inside == frame:
            yield f"{indent}subgraph f{number}[{quoted(inner.title)}]\n"
            yield from _inside(picture, names, inner.identity, indent + "  ")
            yield f"{indent}end\n"
    for box in picture.boxes:
        if box.frame == frame:
            opening, closing = _SHAPES.get(box.tone, ("[", "]"))
            yield f"{indent}{names[box.address]}{opening}{lines(box.name, box.kind)}{closing}\n"

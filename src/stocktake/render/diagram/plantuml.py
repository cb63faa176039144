"""PlantUML of diagrams with the C4 macros of its own standard library; nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stocktake.render.diagram.picture import Box, Frame, Picture
from stocktake.render.escape.plantuml import quoted

_MACROS = {"stores": "ContainerDb", "externals": "System_Ext", "system": "System", "part": "Component"}


def plantuml(picture: Picture) -> str:
    """The picture as a C4 diagram."""
    names = {box.address: f"n{number}" for number, box in enumerate(picture.boxes, 1)}
    parts = ["@startuml\n!include <C4/C4_Deployment>\n", f"title {quoted(picture.title)[1:-1]}\n"]
    parts += _inside(picture, names, "", "")
    for arrow in picture.arrows:
        macro = "BiRel" if arrow.is_both_ways else "Rel"
        parts.append(f"{macro}({names[arrow.source]}, {names[arrow.target]}, {quoted(arrow.words or ' ')})\n")
    if picture.left_out:
        parts.append(f"caption {quoted(f'and {picture.left_out} more')[1:-1]}\n")
    return f"{''.join(parts)}@enduml\n"


def _inside(picture: Picture, names: Mapping[str, str], frame: str, indent: str) -> Iterator[str]:
    for number, inner in enumerate(picture.frames, 1):
        if inner.inside == frame:
            yield f"{indent}{_boundary(inner, f'f{number}')} {{\n"
            yield from _inside(picture, names, inner.identity, indent + "  ")
            yield f"{indent}}}\n"
    yield from (f"{indent}{_box(box, names[box.address])}\n" for box in picture.boxes if box.frame == frame)


def _boundary(frame: Frame, name: str) -> str:
    if frame.kind == "system":
        return f"System_Boundary({name}, {quoted(frame.title)})"
    return f"Deployment_Node({name}, {quoted(frame.title)}, {quoted(frame.kind)})"


def _box(box: Box, name: str) -> str:
    return f"{_MACROS.get(box.tone, 'Container')}({name}, {quoted(box.name)}, {quoted(box.kind)})"

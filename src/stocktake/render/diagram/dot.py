"""DOT of a diagram: classes, links and stable ids; colours and fonts are the style sheet's."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.render.diagram.picture import MORE, Arrow, Box, Frame, Picture
from stocktake.render.dot import HEAD, identity, styled, wrapped
from stocktake.render.escape.dot import lines, quoted
from stocktake.render.view import href


def dot(picture: Picture) -> str:
    """The picture as DOT text, the same for the same picture."""
    return f"{HEAD}{''.join(_inside(picture, '', '  '))}{''.join(map(_arrow, picture.arrows))}}}\n"


def _inside(picture: Picture, frame: str, indent: str) -> Iterator[str]:
    for inner in picture.frames:
        if inner.inside == frame:
            yield from _frame(picture, inner, indent)
    yield from (indent + _box(box, picture.here) for box in picture.boxes if box.frame == frame)
    if not frame and picture.left_out:
        link = quoted(href(picture.here, picture.more))
        label = quoted(f"+{picture.left_out} more")
        yield f'{indent}{MORE} [label={label}, class="st-more", shape=plain, URL={link}]\n'


def _frame(picture: Picture, frame: Frame, indent: str) -> Iterator[str]:
    yield f"{indent}subgraph {quoted(f'cluster_{frame.identity}')} {{\n"
    yield f'{indent}  graph [label={lines(*wrapped(frame.title, 40, 1))}, class="st-frame", style=rounded, margin=14, '
    yield f'id={quoted(f"f-{frame.identity}")}, fontname="Helvetica", fontsize=11]\n'
    yield from _inside(picture, frame.identity, indent + "  ")
    yield f"{indent}}}\n"


def _box(box: Box, here: str) -> str:
    classes = styled("node", box.tone, box.criticality, "st-centre" if box.is_centre else "", box.mark)
    label = lines(*wrapped(box.name), box.kind)
    link = f", URL={quoted(href(here, box.page))}" if box.page and box.page != here else ""
    return f"{quoted(box.address)} [label={label}, class={classes}, id={identity(box.address)}{link}]\n"


def _arrow(arrow: Arrow) -> str:
    label = f"label={lines(*wrapped(arrow.words))}, " if arrow.words else ""
    both = "dir=both, " if arrow.is_both_ways else ""
    classes = styled("edge", "", arrow.criticality, arrow.mark)
    return f"  {quoted(arrow.source)} -> {quoted(arrow.target)} [{label}{both}class={classes}]\n"

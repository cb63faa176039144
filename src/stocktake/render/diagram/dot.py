"""DOT of a diagram: classes, links and stable ids; colours and fonts are the style sheet's."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.render.diagram.picture import MORE, Arrow, Box, Frame, Picture
from stocktake.render.dot import HEAD, identity, styled, wrapped
from stocktake.render.escape.dot import lines, quoted
from stocktake.render.view import href

_FEW, _COLUMNS = 3, 3  # frames that may stand below each other, and else side by side


def dot(picture: Picture) -> str:
    """The picture as DOT text, the same for the same picture."""
    parts = (*_inside(picture, "", "  "), *map(_arrow, picture.arrows), *_columns(picture))
    return f"{HEAD}{''.join(parts)}}}\n"


def _inside(picture: Picture, frame: str, indent: str) -> Iterator[str]:
    for inner in picture.frames:
        if inner.inside == frame:
            yield from _frame(picture, inner, indent)
    yield from (indent + _box(box, picture.here) for box in picture.boxes if box.frame == frame)
    if not frame and picture.left_out:
        link = quoted(href(picture.here, picture.more))
        label = quoted(f"+{picture.left_out} more")
        yield f'{indent}{MORE} [label={label}, class="st-more", shape=plain, URL={link}]\n'


def _columns(picture: Picture) -> Iterator[str]:
    """Arrows that nobody sees: what no arrow touches stands in columns, and not in one tower."""
    around = {frame.identity: frame.inside for frame in picture.frames}
    touched = {end for arrow in picture.arrows for end in (arrow.source, arrow.target)}
    loose: dict[str, str] = {}
    bound: set[str] = set()
    for box in picture.boxes:
        outer = box.frame
        while around.get(outer):
            outer = around[outer]
        if outer:
            loose.setdefault(outer, box.address)
            bound |= {outer} if box.address in touched else set()
    firsts = [first for outer, first in loose.items() if outer not in bound]
    rows = -(-len(firsts) // (_COLUMNS if len(firsts) > _FEW else 1))
    for first, second in zip(firsts, firsts[rows:], strict=False):
        yield f"  {quoted(first)} -> {quoted(second)} [style=invis, minlen=1]\n"


def _frame(picture: Picture, frame: Frame, indent: str) -> Iterator[str]:
    yield f"{indent}subgraph {quoted(f'cluster_{frame.identity}')} {{\n"
    yield f'{indent}  graph [label={lines(*wrapped(frame.title, 32, 1))}, class="st-frame", style=rounded, margin=14, '
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

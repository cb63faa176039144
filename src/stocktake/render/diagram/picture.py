"""What a diagram shows, whatever draws it: boxes in frames, and arrows between them."""

from __future__ import annotations

from typing import NamedTuple

MOST_BOXES = 40
MOST_ARROWS = 80  # with more nobody can follow one, and dot thinks for half a minute
MORE = "more"
_RANK = {"critical": 0, "high": 1, "medium": 2, "low": 3}


class Box(NamedTuple):
    """One thing; `kind` is its second line, `tone` how it looks: stores, components, externals, system or part."""

    address: str
    name: str
    kind: str = ""
    frame: str = ""
    tone: str = "components"
    page: str = ""
    criticality: str = ""
    is_centre: bool = False
    mark: str = ""


class Arrow(NamedTuple):
    """From one box to another, by their addresses; `mark` is a class of its own."""

    source: str
    target: str
    words: str = ""
    criticality: str = ""
    mark: str = ""
    is_both_ways: bool = False


class Frame(NamedTuple):
    """What boxes stand in: a system, or a place; `inside` is the frame around it."""

    identity: str
    title: str
    inside: str = ""
    kind: str = "system"


class Picture(NamedTuple):
    """One diagram on the page `here`. `left_out` boxes did not fit; all of them are told on the page `more`. Neither
    did `arrows_left_out`, which are those of the least critical dependencies.
    """

    title: str
    description: str
    here: str
    boxes: tuple[Box, ...] = ()
    arrows: tuple[Arrow, ...] = ()
    frames: tuple[Frame, ...] = ()
    left_out: int = 0
    more: str = "catalogue.md"
    arrows_left_out: int = 0


def fitted(picture: Picture, most: int = MOST_BOXES) -> Picture:
    """The picture with at most so many boxes: the centre, then what is most critical and most connected; sorted."""
    touched: dict[str, int] = {}
    for arrow in picture.arrows:
        for end in (arrow.source, arrow.target):
            touched[end] = touched.get(end, 0) + 1

    def weight(box: Box) -> tuple[bool, int, int, str]:
        return not box.is_centre, _RANK.get(box.criticality, 4), -touched.get(box.address, 0), box.address

    kept = sorted(picture.boxes, key=weight)[:most]
    names = {box.address for box in kept}
    arrows = {arrow for arrow in picture.arrows if arrow.source in names and arrow.target in names}
    drawn = sorted(arrows, key=lambda arrow: (_RANK.get(arrow.criticality, 4), arrow))[:MOST_ARROWS]
    return picture._replace(
        boxes=tuple(sorted(kept)),
        arrows=tuple(sorted(drawn)),
        arrows_left_out=len(arrows) - len(drawn),
        frames=_used(picture.frames, kept),
        left_out=picture.left_out + len(picture.boxes) - len(kept),
    )


def _used(frames: tuple[Frame, ...], boxes: list[Box]) -> tuple[Frame, ...]:
    """The frames that have something in them, and those around these."""
    by_identity = {frame.identity: frame for frame in frames}
    used: set[str] = set()
    for box in boxes:
        identity = box.frame
        while identity and identity not in used:
            used.add(identity)
            identity = by_identity[identity].inside
    return tuple(sorted(frame for frame in frames if frame.identity in used))


def together(words: set[str], most: int = 3) -> str:
    """What several arrows in one say."""
    said = sorted(words)
    return ", ".join([*said[:most], *(["…"] if len(said) > most else [])])

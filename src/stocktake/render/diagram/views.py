"""What each architecture diagram shows: the levels of C4, and which way data goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stocktake.model.graph import Edge, Entry
from stocktake.render.diagram.outline import ESTATE, Outline, arrow
from stocktake.render.diagram.picture import MOST_BOXES, Arrow, Box, Frame, Picture, fitted, together
from stocktake.render.view import View, page_of


def landscape(outline: Outline) -> Picture:
    """The whole estate as systems, and the external systems that they use."""
    return fitted(
        Picture(
            "Context of the whole estate",
            "Every system as one box, with the external systems that they use.",
            ESTATE,
            tuple(outline.boxes(outline.outer.values())),
            outline.between_systems,
            more="system/index.md",
        )
    )


def context(outline: Outline, system: str) -> Picture:
    """One system as a box among what it touches."""
    centre = f"system/{system}"
    arrows = tuple(one for one in outline.between_systems if centre in (one.source, one.target))
    near = {centre} | _ends(arrows)
    boxes = tuple(box._replace(is_centre=box.address == centre) for box in outline.boxes(near))
    name = outline.view.name(centre)
    about = f"{name} as one box, with the systems and external systems that it touches."
    return fitted(Picture(f"Context of {name}", about, page_of(centre), boxes, arrows))


def containers(outline: Outline, system: str) -> Picture:
    """The assets of one system, and whom they touch outside of it."""
    centre, entries = f"system/{system}", outline.by_system[system]
    inside = {entry.address for entry in entries}
    homes = {**outline.outer, **{address: address for address in inside}}
    arrows = outline.arrows(outline.edges(entries), homes)
    boxes = _framed(outline, inside | _ends(arrows), inside, centre)
    name = outline.view.name(centre)
    about = f"The services and stores of {name}, and what they touch outside of it."
    return fitted(Picture(f"Containers of {name}", about, page_of(centre), boxes, arrows, (Frame(centre, name),)))


def components(outline: Outline, system: str) -> Picture:
    """What is inside the assets of one system: datasets, members, and the libraries that are built in."""
    entries = {entry.address: entry for entry in outline.by_system[system]}
    boxes = [box for entry in entries.values() for box in _parts(outline, entry)]
    built = [edge for edge in outline.edges(entries.values()) if edge.type == "builds-from" and edge.source in entries]
    for edge in built:
        boxes.append(outline.asset(outline.view.entry(edge.source))._replace(frame=edge.source))
        boxes.append(outline.asset(outline.view.entry(edge.target)))
    frames = tuple(Frame(address, entry.name or address, kind=entry.type) for address, entry in entries.items())
    centre = f"system/{system}"
    name = outline.view.name(centre)
    about = f"Datasets and members inside each store of {name}, and the libraries that are built in."
    arrows = tuple(arrow(edge) for edge in built)
    return fitted(Picture(f"Components of {name}", about, page_of(centre), tuple(dict.fromkeys(boxes)), arrows, frames))


def _parts(outline: Outline, entry: Entry) -> list[Box]:
    sheets = outline.view.audit.sheets.get(entry.address, ())
    found: dict[str, Box] = {}
    for word, said in (("datasets", "classification"), ("members", "role")):
        for sheet in sheets:
            for key in sheet.keys(f"{word}[]"):
                inner = sheet.within(f"{word}[]", key)
                own = inner.declared(said) if f"{inner.prefix}.{said}" in sheet else None
                kind = f"{word[:-1]}, {own}" if own else word[:-1]
                address = f"{entry.address}#{word}/{key}"
                tone = outline.groups[entry.address]
                found.setdefault(address, Box(address, key, kind, entry.address, tone, page_of(entry.address)))
    return [*found.values()]


def data_flow(outline: Outline, system: str = "") -> Picture:
    """Which way data goes: of one system, or of the estate, there by system where it has too many assets."""
    entries = outline.by_system[system] if system else outline.entries
    by_system = not system and len(entries) > MOST_BOXES
    inside = set() if by_system else {entry.address for entry in entries}
    homes = {**outline.outer, **{address: address for address in inside}}
    edges = outline.edges(entries) if system else outline.view.audit.graph.edges
    found: dict[tuple[str, str], set[str]] = {}
    for edge in edges:
        for producer, consumer in edge.producers():
            ends = homes.get(producer, ""), homes.get(consumer, "")
            if all(ends) and ends[0] != ends[1]:
                found.setdefault(ends, set()).update(_data_classes(outline.view, edge))
    arrows = tuple(_both_ways(found))
    home = {entry.address: f"system/{entry.system}" for entry in entries if entry.system and entry.address in inside}
    boxes = tuple(box._replace(frame=home.get(box.address, "")) for box in outline.boxes(_ends(arrows)))
    frames = tuple(Frame(address, outline.view.name(address)) for address in sorted({*home.values()}))
    name = outline.view.name(f"system/{system}") if system else "the whole estate"
    about = f"Arrows go from who gives data to who gets it, in {name}; words on them are classes of data."
    here = page_of(f"system/{system}") if system else ESTATE
    return fitted(Picture(f"Data flow of {name}", about, here, boxes, arrows, frames, more="flow/index.md"))


def _both_ways(found: Mapping[tuple[str, str], set[str]]) -> Iterator[Arrow]:
    """One arrow with two heads where the same goes both ways."""
    for (source, target), words in sorted(found.items()):
        if found.get((target, source)) != words:
            yield Arrow(source, target, together(words))
        elif source < target:
            yield Arrow(source, target, together(words), is_both_ways=True)


def _data_classes(view: View, edge: Edge) -> list[str]:
    record = view.estate.by_address.get(edge.address)
    found = record.data.get("data_classes") if record else None
    return [str(one) for one in found] if isinstance(found, list) else []


def _framed(outline: Outline, homes: set[str], inside: set[str], frame: str) -> tuple[Box, ...]:
    return tuple(box._replace(frame=frame) if box.address in inside else box for box in outline.boxes(homes))


def _ends(arrows: tuple[Arrow, ...]) -> set[str]:
    return {end for one in arrows for end in (one.source, one.target)}

"""Where things run: the assets of one environment, in the regions, zones and machines that their instances name."""

from __future__ import annotations

from stocktake.model.graph import Edge, Entry
from stocktake.model.sheet import Sheet
from stocktake.render.diagram.outline import ESTATE, Outline, arrow
from stocktake.render.diagram.picture import MOST_BOXES, Arrow, Box, Frame, Picture, fitted
from stocktake.render.view import View, page_of

_LEVELS = ("region", "zone", "machine", "host")


def environments(outline: Outline) -> list[str]:
    """The environments in which an asset has an instance, in the order of the settings, others after them."""
    found = {sheet.environment for entry in outline.entries for sheet in _sheets(outline.view, entry)}
    used = {name for name in found if name}
    named = [name for name in outline.view.estate.settings.environments if name in used]
    return [*named, *sorted(used - set(named))]


def deployment(outline: Outline, environment: str, system: str = "") -> Picture:
    """The assets that run in an environment, of one system or of the estate; there by system where they are many."""
    view = outline.view
    entries = outline.by_system[system] if system else outline.entries
    frames: dict[str, Frame] = {}
    boxes: list[Box] = []
    for entry in entries:
        sheet = next((sheet for sheet in _sheets(view, entry) if sheet.environment == environment), None)
        if sheet is not None:
            boxes.append(outline.asset(entry)._replace(frame=_place(frames, sheet), kind=_kind(entry, sheet)))
    if not system and len(boxes) > MOST_BOXES:
        return _by_system(view, environment, boxes, frames)
    there = {box.address for box in boxes}
    arrows = [
        arrow(edge)
        for edge in outline.edges(entries)
        if edge.source in there and edge.target in there and _is_in(view, edge, environment)
    ]
    return _picture(view, environment, system, boxes, arrows, frames)


def _picture(
    view: View, environment: str, system: str, boxes: list[Box], arrows: list[Arrow], frames: dict[str, Frame]
) -> Picture:
    name = view.name(f"system/{system}") if system else "the estate"
    about = f"What of {name} runs in {environment}, in the regions, zones and machines that its instances name."
    here = page_of(f"system/{system}") if system else ESTATE
    found = Picture(
        f"Deployment in {environment}",
        about,
        here,
        tuple(boxes),
        tuple(arrows),
        tuple(frames.values()),
        more="environments.md",
    )
    return fitted(found)


def _by_system(view: View, environment: str, boxes: list[Box], frames: dict[str, Frame]) -> Picture:
    """One box for each system in each place."""
    counts: dict[tuple[str, str], int] = {}
    for box in boxes:
        key = box.frame, view.entry(box.address).system
        counts[key] = counts.get(key, 0) + 1
    merged = []
    for (frame, system), count in sorted(counts.items()):
        address = f"system/{system}"
        name = view.name(address) if system else "In no system"
        page = page_of(address) if address in view.estate.by_address else "asset/index.md"
        kind = f"{count} asset{'s' if count > 1 else ''}"
        merged.append(Box(f"{frame}#{address}", name, kind, frame, "system", page, view.entry(address).criticality))
    return _picture(view, environment, "", merged, [], frames)


def _sheets(view: View, entry: Entry) -> tuple[Sheet, ...]:
    return view.audit.sheets.get(entry.address, ())


def _kind(entry: Entry, sheet: Sheet) -> str:
    engine = " ".join(str(sheet[name]) for name in ("engine", "version") if name in sheet)
    members = len(sheet.keys("members[]"))
    return ", ".join([engine or entry.type, *([f"{members} members"] if members > 1 else [])])


def _place(frames: dict[str, Frame], sheet: Sheet) -> str:
    """The innermost frame of an instance; a level that nobody said is left out."""
    inside = ""
    for level in _LEVELS:
        value = sheet.get(level)
        if value is None or (level == "host" and "machine" in sheet):
            continue
        identity = f"{inside}/{level}:{value}"
        frames[identity] = Frame(identity, f"{level} {value}", inside, level)
        inside = identity
    return inside


def _is_in(view: View, edge: Edge, environment: str) -> bool:
    record = view.estate.by_address.get(edge.address)
    named = record.data.get("environments") if record else None
    return not isinstance(named, list) or environment in named

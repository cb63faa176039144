"""Where backups go, as a picture for each system: stores, the assets that hold their copies, and what lies too near."""

from __future__ import annotations

from collections.abc import Collection

from stocktake.model.graph import Entry
from stocktake.model.outcome import FAIL
from stocktake.render.diagram.picture import Arrow, Box, Picture, fitted
from stocktake.render.recovery import TOGETHER, UNKNOWN, Plan, distance, plans, unplanned
from stocktake.render.view import View, page_of

HERE = "backups.md"
# So many pictures, with so many boxes and arrows in all, stand on one page; it stays light with them.
_MOST, _ROOM = 12, 240


def topologies(view: View) -> dict[str, Picture]:
    """The picture of each system that has a store, "" for stores in no system: stores and their copies; arrows are
    plans, and a store without one stands alone. What the page of backups has no room for stands on that of the system.
    """
    bare = {one.asset.address for one in unplanned(view) if one.state == FAIL}
    found = {system: _topology(view, system, entries, bare) for system, entries in _stores(view).items()}
    left, room = _MOST, _ROOM
    for system in sorted(found, key=lambda one: (one != "", *_weight(found[one]), one)):
        address, size = f"system/{system}", len(found[system].boxes) + len(found[system].arrows)
        if system and address in view.estate.by_address and (left < 1 or size > room):
            found[system] = found[system]._replace(here=page_of(address))
        else:
            left, room = left - 1, room - size
    return found


def _weight(picture: Picture) -> tuple[int, int]:
    """What needs a look first: most stores without a plan and copies that lie too near, then most of all."""
    bad = sum(box.mark == "st-bare" for box in picture.boxes) + sum(arrow.mark == "st-bad" for arrow in picture.arrows)
    return -bad, -len(picture.boxes) - len(picture.arrows)


def _stores(view: View) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in view.assets("stores"):
        found.setdefault(entry.system, []).append(entry)
    return dict(sorted(found.items(), key=lambda pair: (not pair[0], pair[0])))


def _topology(view: View, system: str, entries: list[Entry], bare: Collection[str]) -> Picture:
    found = [plan for plan in plans(view, entries) if plan.target in view.audit.graph.nodes]
    ends = {entry.address for entry in entries} | {plan.target for plan in found}
    name = view.name(f"system/{system}") if system else "stores in no system"
    return fitted(
        Picture(
            f"Backups of {name}",
            f"Where the copies of {name} go; a store without a plan stands alone, red lies too near its original.",
            HERE,
            tuple(_box(view, address, address in bare) for address in sorted(ends)),
            tuple(_arrow(view, plan) for plan in found),
        )
    )


def _box(view: View, address: str, is_bare: bool) -> Box:
    entry = view.entry(address)
    mark = "st-bare" if is_bare else ""
    page = page_of(address) if address in view.estate.by_address else ""
    return Box(
        address,
        entry.name or address,
        entry.type,
        "",
        view.group(address) or "other",
        page,
        entry.criticality,
        is_bare,
        mark,
    )


def _arrow(view: View, plan: Plan) -> Arrow:
    mark = {TOGETHER: "st-bad", UNKNOWN: "st-open"}.get(distance(view, plan).verdict, "")
    place = f" ({plan.environment})" if plan.environment else ""
    return Arrow(plan.asset.address, plan.target, f"{plan.name}{place}"[:40], "", mark)

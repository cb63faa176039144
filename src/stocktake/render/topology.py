"""Where backups go, as a picture for each system: stores, the assets that hold their copies, and what lies too near."""

from __future__ import annotations

from collections.abc import Collection

from stocktake.model.graph import Entry
from stocktake.model.outcome import FAIL
from stocktake.render.diagram.picture import Arrow, Box, Picture, fitted
from stocktake.render.recovery import TOGETHER, UNKNOWN, Plan, distance, plans, unplanned
from stocktake.render.view import View, page_of

HERE = "backups.md"


def systems(view: View) -> list[str]:
    """Ids of the systems that have a store; "" for stores in no system, last."""
    return [*_stores(view)]


def topologies(view: View) -> dict[str, Picture]:
    """The picture of each of these: stores and their copies; arrows are plans, and a store without one stands alone."""
    bare = {one.asset.address for one in unplanned(view) if one.state == FAIL}
    return {system: _topology(view, system, entries, bare) for system, entries in _stores(view).items()}


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

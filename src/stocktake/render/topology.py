"""Where backups go, as a picture for each system: stores, the assets that hold their copies, and what lies too near."""

from __future__ import annotations

from stocktake.model.outcome import FAIL
from stocktake.render.dot import HEAD, MOST_NODES, node
from stocktake.render.escape.dot import quoted
from stocktake.render.recovery import TOGETHER, UNKNOWN, Plan, distance, plans, unplanned
from stocktake.render.view import View

HERE = "backups.md"


def systems(view: View) -> list[str]:
    """Ids of the systems that have a store; "" for stores in no system, last."""
    found = {entry.system for entry in view.assets("stores")}
    return sorted(found, key=lambda system: (not system, system))


def topology(view: View, system: str) -> str:
    """Stores of one system and their copies; edges are plans, and a store without a plan stands alone."""
    entries = [entry for entry in view.assets("stores") if entry.system == system]
    found = [plan for plan in plans(view, entries) if plan.target in view.audit.graph.nodes]
    bare = {one.asset.address for one in unplanned(view) if one.state == FAIL}
    ends = {entry.address for entry in entries} | {plan.target for plan in found}
    kept = sorted(ends, key=lambda address: (address not in bare, address))[:MOST_NODES]
    groups = {type_: name for name, types in sorted(view.estate.groups.items()) for type_ in types}
    nodes = [
        node(view.entry(address), groups, HERE, more="st-bare" if address in bare else "") for address in sorted(kept)
    ]
    edges = sorted({_edge(view, plan) for plan in found if plan.asset.address in kept and plan.target in kept})
    return f"{HEAD}{''.join(nodes)}{''.join(edges)}}}\n"


def _edge(view: View, plan: Plan) -> str:
    verdict = distance(view, plan).verdict
    classes = {TOGETHER: "st-edge st-bad", UNKNOWN: "st-edge st-open"}.get(verdict, "st-edge")
    place = f" ({plan.environment})" if plan.environment else ""
    label = quoted(f"{plan.name}{place}"[:40])
    return f"  {_identity(plan.asset.address)} -> {_identity(plan.target)} [label={label}, class={quoted(classes)}]\n"


def _identity(address: str) -> str:
    return quoted(f"n-{address.replace('/', '-')}")

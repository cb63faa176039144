"""The two ends of a dependency, as rules about it look at them."""

from __future__ import annotations

from stocktake.model.graph import Edge, Entry
from stocktake.model.rule import Context
from stocktake.model.sheet import Sheet


def ends(edge: Sheet, context: Context) -> list[Entry | None]:
    """What it leads from and to, as far as the index knows it."""
    return [context.index.get(f"asset/{edge.get(end)}") for end in ("from", "to")]


def both_run(edge: Sheet, context: Context) -> bool:
    """Neither end is only planned or retired."""
    return not any(entry and entry.lifecycle in ("proposed", "retired") for entry in ends(edge, context))


def edge_of(edge: Sheet) -> Edge:
    """The dependency as the graph has it."""
    parts = (str(edge.get(name) or "") for name in ("direction", "criticality", "fallback"))
    return Edge(edge.address, f"asset/{edge['from']}", f"asset/{edge['to']}", edge["type"], *parts)


def needed(edge: Sheet, context: Context) -> tuple[Entry, Entry] | None:
    """What stops first and what cannot run without it; None where nothing stops, or an end is not known."""
    known = edge_of(edge)
    provider, needy = map(context.index.get, (known.is_hard and known.breaks()) or ("", ""))
    return (provider, needy) if provider and needy else None

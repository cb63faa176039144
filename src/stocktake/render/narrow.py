"""The parts of a system or a team, where nothing is told of how they are."""

from __future__ import annotations

from stocktake.model.record import Record
from stocktake.render.document import Heading
from stocktake.render.escape.html import Markup, el
from stocktake.render.parts import classification
from stocktake.render.table import Column, table
from stocktake.render.view import View

_MOST = 200
_HEADERS = ("Asset", Column("Type", facet=True), "Classification")


def members(view: View, here: str, record: Record) -> list[Markup | Heading]:
    """The assets of a system, or those that a team answers for; nothing on other pages."""
    if record.kind not in ("system", "team"):
        return []
    inside = [address for address, _ in view.audit.index.referrers(record.address, "asset")]
    rows = [
        (view.link(here, entry.address), entry.type, classification(entry.classification))
        for entry in map(view.entry, dict.fromkeys(inside[:_MOST]))
    ]
    rest = [el("p", f"and {len(inside) - _MOST:,} more.", class_="st-muted")] if len(inside) > _MOST else []
    return [Heading("Assets"), table(_HEADERS, rows, f"Assets of {record.title}", "None in this edition."), *rest]

"""A dependency: who needs whom for what, what happens without it, who keeps it, and which flows take this way."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.graph import MEANINGS, Edge
from stocktake.model.record import Record
from stocktake.render.anatomy import said
from stocktake.render.anatomy.affected import linked
from stocktake.render.document import Heading
from stocktake.render.escape.html import Markup, anchor, el
from stocktake.render.parts import badge, criticality, muted
from stocktake.render.table import pairs
from stocktake.render.view import View, href


def blocks(view: View, here: str, record: Record) -> Iterator[Markup | Heading]:
    """What stands above the facts of a dependency."""
    edge = view.edges.get(record.address)
    if edge is None:
        return
    words = MEANINGS[edge.type].words if edge.type in MEANINGS else edge.type
    without = edge.fallback if edge.has_fallback else badge("no fallback", "is-fail" if edge.is_hard else "is-unknown")
    flows = [address for address, _ in view.audit.index.referrers(record.address, "flow")]
    yield pairs(
        (
            ("Relation", el("span", view.link(here, edge.source), f" {words} ", view.link(here, edge.target))),
            ("Data flows", _data(view, here, record)),
            ("Criticality", criticality(edge.criticality) or said.missing("not rated")),
            ("Without it", el("span", without)),
            ("Stops with it", _stops(view, here, edge)),
            ("Flows that take it", linked(view, here, dict.fromkeys(flows)) or muted("none")),
            ("In the matrix", anchor("who feeds whom", href(here, "matrix.md"))),
        )
    )


def _stops(view: View, here: str, edge: Edge) -> Markup:
    """What stops when it breaks: the count for all, and the map for who."""
    pair = edge.breaks()
    if pair is None or not edge.is_hard:
        return muted("nothing, as far as is declared")
    more = view.radius.get(pair[1], 0)
    shown = anchor("on the map", href(here, "dependencies.md", f"focus={pair[1]}"))
    return el("span", view.link(here, pair[1]), f", and {more:,} more with it, ", shown)


def _data(view: View, here: str, record: Record) -> Markup:
    found = [
        el("span", view.link(here, first), " → ", view.link(here, second))
        for first, second in view.edges[record.address].producers()
    ]
    return el("span", *(part for one in found for part in (one, el("br")))) if found else muted("none")

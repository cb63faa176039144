"""How a record stands to others: its neighbours in the graph, its parts, and who names it."""

from __future__ import annotations

from stocktake.model.graph import MEANINGS, Edge
from stocktake.model.record import Record
from stocktake.render import svg, told
from stocktake.render.document import Heading
from stocktake.render.dot import nearest
from stocktake.render.escape.html import Markup, anchor, el
from stocktake.render.parts import code, counted, criticality, muted
from stocktake.render.table import Column, table
from stocktake.render.view import View, href

Blocks = list[Markup | Heading]
HEADERS = (Column("Kind", facet=True), "Record", "In field")
_ALWAYS = frozenset({"dependency"})
# Kinds that name a record of another kind and stand on its page already.
_SHOWN = {"asset": frozenset({"dependency", *told.KINDS}), "system": frozenset({"asset", *told.KINDS})}


def neighbours(view: View, here: str, record: Record) -> Blocks:
    """What a record depends on and what depends on it: the picture, and the same as a table."""
    edges, left_out = nearest(view.audit, record.address)
    if not edges:
        return []
    blocks: Blocks = [Heading("Neighbourhood")]
    if picture := view.pictures.get(record.address):
        title = f"Neighbourhood of {record.title}"
        words = f"{counted(len(edges), 'dependency', 'dependencies')} of {record.title}; the table below says the same."
        blocks.append(svg.figure(svg.inline(picture, "hood", title, words), title))
    rows = []
    for edge in edges:
        outward = edge.source == record.address
        meaning = MEANINGS.get(edge.type)
        words = (meaning.words if outward else meaning.inverse) if meaning else edge.type
        other = edge.target if outward else edge.source
        fallback = edge.fallback or muted("none said")
        rows.append(
            (
                view.link(here, edge.address, words),
                view.link(here, other),
                _flow(edge, record.address),
                criticality(edge.criticality),
                fallback,
            )
        )
    if record.kind == "asset" and not record.origin and view.is_full:
        focus = anchor("What breaks if it stops, on the map", href(here, "dependencies.md", f"focus={record.address}"))
        blocks.append(el("p", focus, class_="st-small"))
    headers = ("Relation", "Neighbour", "Data flows", "Criticality", "Fallback")
    told = len(headers) if view.shows("dependency", "fallback") else 3
    blocks.append(table(headers[:told], [row[:told] for row in rows], "Neighbours"))
    if left_out:
        blocks.append(
            el(
                "p",
                f"and {left_out:,} more, in the ",
                anchor("matrix", href(here, "matrix.md")),
                ".",
                class_="st-muted",
            )
        )
    return blocks


def _flow(edge: Edge, here: str) -> str:
    """Which way data goes, as seen from one end."""
    pairs_ = edge.producers()
    if len(pairs_) != 1:
        return "both ways" if pairs_ else "none"
    return "from here" if pairs_[0][0] == here else "to here"


def naming(view: View, here: str, record: Record) -> list[tuple[object, ...]]:
    """The records that name this one under `HEADERS`, without those that stand in tables of their own."""
    shown = _SHOWN.get(record.kind, frozenset()) if view.is_full else _ALWAYS
    named = view.audit.index.referrers(record.address)
    found = [pair for pair in named if pair[0].partition("/")[0] not in shown and not _is_owned(record, pair[1])]
    return [
        (
            view.estate.kinds[kind].plural if (kind := address.partition("/")[0]) in view.estate.kinds else kind,
            view.link(here, address),
            code(field),
        )
        for address, field in found
    ]


def references(rows: list[tuple[object, ...]], more: Markup | None) -> Blocks:
    """Those of them for which a page has room; `more` says how many there are beside them."""
    if not rows:
        return []
    shown = table(HEADERS if len(rows) > 7 else (Column("Kind"), *HEADERS[1:]), rows, "Records that name this one")
    return [Heading("Named by"), shown, *((more,) if more else ())]


def _is_owned(record: Record, field: str) -> bool:
    return record.kind == "team" and field == "owner"

"""How a record stands to others: its neighbours in the graph, its parts, and who names it."""

from __future__ import annotations

from stocktake.model.graph import MEANINGS, Edge
from stocktake.model.record import Record
from stocktake.render import svg
from stocktake.render.document import Heading
from stocktake.render.dot import nearest
from stocktake.render.escape.html import Markup, anchor, el
from stocktake.render.parts import classification, code, counted, criticality, muted
from stocktake.render.table import Column, table
from stocktake.render.view import View, href

Blocks = list[Markup | Heading]
_MOST = 200


def neighbours(view: View, here: str, record: Record) -> Blocks:
    """What a record depends on and what depends on it: the picture, and the same as a table."""
    edges, left_out = nearest(view.audit, record.address)
    if not edges:
        return []
    blocks: Blocks = [Heading("Neighbourhood")]
    if picture := view.pictures.get(record.address):
        title = f"Neighbourhood of {record.name}"
        words = f"{counted(len(edges), 'dependency', 'dependencies')} of {record.name}; the table below says the same."
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
    headers = ("Relation", "Neighbour", "Data flows", "Criticality", "Fallback")
    blocks.append(table(headers, rows, "Neighbours"))
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


def members(view: View, here: str, record: Record) -> Blocks:
    """The assets of a system."""
    if record.kind != "system":
        return []
    inside = [address for address, _ in view.audit.index.referrers(record.address, "asset")]
    rows = [
        (
            view.link(here, entry.address),
            entry.type,
            criticality(entry.criticality),
            classification(entry.classification),
        )
        for entry in map(view.entry, inside[:_MOST])
    ]
    headers = ("Asset", Column("Type", facet=True), "Criticality", "Classification")
    blocks: Blocks = [Heading("Assets")]
    blocks.append(table(headers, rows, "Assets of the system", "No asset names this system yet."))
    return [*blocks, *_rest(len(inside))]


def references(view: View, here: str, record: Record) -> Blocks:
    """The records that name this one; the assets of a system have a table of their own."""
    named = view.audit.index.referrers(record.address)
    found = [pair for pair in named if record.kind != "system" or not pair[0].startswith("asset/")]
    if not found:
        return []
    rows = [
        (
            view.estate.kinds[kind].plural if (kind := address.partition("/")[0]) in view.estate.kinds else kind,
            view.link(here, address),
            code(field),
        )
        for address, field in found[:_MOST]
    ]
    blocks: Blocks = [
        Heading("Named by"),
        table((Column("Kind", facet=len(rows) > 7), "Record", "In field"), rows, "Records that name this one"),
    ]
    return [*blocks, *_rest(len(found))]


def _rest(number: int) -> Blocks:
    return [el("p", f"and {number - _MOST:,} more.", class_="st-muted")] if number > _MOST else []

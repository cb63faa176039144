"""The dependency matrix of the audit plan: rows are producers, columns consumers, cells say type and criticality."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stocktake.exchange.table import Table
from stocktake.model.graph import Edge, Graph

NAME = "matrix"
_CORNER = "producer"
# A spreadsheet holds no more columns than this; beyond, every pair stands in a row of its own.
COLUMNS_AT_MOST = 2_000
_LIST = ("producer", "consumer", "type", "criticality", "dependency")


def table(graph: Graph) -> Table:
    """Assets that pass data to none, and get none, are left out."""
    flows: dict[tuple[str, str], list[Edge]] = {}
    for edge in graph.edges:
        for pair in edge.producers():
            flows.setdefault(pair, []).append(edge)
    consumers = sorted({consumer for _, consumer in flows})
    if len(consumers) > COLUMNS_AT_MOST:
        return Table(NAME, _LIST, _pairs(flows))
    producers = sorted({producer for producer, _ in flows})
    of: dict[str, dict[int, str]] = {producer: {} for producer in producers}
    place = {consumer: number for number, consumer in enumerate(consumers, 1)}
    for (producer, consumer), edges in flows.items():
        of[producer][place[consumer]] = _cell(edges)
    rows = (_row(producer, cells, len(consumers)) for producer, cells in of.items())
    return Table(NAME, (_CORNER, *consumers), rows)


def _row(producer: str, cells: Mapping[int, str], width: int) -> list[str | None]:
    # Most pairs have nothing between them, and there are millions of pairs.
    row: list[str | None] = [producer, *[None] * width]
    for number, said in cells.items():
        row[number] = said
    return row


def _pairs(flows: dict[tuple[str, str], list[Edge]]) -> Iterator[tuple[str, ...]]:
    for producer, consumer in sorted(flows):
        for edge in sorted(flows[producer, consumer]):
            yield producer, consumer, edge.type, edge.criticality or "not rated", edge.address


def _cell(edges: list[Edge]) -> str:
    return "; ".join(f"{edge.type} ({edge.criticality or 'not rated'})" for edge in sorted(edges))

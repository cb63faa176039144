"""The dependency matrix of the audit plan: rows are producers, columns consumers, cells say type and criticality."""

from __future__ import annotations

from collections.abc import Iterator

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
    rows = ((producer, *(_cell(flows.get((producer, one), [])) for one in consumers)) for producer in producers)
    return Table(NAME, (_CORNER, *consumers), rows)


def _pairs(flows: dict[tuple[str, str], list[Edge]]) -> Iterator[tuple[str, ...]]:
    for producer, consumer in sorted(flows):
        for edge in sorted(flows[producer, consumer]):
            yield producer, consumer, edge.type, edge.criticality or "not rated", edge.address


def _cell(edges: list[Edge]) -> str | None:
    return "; ".join(f"{edge.type} ({edge.criticality or 'not rated'})" for edge in sorted(edges)) or None

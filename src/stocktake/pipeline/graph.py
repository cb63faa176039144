"""The graph of an estate, without judging it."""

from __future__ import annotations

from stocktake.analyse.dependencies import edges, entry
from stocktake.model.estate import Estate
from stocktake.model.graph import Graph


def graph(estate: Estate) -> Graph:
    """All assets and the dependencies between them."""
    return Graph((entry(record) for record in estate.of("asset")), edges(estate.records))

"""The graph of an estate and its recovery times, without judging it."""

from __future__ import annotations

from collections.abc import Collection

from stocktake.analyse.dependencies import edges, entry
from stocktake.analyse.impact import objectives
from stocktake.load.flatten import flatten
from stocktake.model.estate import Estate
from stocktake.model.graph import Graph


def graph(estate: Estate) -> Graph:
    """All assets and the dependencies between them."""
    return Graph((entry(record) for record in estate.every if record.kind == "asset"), edges(estate.every))


def recovery_times(
    estate: Estate, fact: str = "backup.rto", only: Collection[str] | None = None
) -> dict[str, dict[str | None, str]]:
    """The recovery time objective, or another, of each asset in each environment that says one; `only` of these."""
    assets = (record for record in estate.every if record.kind == "asset")
    shape = estate.kinds["asset"].shape
    wanted = (record for record in assets if only is None or record.address in only)
    return objectives({record.address: flatten(record.data, shape) for record in wanted}, fact)

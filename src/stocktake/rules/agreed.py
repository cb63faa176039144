"""Durations that a record promises, which stand over any threshold of ours."""

from __future__ import annotations

from stocktake.model.sheet import Sheet
from stocktake.values import duration


def agreed(asset: Sheet, name: str) -> int | None:
    """A declared duration in seconds; None where the record declares none."""
    value = asset.declared(name)
    return None if value is None else duration.seconds(str(value))

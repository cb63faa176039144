"""What is to be looked at, and whether a look is recent enough to count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from stocktake.model.estate import Estate
from stocktake.values import duration


class Expected(NamedTuple):
    """A source tree, or a live store with its address, that somebody named; `source` is that of its observation."""

    source: str
    address: str = ""
    environment: str | None = None


def expected(estate: Estate) -> tuple[Expected, ...]:
    """Every configured source, and every asset in use that names a `connection`, in each of its environments."""
    found = [Expected(source.name, "", source.environment) for source in estate.settings.sources]
    for record in estate.of("asset"):
        for environment, facts in (record.data.get("instances") or {None: {}}).items():
            here = {**record.data, **(facts or {})}
            if here.get("connection") and here.get("lifecycle") not in ("proposed", "retired"):
                source = f"{record.id}-{environment}" if environment else record.id
                found.append(Expected(source, record.address, environment))
    return tuple(sorted(found, key=lambda one: one.source))


def freshness(today: date, limit: str) -> Callable[[date | None], bool]:
    """Whether what was seen on a day counts: neither too long ago nor still to come."""
    oldest = duration.before(today, limit)
    return lambda day: day is not None and oldest <= day <= today

"""What is to be looked at, and whether a look is recent enough to count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from stocktake.model.estate import Estate
from stocktake.model.gist import gist_of
from stocktake.values import duration

# Those that `observe` can look at; importing its probes to ask them would take longer than a check.
ENGINES = frozenset({"postgresql", "sqlite"})


class Expected(NamedTuple):
    """A source tree, or a live store with its address, that somebody named; `source` is that of its observation."""

    source: str
    address: str = ""
    environment: str | None = None


def expected(estate: Estate) -> tuple[Expected, ...]:
    """Every configured source, and every asset in use that names a `connection`, in each of its environments.

    An asset of an engine that nothing can look at is not expected.
    """
    found = [Expected(source.name, "", source.environment) for source in estate.settings.sources]
    for record in estate.of("asset"):
        if (gist := gist_of(record)) and not gist.connects:
            continue
        for environment, facts in (record.data.get("instances") or {None: {}}).items():
            here = {**record.data, **(facts or {})}
            is_there = here.get("lifecycle") not in ("proposed", "retired")
            if here.get("connection") and is_there and here.get("engine") in (None, *ENGINES):
                source = f"{record.id}-{environment}" if environment else record.id
                found.append(Expected(source, record.address, environment))
    return tuple(sorted(found, key=lambda one: one.source))


def freshness(today: date, limit: str) -> Callable[[date | None], bool]:
    """Whether what was seen on a day counts: neither too long ago nor still to come."""
    oldest = duration.before(today, limit)
    return lambda day: day is not None and oldest <= day <= today

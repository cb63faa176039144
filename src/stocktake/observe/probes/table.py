"""The one table of engines that can be looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from stocktake.observe.look import Fact
from stocktake.observe.probes import postgresql, sqlite
from stocktake.observe.query import Ask, Options

Probe = Callable[[Ask, Options], Iterator[Fact]]

PROBES: Mapping[str, Probe] = {"postgresql": postgresql.probe, "sqlite": sqlite.probe}

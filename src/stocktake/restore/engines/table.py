"""The engines that a drill knows, by the name that stands in the record of an asset."""

from __future__ import annotations

from collections.abc import Mapping

from stocktake.restore.engines import sqlite
from stocktake.restore.engines.engine import Engine
from stocktake.restore.engines.postgresql import engine as postgresql

ENGINES: tuple[Engine, ...] = (postgresql.Postgresql(), sqlite.Sqlite())

BY_NAME: Mapping[str, Engine] = {engine.name: engine for engine in ENGINES}

"""Rules about stores that were looked at while they run: one answer in each environment."""

from __future__ import annotations

from functools import partial

from stocktake.rules.applies import is_postgresql, is_sqlite
from stocktake.rules.rule import rule

on_postgresql = partial(rule, kind="asset", when=is_postgresql, per="environment")
on_sqlite = partial(rule, kind="asset", when=is_sqlite, per="environment")

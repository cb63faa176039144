"""The formats that tables can be written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from stocktake.exchange import rfc4180
from stocktake.exchange.table import Table


class Format(NamedTuple):
    """What its files end with, and what makes one of a table; `mark` is for programs that guess the encoding."""

    suffix: str
    written: Callable[[Table, bool], bytes]


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "csv": Format(rfc4180.SUFFIX, rfc4180.written),
    }
)

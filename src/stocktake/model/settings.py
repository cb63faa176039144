"""What `stocktake.yaml` says, with its defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

LIMITS: Mapping[str, str] = {"exercise": "P365D", "review": "P365D"}


class Source(NamedTuple):
    """A tree to discover: its path below the repository, and the environment it speaks for (None: none).

    Without a path the tree lies elsewhere, and whoever looks says where.
    """

    name: str
    path: str = ""
    environment: str | None = None
    exclude: tuple[str, ...] = ()


class Settings(NamedTuple):
    """`freshness` and `limits` are ISO 8601 durations; `distinct` are sets of addresses that are not the same thing."""

    name: str = "Data estate"
    environments: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    freshness: str = "P30D"
    limits: Mapping[str, str] = LIMITS
    fail_on: str = "high"
    distinct: tuple[frozenset[str], ...] = ()
    repository: str = ""
    branch: str = "main"

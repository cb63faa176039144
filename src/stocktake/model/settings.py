"""What `stocktake.yaml` says, with its defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

FULL, INITIALS, HIDE = "full", "initials", "hide"
LIMITS: Mapping[str, str] = {"exercise": "P365D", "review": "P365D", "waiver": "P365D"}


class Source(NamedTuple):
    """A tree to discover: its path below the repository, and the environment it speaks for (None: none).

    Without a path the tree lies elsewhere, and whoever looks says where.
    """

    name: str
    path: str = ""
    environment: str | None = None
    exclude: tuple[str, ...] = ()


class Include(NamedTuple):
    """Another registry whose records join this estate, and its folder below the repository.

    Without a path it lies elsewhere, and an environment variable says where.
    """

    name: str
    path: str = ""

    @property
    def variable(self) -> str:
        """The environment variable that says where it lies."""
        return f"STOCKTAKE_INCLUDE_{self.name.upper().replace('-', '_')}"


class Tier(NamedTuple):
    """What is asked of assets of one criticality: facts that must be known, and the longest durations allowed."""

    required: tuple[str, ...] = ()
    rpo: str = ""
    review: str = ""
    exercise: str = ""


class Settings(NamedTuple):
    """`freshness` and `limits` are ISO 8601 durations; `distinct` are sets of addresses that are not the same thing.

    `select` and `disable` are ids of rules or letters of families; `tiers` are by criticality, and `regions` are those
    in which personal data may be kept. `modules` are the files of a team's own rules. `revisions` is how many older
    ones the trends show at most. `described` is what people call each environment, and what it is for.
    `people` is how much of a name the site shows: `full`, `initials` or `hide`; `pages` is the audience of a
    hand-written page that names none, `confidential` and `unclassified` those of what is classified so and of assets
    that nobody classified. `approvers` are teams by gate, or for all others under `default`.
    """

    name: str = "Data estate"
    environments: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    freshness: str = "P30D"
    limits: Mapping[str, str] = LIMITS
    fail_on: str = "high"
    distinct: tuple[frozenset[str], ...] = ()
    repository: str = ""
    branch: str = "main"
    forge: str = ""
    select: tuple[str, ...] = ()
    disable: tuple[str, ...] = ()
    severities: Mapping[str, str] = {}
    tiers: Mapping[str, Tier] = {}
    regions: frozenset[str] = frozenset()
    modules: tuple[str, ...] = ()
    includes: tuple[Include, ...] = ()
    described: Mapping[str, tuple[str, str]] = {}
    revisions: int = 60
    people: str = FULL
    pages: str = "internal"
    confidential: str = "restricted"
    unclassified: str = "internal"
    approvers: Mapping[str, str] = {}

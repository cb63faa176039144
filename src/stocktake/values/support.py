"""How long versions of engines are supported: a dated table, which says itself when it has grown old.

Ends of life are those of the pages in `ENGINES`; minor releases are those that were out on the day of the
table. What was not out then, or had no date yet, is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from stocktake.values.version import parse

AS_OF = date(2026, 11, 24)
SOURCE = "https://www.postgresql.org/support/versioning/"
_OLD_AFTER = 365


class Support(NamedTuple):
    """The day after which a major version gets no corrections any more, and its newest minor release."""

    ends: date
    newest: str


POSTGRESQL: Mapping[int, Support] = {
    11: Support(date(2023, 11, 9), "11.22"),
    12: Support(date(2024, 11, 21), "12.22"),
    13: Support(date(2025, 11, 13), "13.23"),
    14: Support(date(2026, 11, 12), "14.25"),
    15: Support(date(2027, 11, 11), "15.20"),
    16: Support(date(2028, 11, 9), "16.16"),
    17: Support(date(2029, 11, 8), "17.12"),
    18: Support(date(2030, 11, 14), "18.6"),
}

MYSQL: Mapping[tuple[int, ...], date] = {
    (5, 6): date(2021, 2, 28),
    (5, 7): date(2023, 10, 31),
    (8, 0): date(2026, 4, 30),
    (8, 4): date(2032, 4, 30),
}


class Engine(NamedTuple):
    """When each release of an engine ends, by its leading numbers; the page that says so, and of which day that is."""

    ends: Mapping[tuple[int, ...], date]
    source: str
    as_of: date


ENGINES: Mapping[str, Engine] = {
    "mysql": Engine(MYSQL, "https://endoflife.ai/article-mysql-eol", date(2026, 6, 18)),
    "postgresql": Engine({(major,): known.ends for major, known in POSTGRESQL.items()}, SOURCE, AS_OF),
}


def ends(engine: str, version: str) -> date | str:
    """The last day on which a version is corrected, or in words why it is not known; what is older than the table has
    ended.
    """
    numbers = parse(version)
    if not numbers:
        return f'"{version[:60]}" is not the number of a version'
    known = ENGINES[engine].ends
    first = min(known)
    release = numbers[: len(first)]
    if release in known:
        return known[release]
    if len(release) == len(first) and release < first:
        return known[first]
    return f"the table of {ENGINES[engine].as_of} does not know {engine} {'.'.join(map(str, release))}"


def postgresql(version: str) -> Support | str:
    """What is known of the support of a version, or in words why nothing is; what is older than the table has ended."""
    numbers = parse(version)
    if not numbers:
        return f'"{version[:60]}" is not the number of a version'
    if numbers[0] < min(POSTGRESQL):
        return POSTGRESQL[min(POSTGRESQL)]._replace(newest="")
    return POSTGRESQL.get(numbers[0]) or f"PostgreSQL {numbers[0]} is newer than the table of {AS_OF}"


def is_old(today: date, as_of: date = AS_OF) -> bool:
    """Whether a table is so old that what it does not say proves nothing."""
    return (today - as_of).days > _OLD_AFTER

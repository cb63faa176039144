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


class Engine(NamedTuple):
    """When each release of an engine ends, by its leading numbers; the page that says so, and of which day that is."""

    ends: Mapping[tuple[int, ...], date]
    source: str
    as_of: date


def _engine(ends: str, source: str, as_of: str) -> Engine:
    """A row of the table from lines such as `8.4 2032-04-30`."""
    rows = (line.split() for line in ends.strip().splitlines())
    days = {tuple(map(int, release.split("."))): date.fromisoformat(day) for release, day in rows}
    return Engine(days, source, date.fromisoformat(as_of))


# Releases without a day of which a source was sure are left out, and so is the last day of support that is paid for.
ENGINES: Mapping[str, Engine] = {
    "elasticsearch": _engine("6 2022-02-10", "https://endoflife.date/elasticsearch", "2024-12-11"),
    "mariadb": _engine(
        """
        5.5 2020-04-11
        10.0 2019-03-31
        10.1 2020-10-17
        10.2 2022-05-23
        10.3 2023-05-25
        10.4 2024-06-18
        10.5 2025-06-24
        10.6 2026-07-06
        10.7 2023-02-14
        10.8 2023-05-20
        10.9 2023-08-22
        10.10 2023-11-17
        10.11 2028-02-16
        """,
        "https://endoflife.date/mariadb",
        "2023-05-10",
    ),
    "mongodb": _engine(
        """
        3.6 2021-04-30
        4.0 2022-04-30
        4.2 2023-04-30
        4.4 2024-02-29
        5.0 2024-10-31
        5.1 2022-01-18
        5.2 2022-03-23
        5.3 2022-07-31
        6.0 2025-07-31
        6.1 2023-02-09
        6.2 2023-04-24
        6.3 2023-08-31
        7.0 2027-08-31
        7.1 2024-01-23
        7.2 2024-03-27
        7.3 2024-10-31
        8.0 2029-10-31
        8.1 2025-09-30
        8.2 2026-07-31
        """,
        "https://endoflife.date/mongodb",
        "2026-02-10",
    ),
    # Known by the year of its name and by the number that the server itself gives.
    "mssql": _engine(
        """
        11 2022-07-12
        12 2024-07-09
        13 2026-07-14
        14 2027-10-12
        15 2030-01-08
        16 2033-01-11
        17 2036-01-06
        2012 2022-07-12
        2014 2024-07-09
        2016 2026-07-14
        2017 2027-10-12
        2019 2030-01-08
        2022 2033-01-11
        2025 2036-01-06
        """,
        "https://endoflife.date/mssqlserver",
        "2026-03-12",
    ),
    "mysql": _engine(
        """
        5.6 2021-02-28
        5.7 2023-10-31
        8.0 2026-04-30
        8.4 2032-04-30
        """,
        "https://endoflife.ai/article-mysql-eol",
        "2026-06-18",
    ),
    "neo4j": _engine(
        """
        4.0 2021-07-14
        4.1 2021-12-22
        4.2 2022-05-16
        4.3 2022-12-16
        4.4 2025-11-30
        """,
        "https://endoflife.date/neo4j",
        "2025-05-12",
    ),
    "postgresql": Engine({(major,): known.ends for major, known in POSTGRESQL.items()}, SOURCE, AS_OF),
    "rabbitmq": _engine(
        """
        3.6 2018-05-31
        3.7 2020-09-30
        3.8 2022-07-31
        3.9 2023-01-31
        3.10 2023-07-31
        3.11 2023-12-31
        3.12 2024-06-30
        """,
        "https://endoflife.date/rabbitmq",
        "2023-07-18",
    ),
    "redis": _engine(
        """
        5.0 2022-04-27
        6.0 2022-05-31
        7.0 2024-07-29
        8.0 2026-02-11
        """,
        "https://endoflife.date/redis",
        "2026-02-23",
    ),
    "valkey": _engine(
        """
        7.2 2029-04-16
        8.0 2027-09-15
        8.1 2030-03-31
        9.0 2028-10-21
        """,
        "https://endoflife.date/valkey",
        "2025-12-04",
    ),
}


def ends(engine: str, version: str) -> date | str:
    """The last day on which a version is corrected, or in words why it is not known; what is older than the table has
    ended.
    """
    numbers = parse(version)
    if not numbers:
        return f'"{version[:60]}" is not the number of a version'
    known = ENGINES[engine].ends
    first = min(known)  # what is older ended no later
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

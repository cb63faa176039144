"""How long versions of PostgreSQL are supported, and when the table itself is too old."""

from datetime import date

import pytest

from stocktake.discover.engines import ENGINES
from stocktake.values import support
from stocktake.values.version import major


@pytest.mark.parametrize("version", ["16", "16.4", "16.4 (Debian 16.4-1.pgdg120+1)", "v16.16"])
def test_a_version_is_found_by_its_first_number(version: str) -> None:
    assert support.postgresql(version) == support.POSTGRESQL[16]


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ("latest", '"latest" is not the number of a version'),
        ("99.1", "PostgreSQL 99 is newer than the table of 2026-11-24"),
    ],
)
def test_what_is_not_known_is_said(version: str, reason: str) -> None:
    assert support.postgresql(version) == reason


def test_what_is_older_than_the_table_has_ended() -> None:
    found = support.postgresql("9.6.24")

    assert isinstance(found, support.Support)
    assert found.ends < support.AS_OF
    assert found.newest == ""


def test_the_table_is_in_order() -> None:
    majors = sorted(support.POSTGRESQL)

    assert majors == list(range(majors[0], majors[-1] + 1))
    assert [major(support.POSTGRESQL[one].newest) for one in majors] == majors
    assert sorted(known.ends for known in support.POSTGRESQL.values()) == [
        support.POSTGRESQL[one].ends for one in majors
    ]


def test_the_table_grows_old_after_a_year() -> None:
    assert not support.is_old(date(2027, 11, 24))
    assert support.is_old(date(2027, 11, 25))


@pytest.mark.parametrize("name", support.ENGINES)
def test_each_table_names_an_engine_that_is_looked_for_its_page_and_its_day(name: str) -> None:
    table = support.ENGINES[name]

    assert name in ENGINES
    assert table.source.startswith("https://")
    assert table.as_of <= support.AS_OF
    assert len({len(release) for release in table.ends}) == 1


@pytest.mark.parametrize(
    ("engine", "version", "ends"),
    [
        ("mssql", "15.0.4460.4", date(2030, 1, 8)),
        ("mssql", "2019", date(2030, 1, 8)),
        ("mongodb", "7.0.30", date(2027, 8, 31)),
        ("rabbitmq", "3.5", date(2018, 5, 31)),
    ],
)
def test_an_end_is_found_by_the_leading_numbers(engine: str, version: str, ends: date) -> None:
    assert support.ends(engine, version) == ends


@pytest.mark.parametrize(("engine", "version"), [("redis", "6.2.7"), ("redis", "7"), ("elasticsearch", "8.17.0")])
def test_a_release_without_a_known_end_is_not_guessed(engine: str, version: str) -> None:
    assert f"does not know {engine}" in str(support.ends(engine, version))

"""The benchmark of big catalogues compares programs that all read the same server to the end."""

from pathlib import Path

from bench import catalogue


def test_all_three_ways_of_reading_a_catalogue_are_timed(tmp_path: Path) -> None:
    found = catalogue.measured(tmp_path, tables=25, rounds=1)

    assert list(found) == [catalogue.RAW, catalogue.OBSERVE, catalogue.INSPECTOR]
    assert all(timing.median("wall") > 0 for timing in found.values())

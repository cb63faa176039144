"""What a collector saw is checked before it is written: a file that could not be read again is a mistake of ours."""

import pytest

from stocktake.model.observation import SEEN, Observation, Thing
from stocktake.pipeline.observed import observed_files


def test_what_is_seen_becomes_two_files() -> None:
    files = observed_files([Observation("shop", "discover", "1", SEEN, (Thing("a", "A"),))])

    assert [path for path, _ in files] == ["observed/shop.json", "observed/last-looked.json"]


def test_a_thing_without_a_name_is_never_written() -> None:
    with pytest.raises(AssertionError, match=r"observed/shop.json would be wrong"):
        observed_files([Observation("shop", "discover", "1", SEEN, (Thing("a", ""),))])

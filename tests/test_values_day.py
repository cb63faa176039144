"""Which day was meant."""

import pytest

from stocktake.values import day


@pytest.mark.parametrize(
    "text",
    [
        "31.12.2027",
        "31. 12. 2027",
        "2027/12/31",
        "2027.12.31",
        "20271231",
        "31/12/2027",
        "12/31/2027",
        "31-12-2027",
        "31 Dec 2027",
        "31-dec-2027",
        "December 31, 2027",
        "2027-12-31T10:00:00Z",
    ],
)
def test_a_day_that_is_written_otherwise_is_understood(text):
    assert day.suggest(text) == "2027-12-31"


@pytest.mark.parametrize(
    "text", ["", "yesterday", "1/2/2027", "31.2.2027", "2027-12", "12.2027", "31 Foo 2027", "٣١.١٢.٢٠٢٧"]
)
def test_no_day_is_guessed_where_it_could_be_another(text):
    assert day.suggest(text) is None


def test_a_day_that_is_the_same_either_way_is_understood():
    assert day.suggest("7/7/2027") == "2027-07-07"

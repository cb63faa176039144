"""Durations: their length, their words, what was meant, and days before a date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocktake.values import duration

LENGTHS = [("PT15M", 900), ("P1D", 86_400), ("P2W", 1_209_600), ("P1M", 30 * 86_400), ("P1Y2M3DT4H5M6S", 36_993_906)]
MEANT = [
    ("15min", "PT15M"),
    ("24h", "PT24H"),
    ("1 day", "P1D"),
    ("30d", "P30D"),
    ("2 weeks", "P2W"),
    ("1h30m", "PT1H30M"),
    ("1 hour and 5 minutes", "PT1H5M"),
    ("P24H", "PT24H"),
    ("PT1D", "P1D"),
    ("pt15m", "PT15M"),
    ("15", None),
    ("soon", None),
    ("5 parsecs", None),
]
SAID = [(900, "15 minutes"), (86_400, "1 day"), (129_600, "36 hours"), (0, "0 seconds"), (31_536_000, "1 year")]
BEFORE = [
    (date(2026, 3, 31), "P1M", date(2026, 2, 28)),
    (date(2024, 2, 29), "P1Y", date(2023, 2, 28)),
    (date(2026, 1, 1), "P30D", date(2025, 12, 2)),
    (date(2026, 1, 3), "PT36H", date(2026, 1, 2)),
    (date(2026, 1, 1), "P999999999Y", date.min),
    (date(2026, 1, 1), "P999999999D", date.min),
]


@pytest.mark.parametrize(("text", "length"), LENGTHS)
def test_a_duration_has_a_length(text, length):
    assert duration.seconds(text) == length


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1DT", "P1", "15min", "P-1D", "P1W2D", "P1.5D", "P1D\n", "P" + "9" * 5000 + "D"]
)
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="is not an ISO 8601 duration"):
        duration.seconds(text)


@pytest.mark.parametrize(("text", "meant"), MEANT)
def test_the_meant_duration_is_suggested(text, meant):
    assert duration.suggest(text) == meant


@given(st.text(max_size=30))
def test_a_suggestion_is_always_a_duration(text):
    meant = duration.suggest(text)

    assert meant is None or duration.seconds(meant) >= 0


@pytest.mark.parametrize(("length", "said"), SAID)
def test_a_length_is_said_in_words(length, said):
    assert duration.words(length) == said


def test_a_crooked_length_is_said_in_parts():
    assert duration.words(90_061) == "1 day 1 hour 1 minute 1 second"


@pytest.mark.parametrize(("day", "text", "expected"), BEFORE)
def test_a_day_before_another_follows_the_calendar(day, text, expected):
    assert duration.before(day, text) == expected


@pytest.mark.parametrize(
    ("day", "length", "later"),
    [
        (date(2026, 1, 31), "P1M", date(2026, 2, 28)),
        (date(2024, 2, 29), "P1Y", date(2025, 2, 28)),
        (date(2026, 12, 31), "P1D", date(2027, 1, 1)),
        (date(2026, 1, 1), "PT36H", date(2026, 1, 2)),
        (date(2026, 1, 1), "P999999999Y", date.max),
        (date(2026, 1, 1), "P999999999D", date.max),
    ],
)
def test_a_day_lies_a_duration_after_another(day, length, later):
    assert duration.after(day, length) == later


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "PT0S"), (59, "PT59S"), (3600, "PT1H"), (86_400, "P1D"), (93_784, "P1DT2H3M4S")]
)
def test_seconds_are_written_as_a_duration(seconds, text):
    assert duration.iso(seconds) == text
    assert duration.seconds(text) == seconds

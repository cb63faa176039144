"""Cron schedules: the longest gap, words, and what is wrong with a field."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stocktake.values import cron

DAY = 86_400
GAPS = [
    ("0 2 * * *", DAY),
    ("@daily", DAY),
    ("*/15 * * * *", 900),
    ("0 2 * * 1-5", 3 * DAY),
    ("0 2 * * mon-fri", 3 * DAY),
    ("0 0 * * 0", 7 * DAY),
    ("0 0 * * 7", 7 * DAY),
    ("0 8-17 * * *", 15 * 3600),
    ("0 0 31 * *", 61 * DAY),
    ("0 0 29 2 *", 2921 * DAY),
    ("0 0 13 * 5", 7 * DAY),
    ("0 0 1 1 *", 366 * DAY),
]
WRONG = [
    ("61 * * * *", 'minute: "61" is not between 0 and 59'),
    ("* 24 * * *", 'hour: "24"'),
    ("* * 0 * *", 'day of month: "0"'),
    ("* * * foo *", 'month: "foo"'),
    ("* * * * 8", 'day of week: "8"'),
    ("* * * * 5-1", 'day of week: "5-1" ends before it begins'),
    ("*/0 * * * *", "minute: .* step of 0"),
    ("0 2 * *", "4 fields instead of 5"),
    ("@reboot", "1 fields instead of 5"),
    ("0 0 30 2 *", "day of month: no day fits"),
]
WORDS = [
    ("*/15 * * * *", "every 15 minutes"),
    ("0 2 * * *", "every day at 02:00"),
    ("0 2 * * 1-5", "Monday to Friday at 02:00"),
    ("30 1,13 1,15 * *", "on day 1 and 15 of the month at 01:30 and 13:30"),
    ("0 */6 * * *", "every 6 hours"),
    ("@hourly", "every hour"),
    ("0 0 29 2 *", "on day 29 of the month in February at 00:00"),
]
MEANT = [
    ("daily", "0 0 * * *"),
    ("nightly", "0 2 * * *"),
    ("hourly", "0 * * * *"),
    ("every 15 minutes", "*/15 * * * *"),
]


@pytest.mark.parametrize(("text", "gap"), GAPS)
def test_the_longest_gap_is_exact(text, gap):
    assert cron.longest_gap(text) == gap


CYCLE = [date(2000, 1, 1) + timedelta(days=number) for number in range(146_097 + 366 * 9)]  # 400 years and their seam
CALENDAR = [(number, day.month, day.day, day.isoweekday() % 7) for number, day in enumerate(CYCLE)]


@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from(["*", "1", "31", "29,30", "*/7", "10-12"]),
    st.sampled_from(["*", "2", "1-6", "*/5"]),
    st.sampled_from(["*", "1", "mon-fri", "0,3", "*/2"]),
)
def test_the_longest_gap_agrees_with_walking_400_years(day, month, weekday):
    text = f"30 4 {day} {month} {weekday}"
    wanted = cron.parse(text)
    fits = any if wanted.either else all
    runs = [
        number
        for number, month_, day_, weekday_ in CALENDAR
        if month_ in wanted.months and fits((day_ in wanted.days, weekday_ in wanted.weekdays))
    ]
    assume(runs)

    assert cron.longest_gap(text) == max(later - earlier for earlier, later in pairwise(runs)) * DAY


@pytest.mark.parametrize(("text", "message"), WRONG)
def test_the_wrong_field_is_named(text, message):
    with pytest.raises(ValueError, match=message):
        cron.longest_gap(text)


@pytest.mark.parametrize(("text", "words"), WORDS)
def test_a_schedule_is_said_in_words(text, words):
    assert cron.words(text) == words


@pytest.mark.parametrize(("text", "meant"), [*MEANT, ("0 0 2 * * *", "0 2 * * *"), ("sometimes", None)])
def test_the_meant_schedule_is_suggested(text, meant):
    assert cron.suggest(text) == meant

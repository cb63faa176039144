"""Cron schedules of five fields: what they mean, in words, and the longest time they leave between two runs."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WEEKDAY_NAMES = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MACROS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_SPOKEN = {
    "hourly": "0 * * * *",
    "daily": "0 0 * * *",
    "nightly": "0 2 * * *",
    "midnight": "0 0 * * *",
    "weekly": "0 0 * * 0",
    "monthly": "0 0 1 * *",
    "yearly": "0 0 1 1 *",
    "annually": "0 0 1 1 *",
    "every minute": "* * * * *",
    "every hour": "0 * * * *",
    "every day": "0 0 * * *",
    "every night": "0 2 * * *",
    "every week": "0 0 * * 0",
    "every month": "0 0 1 * *",
}
_PART = re.compile(r"(?:(\*|\?)|([0-9]{1,2}|[a-z]{3})(?:-([0-9]{1,2}|[a-z]{3}))?)(?:/([0-9]{1,2}))?")
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_DAY = 86_400


class _Field(NamedTuple):
    name: str
    low: int
    high: int
    names: tuple[str, ...] = ()


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of month", 1, 31),
    _Field("month", 1, 12, ("", *_MONTHS)),
    _Field("day of week", 0, 7, _WEEKDAYS),
)


class Schedule(NamedTuple):
    """The times at which something runs; `either` says that one of the two kinds of day is enough."""

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    months: tuple[int, ...]
    weekdays: tuple[int, ...]
    either: bool


def parse(text: str) -> Schedule:
    """The schedule, where Sunday is 0; as in cron, two restricted kinds of day mean either of them."""
    fields = _MACROS.get(text.strip().lower(), text).split()
    if len(fields) != len(_FIELDS):
        raise ValueError(f'"{text[:60]}" is not a cron schedule: it has {len(fields)} fields instead of 5')
    minutes, hours, days, months, weekdays = (_values(field, part) for field, part in zip(_FIELDS, fields, strict=True))
    weekdays = tuple(sorted({day % 7 for day in weekdays}))
    return Schedule(minutes, hours, days, months, weekdays, fields[2][0] not in "*?" and fields[4][0] not in "*?")


def longest_gap(text: str) -> int:
    """The longest time between two runs in seconds, exact over the 400 years after which the calendar repeats.

    Changes between winter and summer time are left out.
    """
    schedule = parse(text)
    times = sorted(hour * 3600 + minute * 60 for hour in schedule.hours for minute in schedule.minutes)
    within = max((later - earlier for earlier, later in pairwise(times)), default=0)
    return max(within, _longest_day_gap(schedule, text) * _DAY - times[-1] + times[0])


def words(text: str) -> str:
    """The schedule in short English: `every 15 minutes`, `Monday to Friday at 02:00`."""
    schedule = parse(text)
    days, times = _days_in_words(schedule), _times_in_words(schedule)
    if not times.startswith("at "):
        return times if days == "every day" else f"{times}, {days}"
    return f"{days} {times}"


def suggest(text: str) -> str | None:
    """The schedule that somebody who wrote `nightly` meant, or the five fields of a schedule with seconds."""
    spoken = " ".join(text.lower().split()[:8]).removeprefix("@")
    if spoken in _SPOKEN:
        return _SPOKEN[spoken]
    every = re.fullmatch(r"every ([0-9]{1,2}) (minutes|hours)", spoken)
    if every and every[2] == "minutes" and 0 < int(every[1]) < 60 and 60 % int(every[1]) == 0:
        return f"*/{every[1]} * * * *"
    if every and every[2] == "hours" and 0 < int(every[1]) < 24 and 24 % int(every[1]) == 0:
        return f"0 */{every[1]} * * *"
    fields = text.split()
    if len(fields) == 6 and fields[0] == "0" and _is_schedule(" ".join(fields[1:])):
        return " ".join(fields[1:])
    return None


def _is_schedule(text: str) -> bool:
    try:
        parse(text)
    except ValueError:
        return False
    return True


def _values(field: _Field, text: str) -> tuple[int, ...]:
    values: set[int] = set()
    for part in text.lower().split(","):
        found = _PART.fullmatch(part)
        if not found:
            raise ValueError(f'{field.name}: "{part[:20]}" is not a number, a name, a range or a step')
        star, first, last, step = found.groups()
        low = field.low if star else _number(field, first)
        high = _number(field, last) if last else (field.high if star or step else low)
        if field.names == _WEEKDAYS:
            high = 6 if star else 7 if last and high == 0 else high
        if low > high:
            raise ValueError(f'{field.name}: "{part}" ends before it begins')
        if step and int(step) == 0:
            raise ValueError(f'{field.name}: "{part}" has a step of 0')
        values.update(range(low, high + 1, int(step or 1)))
    return tuple(sorted(values))


def _number(field: _Field, text: str) -> int:
    if text in field.names:
        return field.names.index(text)
    if not text.isdigit():
        raise ValueError(f'{field.name}: "{text}" is not a name that cron knows here')
    if not field.low <= int(text) <= field.high:
        raise ValueError(f'{field.name}: "{text}" is not between {field.low} and {field.high}')
    return int(text)


def _longest_day_gap(schedule: Schedule, text: str) -> int:
    """Days between two days with runs: 14 kinds of year are looked at once, then 400 years are laid end to end."""
    if (len(schedule.days), len(schedule.months), len(schedule.weekdays)) == (31, 12, 7):
        return 1
    kinds = {(leap, first): tuple(_matching_days(schedule, leap, first)) for leap in (0, 1) for first in range(7)}
    if not any(kinds.values()):
        raise ValueError(f'day of month: no day fits "{text[:60]}", it never runs')
    longest, previous, start, weekday = 0, None, 0, 6
    for year in range(2000, 2801):
        leap = int(year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
        days = kinds[leap, weekday]
        if days:
            inner = max((later - earlier for earlier, later in pairwise(days)), default=0)
            longest = max(longest, inner, 0 if previous is None else start + days[0] - previous)
            previous = start + days[-1]
        start += 365 + leap
        weekday = (weekday + 365 + leap) % 7
    return longest


def _matching_days(schedule: Schedule, leap: int, weekday: int) -> Iterator[int]:
    """The days of a year that begins on `weekday`, counted from 0."""
    days, weekdays = frozenset(schedule.days), frozenset(schedule.weekdays)
    of_year = 0
    for month, length in enumerate(_LENGTHS, 1):
        length += leap if month == 2 else 0
        for day in range(1, length + 1) if month in schedule.months else ():
            fits = (day in days, (weekday + of_year + day - 1) % 7 in weekdays)
            if any(fits) if schedule.either else all(fits):
                yield of_year + day - 1
        of_year += length


def _times_in_words(schedule: Schedule) -> str:
    minutes, hours = schedule.minutes, schedule.hours
    if len(hours) == 24:
        step = _step(minutes, 60)
        if len(minutes) == 1:
            return "every hour" if minutes == (0,) else f"every hour at minute {minutes[0]}"
        if step:
            return "every minute" if step == 1 else f"every {step} minutes"
        return f"every hour at minutes {_listed(minutes)}"
    if len(minutes) == 1 and len(hours) > 2 and _step(hours, 24):
        rest = "" if minutes == (0,) and hours[0] == 0 else f" from {hours[0]:02}:{minutes[0]:02}"
        return f"every {_step(hours, 24)} hours{rest}"
    times = [f"{hour:02}:{minute:02}" for hour in hours for minute in minutes]
    return f"at {_listed(times)}" if len(times) <= 4 else f"{len(times)} times from {times[0]} to {times[-1]}"


def _days_in_words(schedule: Schedule) -> str:
    parts = []
    if len(schedule.weekdays) < 7:
        parts.append(_spans([_WEEKDAY_NAMES[day] for day in schedule.weekdays], schedule.weekdays))
    if len(schedule.days) < 31:
        broken = len(schedule.days) > 6 and schedule.days[-1] - schedule.days[0] != len(schedule.days) - 1
        spans = _spans([str(day) for day in schedule.days], schedule.days)
        parts.append(f"on {len(schedule.days)} days of the month" if broken else f"on day {spans} of the month")
    said = (" or " if schedule.either else " when it falls ").join(parts) or "every day"
    if len(schedule.months) < 12:
        said += f" in {_spans([_MONTH_NAMES[month - 1] for month in schedule.months], schedule.months)}"
    return said


def _step(values: tuple[int, ...], whole: int) -> int | None:
    """The even distance between values that go round the clock, if they do."""
    step = whole // len(values)
    even = whole % len(values) == 0 and all(b - a == step for a, b in pairwise(values))
    return step if even and values[0] < step else None


def _spans(names: list[str], values: tuple[int, ...]) -> str:
    unbroken = len(values) > 2 and values[-1] - values[0] == len(values) - 1
    return f"{names[0]} to {names[-1]}" if unbroken else _listed(names)


def _listed(items: Iterable[object]) -> str:
    *most, last = [str(item) for item in items]
    return f"{', '.join(most)} and {last}" if most else last

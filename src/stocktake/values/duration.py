"""Durations as ISO 8601 writes them (`PT15M`, `P35D`), as seconds, as words and as days before a date."""

import re
from datetime import date, timedelta

_ISO = re.compile(
    r"P(?:([0-9]{1,9})W|(?=[0-9T])(?:([0-9]{1,9})Y)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})D)?"
    r"(?:T(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})S)?)?)"
)
_LOOSE = re.compile(r"([0-9]{1,9})[ ]?([a-z]{1,12})[ ,]{0,3}")
_DAY = 86_400
_YEAR = 365 * _DAY
_UNITS = {
    **dict.fromkeys(("y", "yr", "yrs", "year", "years"), "Y"),
    **dict.fromkeys(("mo", "mon", "month", "months"), "M"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks"), "W"),
    **dict.fromkeys(("d", "day", "days"), "D"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), "m"),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
}


def seconds(text: str) -> int:
    """The length of a duration; a month counts as 30 days and a year as 365."""
    weeks, years, months, days, hours, minutes, rest = _parts(text)
    return (weeks * 7 + years * 365 + months * 30 + days) * _DAY + hours * 3600 + minutes * 60 + rest


def before(day: date, text: str) -> date:
    """The day that lies a duration before `day`, by the calendar; parts of a day are left out.

    The 31st of a month that has none becomes its last day, and nothing lies before the year 1.
    """
    weeks, years, months, days, hours, minutes, rest = _parts(text)
    whole_days = weeks * 7 + days + (hours * 3600 + minutes * 60 + rest) // _DAY
    count = day.year * 12 + day.month - 1 - years * 12 - months
    if count < 12:
        return date.min
    start = _day_in_month(count // 12, count % 12 + 1, day.day)
    return date.min if whole_days >= start.toordinal() else start - timedelta(days=whole_days)


def after(day: date, text: str) -> date:
    """The day that lies a duration after `day`, by the calendar, as `before` counts it; nothing lies after 9999."""
    weeks, years, months, days, hours, minutes, rest = _parts(text)
    whole_days = weeks * 7 + days + (hours * 3600 + minutes * 60 + rest) // _DAY
    count = day.year * 12 + day.month - 1 + years * 12 + months
    if count >= 10_000 * 12:
        return date.max
    start = _day_in_month(count // 12, count % 12 + 1, day.day)
    return date.max if whole_days > (date.max - start).days else start + timedelta(days=whole_days)


def iso(length: int) -> str:
    """Whole seconds as ISO 8601 writes them, with days as its largest unit: `PT15M`, `P1DT6H`."""
    days, rest = divmod(length, _DAY)
    parts = ((rest // 3600, "H"), (rest // 60 % 60, "M"), (rest % 60, "S"))
    timed = "".join(f"{count}{unit}" for count, unit in parts if count)
    return f"P{f'{days}D' if days else ''}{'T' if timed else ''}{timed}" if length else "PT0S"


def suggest(text: str) -> str | None:
    """The duration that somebody who wrote `15min`, `1 day` or `P24H` meant, if that is clear."""
    if len(text) > 60:
        return None
    compact = text.strip().upper()
    for candidate in (compact, compact.replace("P", "PT", 1), compact.replace("PT", "P", 1)):
        if _is_duration(candidate):
            return candidate
    counts: dict[str, int] = {}
    loose = text.strip().lower().replace(" and ", " ")
    while loose:
        found = _LOOSE.match(loose)
        unit = _UNITS.get(found[2]) if found else None
        if not found or not unit or unit in counts:
            return None
        counts[unit] = int(found[1])
        loose = loose[found.end() :]
    return _written(counts) if counts else None


def words(length: int) -> str:
    """Seconds as people say them: `15 minutes`, `36 hours`, `1 day`."""
    if length < 0:
        return f"minus {words(-length)}"
    for size, unit, most in ((_YEAR, "year", length), (_DAY, "day", length), (3600, "hour", 99), (60, "minute", 99)):
        if length and length % size == 0 and length // size <= most:
            return _counted(length // size, unit)
    if length < 100:
        return _counted(length, "second")
    parts = (
        (length // _DAY, "day"),
        (length // 3600 % 24, "hour"),
        (length // 60 % 60, "minute"),
        (length % 60, "second"),
    )
    return " ".join(_counted(count, unit) for count, unit in parts if count)


def _parts(text: str) -> tuple[int, ...]:
    found = _ISO.fullmatch(text)
    if not found:
        raise ValueError(f'"{text[:60]}" is not an ISO 8601 duration')
    return tuple(int(part or 0) for part in found.groups())


def _is_duration(text: str) -> bool:
    return _ISO.fullmatch(text) is not None


def _day_in_month(year: int, month: int, day: int) -> date:
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


def _written(counts: dict[str, int]) -> str:
    if list(counts) == ["W"]:
        return f"P{counts['W']}W"
    days = counts.get("D", 0) + 7 * counts.get("W", 0)
    dated = "".join(
        f"{count}{unit}" for unit, count in (("Y", counts.get("Y")), ("M", counts.get("M")), ("D", days)) if count
    )
    timed = "".join(f"{counts[unit]}{unit.upper()}" for unit in "hms" if counts.get(unit))
    return f"P{dated}{'T' if timed else ''}{timed}" if dated or timed else "PT0S"


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"

"""Days, and which one was meant by a text that is written otherwise."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FORMS = (
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?:[t ].*)?",
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
    r"(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\. ?(?P<year>\d{4})",
    r"(?P<first>\d{1,2})[/-](?P<second>\d{1,2})[/-](?P<year>\d{4})",
    r"(?P<day>\d{1,2})\.?[ -](?P<name>[a-z]{3})[a-z]*,?[ -](?P<year>\d{4})",
    r"(?P<name>[a-z]{3})[a-z]* (?P<day>\d{1,2}),? (?P<year>\d{4})",
)


def suggest(text: str) -> str | None:
    """The one day that was probably meant, as `YYYY-MM-DD`; none where it could be one of two, as in `1/2/2027`."""
    for form in _FORMS:
        if (found := re.fullmatch(form, text.strip().lower(), re.ASCII)) and (days := _days(found.groupdict())):
            return days.pop().isoformat() if len(days) == 1 else None
    return None


def _days(parts: dict[str, str]) -> set[date]:
    """The days that the parts of a date can mean."""
    orders = [(parts.get("day"), parts.get("month"))]
    if "first" in parts:
        orders = [(parts["first"], parts["second"]), (parts["second"], parts["first"])]
    elif "name" in parts:
        orders = [(parts["day"], str(_MONTHS.index(parts["name"]) + 1 if parts["name"] in _MONTHS else 0))]
    found = set()
    for day, month in orders:
        try:
            found.add(date(int(parts["year"]), int(month or 0), int(day or 0)))
        except ValueError:  # no such day
            continue
    return found

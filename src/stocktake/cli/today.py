"""A door: which day it is."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime


def today() -> date:
    """The day in UTC; `STOCKTAKE_TODAY` (YYYY-MM-DD) stands in for it.

    Raises UsageError where that is no day.
    """
    given = os.environ.get("STOCKTAKE_TODAY")
    return _parse("STOCKTAKE_TODAY", given) if given else datetime.now(UTC).date()


def day(text: str | None) -> date:
    """A given day, else today.

    Raises UsageError where the text is no day.
    """
    return today() if text is None else _parse("--today", text)


def _parse(name: str, text: str) -> date:
    try:
        if len(text) == 10:  # not the other forms of ISO 8601
            return date.fromisoformat(text)
    except ValueError:
        pass
    from stocktake.errors import UsageError

    raise UsageError(f'{name} "{text}" is not a day', "Write it as 2026-01-31.")


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)

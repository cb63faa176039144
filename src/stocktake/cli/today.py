"""A door: which day it is."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime


def today() -> date:
    """The day in UTC; `STOCKTAKE_TODAY` (YYYY-MM-DD) stands in for it."""
    given = os.environ.get("STOCKTAKE_TODAY")
    return date.fromisoformat(given) if given else datetime.now(UTC).date()


def day(text: str | None) -> date:
    """A given day, else today.

    Raises UsageError where the text is no day.
    """
    if text is None:
        return today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        from stocktake.errors import UsageError

        raise UsageError(f'--today "{text}" is not a day', "Write it as 2026-01-31.") from None

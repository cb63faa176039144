"""How long ago something may have happened, or how far ahead it may lie, by a limit in the settings."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from stocktake.model.rule import Context
from stocktake.values import duration


def overdue(day: str, limit: str, context: Context, own: str = "") -> str:
    """The limit in words where a day lies longer ago than it allows, else nothing; `own` goes before the settings'."""
    oldest, words = _limit(context.today, own or context.limits[limit])
    return words if day < oldest else ""


def too_far(day: str, limit: str, context: Context) -> str:
    """The limit in words where a day lies further ahead than it allows, else nothing."""
    length = context.limits[limit]
    last = duration.after(context.today, length).isoformat()
    return duration.words(duration.seconds(length)) if day > last else ""


@lru_cache(maxsize=32)
def _limit(today: date, length: str) -> tuple[str, str]:
    """The oldest day that is recent enough, and the length in words; the same for every record."""
    return duration.before(today, length).isoformat(), duration.words(duration.seconds(length))

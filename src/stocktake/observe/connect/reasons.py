"""Why a store could not be looked at, in words that are short and hold no secret."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from stocktake.values.secret import redact
from stocktake.values.text import shown

_LONGEST = 300
_ANOTHER = ("invalid response to SSL negotiation", "expected authentication request", "unsupported frontend protocol")
_POOLER = ("unsupported startup parameter",)


def short(text: str, secrets: Iterable[str] = ()) -> str:
    """One line without secrets and without anything that hides."""
    for secret in secrets:
        for form in {secret, quote(secret), quote(secret, safe="")}:
            text = text.replace(form, "•••")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    said = shown(redact("; ".join(lines)))
    return said if len(said) <= _LONGEST else f"{said[: _LONGEST - 1]}…"


def why_no_connection(text: str, secrets: Iterable[str], seconds: float) -> str:
    """What libpq said, with what it means where that is not plain."""
    said = short(_last_attempt(text), secrets)
    if any(sign in text for sign in _ANOTHER):
        return f"another program than PostgreSQL answers there: {said}"
    if any(sign in text for sign in _POOLER):
        return f"a pooler answers there; connect to the server itself: {said}"
    if "timeout expired" in text:
        return f"no answer within {seconds:g} seconds: {said}"
    return f"no connection: {said}"


def _last_attempt(text: str) -> str:
    """psycopg tells every address that was tried; the last one is enough."""
    lines = [line.removeprefix("- ").strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if text.startswith("connection failed") is False and len(lines) > 1 else " ".join(lines)

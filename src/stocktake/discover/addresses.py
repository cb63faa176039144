"""Addresses as descriptions of interfaces write them: URLs, and hosts with ports and without a scheme."""

from __future__ import annotations

import re

_PLACE = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,20}://)?(?:[^/@\s]{0,200}@)?(?P<host>[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)"
    r"(?::(?P<port>\d{1,5}))?(?:[/?,]|$)"
)
_VARIABLE = re.compile(r"\{(\w{1,60})\}")


def place(text: str, values: dict[str, str] | None = None) -> tuple[str, int | None]:
    """(host, port) of the first address in a text, its `{variables}` filled in; nothing for what is not known."""
    filled = _VARIABLE.sub(lambda match: (values or {}).get(match[1], match[0]), text[:1000])
    found = _PLACE.match(filled)
    if not found:
        return "", None
    return found["host"].lower(), int(found["port"]) if found["port"] else None

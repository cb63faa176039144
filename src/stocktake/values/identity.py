"""The identity of a finding, the same in every run: `RULE@subject[/environment][#detail]`."""

import re
from typing import NamedTuple

from stocktake.values.text import percent, percent_decoded

_RULE = re.compile(r"[A-Z]{2,3}[0-9]{3}")
_PARTS = {"registry": 1, "seen": 3}


class Identity(NamedTuple):
    """Which rule fails on what; the subject is `kind/id`, `seen/<source>/<key>` or `registry`."""

    rule: str
    subject: str
    environment: str | None = None
    detail: str | None = None


def format(identity: Identity) -> str:  # noqa: A001 (callers write `identity.format`)
    """The identity in one line, encoded; long details are hashed."""
    environment = "" if identity.environment is None else f"/{percent(identity.environment).replace('/', '%2F')}"
    detail = "" if identity.detail is None else f"#{percent(identity.detail)}"
    return f"{identity.rule}@{identity.subject}{environment}{detail}"


def seen(source: str, key: str) -> str:
    """The subject for a thing that was observed and has no record."""
    return f"seen/{percent(source).replace('/', '%2F')}/{percent(key).replace('/', '%2F')}"


def parse(text: str) -> Identity:
    """The identity that a line says; it must be written exactly as `format` writes it."""
    rule, at, rest = text.partition("@")
    place, hash_, detail = rest.partition("#")
    parts = place.split("/")
    size = _PARTS.get(parts[0], 2)
    if not _RULE.fullmatch(rule) or not at or not size <= len(parts) <= size + 1 or not all(parts):
        raise ValueError(f'"{text[:120]}" is not an identity such as BKP001@asset/orders-db')
    environment = percent_decoded(parts[size]) if len(parts) > size else None
    identity = Identity(rule, "/".join(parts[:size]), environment, percent_decoded(detail) if hash_ else None)
    if format(identity) != text:
        raise ValueError(f'"{text[:120]}" is not written as Stocktake writes it: {format(identity)[:120]}')
    return identity

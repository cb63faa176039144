"""Connection strings of the field in any text; what is secret in them is dropped while parsing."""

import re

from stocktake.values import connection_pairs, connection_url
from stocktake.values.connection import Dsn

__all__ = ["Dsn", "find", "parse"]

_BROKERS = re.compile(r"[A-Za-z0-9_.-]{1,253}:(?:909[2-9]|[12]9092)(?:,[A-Za-z0-9_.-]{1,253}:[0-9]{4,5}){0,50}")


def parse(text: str) -> Dsn | None:
    """What a text that is one connection string says, or None.

    A list of `host:9092` counts as Kafka, since its clients take no URL.
    """
    text = text.strip().strip("\"'")
    if len(text) > 10_000:
        return None
    if connection_url.START.match(text):
        return connection_url.parse(text)
    if text[:7].lower() in ("sqlite:", "duckdb:"):
        return connection_url.parse(f"jdbc:{text}")
    if _BROKERS.fullmatch(text):
        return connection_url.parse(f"kafka://{text}")
    for start, end, found in connection_pairs.find(text):
        if start == 0 and text[end : end + 1] in ("", ";"):
            return found
    return None


def find(line: str) -> list[tuple[int, int, Dsn]]:
    """Every connection string in a line or a whole text, with where it begins and ends; the time is linear."""
    found = list(_urls(line)) if "://" in line or "dbc:" in line.lower() else []
    found += connection_pairs.find(line)
    found.sort(key=lambda each: each[0])
    kept: list[tuple[int, int, Dsn]] = []
    for start, end, dsn in found:
        if not kept or start >= kept[-1][1]:
            kept.append((start, end, dsn))
    return kept


def _urls(text: str) -> list[tuple[int, int, Dsn]]:
    found, position = [], 0
    while begin := connection_url.START.search(text, position):
        end = connection_url.token_end(text, begin.start())
        position = max(end, begin.end())
        dsn = connection_url.parse(text[begin.start() : end]) if end - begin.start() < 10_000 else None
        if dsn:
            found.append((begin.start(), end, dsn))
    return found

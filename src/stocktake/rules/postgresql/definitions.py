"""Keys and indexes as PostgreSQL writes their definitions, taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from stocktake.rules.visibility import Entry

_KEY = re.compile(r"(PRIMARY KEY|UNIQUE|FOREIGN KEY)[^(]*\(")
_INDEX = re.compile(r"CREATE (UNIQUE )?INDEX .*? USING (\w+) \(", re.DOTALL)


class Columns(NamedTuple):
    """An index, or a key that has one: its method and columns in order; `is_plain` where it covers every row and
    nothing beside its columns.
    """

    name: str
    method: str
    columns: tuple[str, ...]
    is_unique: bool
    is_plain: bool


def primary_keys(facts: Entry) -> list[str]:
    """The names of a table's primary keys; one at most."""
    return [name for name, text in _named(facts.get("keys")) if text.startswith("PRIMARY KEY")]


def foreign_keys(facts: Entry) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The name and columns of each foreign key."""
    for name, text in _named(facts.get("keys")):
        if text.startswith("FOREIGN KEY") and (found := _KEY.match(text)):
            yield name, columns(text, found.end())[0]


def indexes(facts: Entry) -> Iterator[Columns]:
    """Every index of a table that answers queries, those of its keys too."""
    invalid = frozenset(facts.get("invalid_indexes") or ())
    for name, text in _named(facts.get("keys")):
        if text.startswith(("PRIMARY KEY", "UNIQUE")) and (found := _KEY.match(text)):
            listed, end = columns(text, found.end())
            yield Columns(name, "btree", listed, True, not text[end:])
    for name, text in _named(facts.get("indexes")):
        if name not in invalid and (found := _INDEX.match(text)):
            listed, end = columns(text, found.end())
            yield Columns(name, found[2], listed, bool(found[1]), not text[end:])


def columns(text: str, start: int) -> tuple[tuple[str, ...], int]:
    """What stands between a bracket that opens before `start` and the one that closes it, split at its commas, and the
    place after it.
    """
    parts, depth, quote, begin = [], 0, "", start
    for place in range(start, len(text)):
        sign = text[place]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign == "(":
            depth += 1
        elif sign == ")" and depth:
            depth -= 1
        elif sign in ",)" and not depth:
            parts.append(text[begin:place].strip())
            begin = place + 1
            if sign == ")":
                return tuple(parts), begin
    return tuple(parts), len(text)


def _named(texts: Iterable[str] | None) -> Iterator[tuple[str, str]]:
    for text in texts or ():
        name, _, definition = str(text).partition(": ")
        yield name, definition

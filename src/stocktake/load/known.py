"""The list of known findings, `.stocktake/known.txt`: one identity a line with the day it was put there, sorted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from sys import intern

from stocktake.errors import InputError, Problem
from stocktake.load.files import READ_AT_MOST, Tree, told
from stocktake.load.yaml import encoding_problems
from stocktake.values import identity

FILE = ".stocktake/known.txt"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
# Lines of which every part is written as it is meant, so that nothing in them is encoded.
_USUAL = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2} [A-Z]{2,3}[0-9]{3}@(?!seen/|registry/)[a-z]+/[a-z0-9][a-z0-9-]{0,79}"
    r"(?:/[A-Za-z0-9][A-Za-z0-9_.-]{0,79})?(?:#[A-Za-z0-9][A-Za-z0-9_.:/-]{0,79})?\Z"
)
_HINT = "A line is a date and an identity, as in `2026-01-31 INV001@asset/orders-db`."
_HEAD = (
    "# Findings that were known when their rule was new here: they are shown and counted, and do not fail a check.",
    (
        "# `stocktake check --fix` removes a line when its finding is gone. "
        "A line that somebody adds needs somebody else who"
    ),
    "# approves it: `stocktake approve` says who.",
)


def read_known(tree: Tree) -> dict[str, str]:
    """The day (YYYY-MM-DD) by identity; empty where there is no list.

    Raises InputError for lines that are not a date and an identity, or stand there twice.
    """
    if not tree.has(FILE):
        return {}
    raw = tree.read(FILE)
    problems = encoding_problems(raw, FILE, at_most=READ_AT_MOST)
    lines = [] if problems else raw.decode().splitlines()
    if (usual := _usual(lines)) is not None:
        return usual
    found: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        day, _, name = line.strip().partition(" ")
        try:
            _check(day, name)
        except ValueError as error:
            problems.append(Problem(FILE, number, 1, "", str(error), _HINT))
        if name in found:
            problems.append(Problem(FILE, number, 1, "", f"{name} stands here twice", "Keep the older line."))
        found[name] = day
    if problems:
        raise InputError(told(problems))
    return found


def _usual(lines: list[str]) -> dict[str, str] | None:
    """A list that holds nothing out of the ordinary, read at once; None where it must be read line by line."""
    entries = [line for line in lines if line[:1] != "#"]
    if not all(map(_USUAL.match, entries)):
        return None
    try:
        for day in {line[:10] for line in entries}:
            _check_day(day)
    except ValueError:
        return None
    found = {line[11:]: intern(line[:10]) for line in entries}
    return found if len(found) == len(entries) else None


def _check(day: str, name: str) -> None:
    identity.parse(name)
    _check_day(day)


@lru_cache(maxsize=64)
def _check_day(day: str) -> None:
    """Many lines have the same day."""
    try:
        if not _DAY.match(day):
            raise ValueError
        date.fromisoformat(day)
    except ValueError:
        raise ValueError(f'"{day}" is not a date') from None


def known_text(known: Mapping[str, str]) -> str:
    """The list as the file holds it."""
    return "\n".join([*_HEAD, *(f"{day} {name}" for name, day in sorted(known.items()))]) + "\n"

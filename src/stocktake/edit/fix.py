"""Mend a file without touching the rest of it: single words, spaces at the end of a line, the end of the file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import NamedTuple

_SPACES = re.compile(r"[ \t]+(?=\r?\Z)")


class Mend(NamedTuple):
    """A word and what is to stand in its place; line and column count from 1."""

    path: tuple[str | int, ...]
    line: int
    column: int
    old: str
    new: str


def rewritten(text: str, mends: Iterable[Mend]) -> str:
    """The text with each word replaced; one that does not stand where it should is left alone."""
    lines = text.split("\n")
    for mend in sorted(mends, key=lambda one: (one.line, one.column), reverse=True):
        line, at = lines[mend.line - 1], mend.column - 1
        if line.startswith(mend.old, at):
            lines[mend.line - 1] = f"{line[:at]}{mend.new}{line[at + len(mend.old) :]}"
    return "\n".join(lines)


def tidy(text: str, kept: Collection[int]) -> str:
    """The text without spaces at the end of its lines, but for those of `kept`, and with one line end at its end."""
    lines = [line if number in kept else _SPACES.sub("", line) for number, line in enumerate(text.split("\n"), 1)]
    return ended("\n".join(lines))


def ended(text: str) -> str:
    """The text with one line end at its end."""
    whole = text.rstrip("\r\n")
    return whole + ("\r\n" if text[len(whole) :].startswith("\r\n") else "\n") if whole else text

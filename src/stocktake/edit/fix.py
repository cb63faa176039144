"""Mend a file without touching the rest of it: single words, the name's place, spaces at the end of lines, the end."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

FIRST = ("name",)  # what every reader looks for
_EDITOR = "# yaml-language-server:"
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


def ordered(text: str, keys: Mapping[str, tuple[int, int]]) -> str:
    """The text with the keys that come first at its top, each with its lines and the comment right above it; `keys`
    are the places of all that stand in the mapping itself. What could be about several keys stays where it is.
    """
    lines = text.split("\n")
    places = sorted((line, key) for key, (line, column) in keys.items() if column == 1)
    wanted = [key for key in FIRST if key in keys]
    if len({line for line, _ in places}) < len(keys) or [key for _, key in places[: len(wanted)]] == wanted:
        return text
    top = places[0][0] - 1
    above = lines[top - 1] if top else ""
    if lines[-1] or (places[0][1] not in wanted and above.startswith("#") and not above.startswith(_EDITOR)):
        return text
    starts = [top, *(_start(lines, line - 1) for line, _ in places[1:])]
    ends = [*starts[1:], len(lines) - 1]
    blocks = {key: lines[start:end] for (_, key), start, end in zip(places, starts, ends, strict=True)}
    order = [*wanted, *(key for _, key in places if key not in wanted)]
    return "\n".join([*lines[:top], *(line for key in order for line in blocks[key]), ""])


def _start(lines: list[str], at: int) -> int:
    """Where the comment right above a line begins."""
    while lines[at - 1].startswith("#"):
        at -= 1
    return at


def tidy(text: str, kept: Collection[int]) -> str:
    """The text without spaces at the end of its lines, but for those of `kept`, and with one line end at its end."""
    lines = [line if number in kept else _SPACES.sub("", line) for number, line in enumerate(text.split("\n"), 1)]
    return ended("\n".join(lines))


def ended(text: str) -> str:
    """The text with one line end at its end."""
    whole = text.rstrip("\r\n")
    return whole + ("\r\n" if text[len(whole) :].startswith("\r\n") else "\n") if whole else text

"""Mend a file without touching the rest of it: single words, the order of keys, spaces at the end of lines, the end."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

_KEPT_LINES = re.compile(r"[|>][0-9]*\+")  # a text to which the empty lines below it belong
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


def ordered(text: str, keys: Mapping[str, tuple[int, int]], order: Sequence[str]) -> str:
    """The text with its keys in an order, each with its lines and the comment right above it; `keys` are the places of
    all that stand in the mapping itself. What could be about several keys stays where it is, and then so do the keys.
    """
    lines = text.split("\n")
    places = sorted((line, key) for key, (line, column) in keys.items() if column == 1)
    ranks = {key: rank for rank, key in enumerate(order)}
    wanted = sorted((key for _, key in places), key=lambda key: ranks.get(key, len(ranks)))
    if len({line for line, _ in places}) < len(keys) or wanted == [key for _, key in places]:
        return text
    top, end = places[0][0] - 1, _end(lines)
    above = lines[top - 1] if top else ""
    if (
        lines[-1]
        or _KEPT_LINES.search(text)
        or (places[0][1] != wanted[0] and above.startswith("#") and not above.startswith(_EDITOR))
    ):
        return text
    starts = [top, *(_start(lines, line - 1) for line, _ in places[1:])]
    blocks = [lines[start:stop] for start, stop in zip(starts, [*starts[1:], end], strict=True)]
    if any(line.startswith("#") for block in blocks for line in _after_its_value(block)):
        return text
    by_key = {key: block for (_, key), block in zip(places, blocks, strict=True)}
    return "\n".join([*lines[:top], *(line for key in wanted for line in by_key[key]), *lines[end:]])


def _end(lines: Sequence[str]) -> int:
    """Where the last value ends; comments below it are about the whole."""
    at = len(lines)
    while at and (not lines[at - 1].strip() or lines[at - 1].startswith("#")):
        at -= 1
    return at


def _after_its_value(block: Sequence[str]) -> Sequence[str]:
    """The lines of a block from its first empty line that a comment may follow."""
    body = next((number for number, line in enumerate(block) if not line.startswith("#")), 0)
    return block[body:]


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

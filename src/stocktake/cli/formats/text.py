"""For people at a terminal: what is wrong, the line it stands on with a mark below the place, and what to do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from unicodedata import east_asian_width

from stocktake.cli.console import paint
from stocktake.cli.formats.told import Result, Told
from stocktake.values.secret import in_text
from stocktake.values.suspicion import is_suspicious
from stocktake.values.text import shown

_WORD = re.compile(
    r""""(?:[^"\\]|\\.)*" | '(?:[^']|'')*' | (?: [^\s,:#\]}] | [:#](?=[^\s]) | [ ](?=[^\s#]) )+""", re.VERBOSE
)
_WIDTH = 110


def lines(result: Result) -> Iterator[str]:
    """Everything that is open, then the counts."""
    source = cache(lambda path: _source(result.read(path)))
    for one in result.open:
        yield _headline(one)
        yield from _below(one, source(one.path)[one.line - 1] if 0 < one.line <= len(source(one.path)) else "")
    for text, colour in result.footer:
        yield paint(text, colour) if colour else text


def _headline(one: Told) -> str:
    place = paint(one.place(), "path", bold=False)
    if not one.rule:
        return f"{place}{one.what()}"
    rule = f"{one.severity} {one.rule}"
    return f"{place}{paint(rule, one.severity)}{one.what().removeprefix(rule)}"


def _below(one: Told, line: str) -> Iterator[str]:
    """The source line with its mark, and what to do."""
    margin = " " * len(str(one.line)) if line else ""
    if line:
        before, marked, text = _cut(line, one.column)
        bar = paint("|", "path", bold=False)
        yield f"{paint(str(one.line), 'path', bold=False)} {bar} {text}"
        yield f"{margin} {bar} {' ' * _width(before)}{paint('^' * max(_width(marked), 1), one.severity)}"
    if one.hint:
        explain = f" (`stocktake explain {one.rule}`)" if one.rule else ""
        yield f"{margin} {paint('help', 'good')}: {one.hint}{explain}" if line else f"  help: {one.hint}{explain}"


def _cut(line: str, column: int) -> tuple[str, str, str]:
    """What stands before the place, the word at it, and the line: all as shown, and of a long line a part."""
    at = min(max(column - 1, 0), len(line))
    start = max(0, at - _WIDTH // 2) if len(line) > _WIDTH else 0
    end = start + _WIDTH
    found = _WORD.match(line, at, end)
    marked = found[0] if found else ""
    before = ("..." if start else "") + shown(line[start:at])
    rest = shown(line[at:end]) + ("..." if end < len(line) else "")
    return before, shown(marked), before + rest


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _source(text: str) -> tuple[str, ...]:
    """The lines of a file; in the place of one that may hold a secret, nothing."""
    found = text.split("\n")
    secret = set(_lines_of(text, (offset for offset, _ in in_text(text)))) if is_suspicious(text) else set()
    pairs = zip(["", *found], found, strict=False)
    return tuple(
        "" if number in secret or is_suspicious(f"{above}\n{line}") else line.expandtabs(1).rstrip("\r")
        for number, (above, line) in enumerate(pairs)
    )


def _lines_of(text: str, offsets: Iterable[int]) -> Iterator[int]:
    """The line of each place, counted on from the one before."""
    line = before = 0
    for offset in sorted(offsets):
        line += text.count("\n", before, offset)
        before = offset
        yield line

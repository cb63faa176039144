"""How a change to a file reads before it is made."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from stocktake.cli.console import paint
from stocktake.values.secret import redact
from stocktake.values.text import shown

_COLOURS = {"+": "good", "-": "error", "@": "path"}


def diff_lines(path: str, before: str, after: str) -> Iterator[str]:
    """A unified diff, without secrets."""
    name = shown(path)
    lines = unified_diff(before.splitlines(), after.splitlines(), f"a/{name}", f"b/{name}", lineterm="")
    for line in lines:
        text = redact(shown(line.rstrip("\n")))
        yield paint(text, _COLOURS[text[0]], bold=False) if text[:1] in _COLOURS else text
    if before and before[-1:] != "\n" and after[-1:] == "\n":
        yield paint("+ (a line end at the end of the file)", "good", bold=False)

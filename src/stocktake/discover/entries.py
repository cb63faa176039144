"""Keys and values in the lines of any text: env files, INI, TOML, properties, and templates no parser accepts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

LONGEST = 4000
_SECTION = re.compile(r"^\s*\[+([^\[\]]+)\]+\s*(?:[#;].*)?$")
_LINE = re.compile(
    r"""^(?P<indent>[\s{\[]*)(?:export\s+|-\s+)?["']?(?P<key>[A-Za-z_@][\w.@/-]{0,200})["']?\s*(?P<sign>=>?|:(?!//))\s*(?P<value>.*)$"""
)
_ITEM = re.compile(r"""^(\s*)-\s+((?![\w"'-]+\s*:\s)\S.*)$""")
_WORDS = re.compile(r"^(?P<indent>\s*)(?P<key>[a-z_]\w{1,60})\s+(?P<value>\S.*?);?$")


class Entry(NamedTuple):
    """A value with the keys that lead to it, the last one last."""

    keys: tuple[str, ...]
    value: str
    line: int


def entries(lines: list[str], nested: bool = False, words: bool = False) -> Iterator[Entry]:
    """`key = value`, `key: value` and `"key": "value"`; parents by indent if `nested`, `key value;` with `words`."""
    section: tuple[str, ...] = ()
    parents: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        line = line[:LONGEST]
        start = line.lstrip()
        if not start or start.startswith(("#", ";", "//", "!")):
            continue
        if not nested and (head := _SECTION.match(line)):
            section = tuple(part.strip().strip("\"'") for part in head[1].split("."))
            continue
        if nested and (item := _ITEM.match(line)):
            yield Entry(tuple(name for indent, name in parents if indent <= len(item[1])), plain(item[2]), number)
            continue
        match = _LINE.match(line) or (words and _WORDS.match(line)) or None
        if not match:
            continue
        if nested:
            while parents and parents[-1][0] >= len(match["indent"]):
                parents.pop()
        value = plain(match["value"])
        if nested and value in ("", "{", "["):
            parents.append((len(match["indent"]), match["key"]))
        elif value or not nested:
            yield Entry((*section, *(name for _, name in parents), match["key"]), value, number)


def plain(text: str) -> str:
    """A value without its quotes, its comment and a comma behind it."""
    text = text.strip()
    if text[:1] in ("'", '"'):
        end = text.find(text[0], 1)
        if end > 0:
            return text[1:end]
    for sign in (" #", "\t#", " ;"):
        text = text.partition(sign)[0]
    return text.rstrip(" \t,;")

"""Parse a registry file fast, and refuse what it may not hold.

yaml-rs parses an innocent-looking text; whatever looks as if it could be refused, or fails, goes to `strict`, which
knows every position. Where yaml-rs is not installed `strict` parses everything; a property test proves that both give
the same value.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from stocktake.errors import Problem
from stocktake.load.files import TOLD_AT_MOST, told
from stocktake.load.scalars import DEPTH_AT_MOST, LARGEST

try:
    import yaml_rs
except ImportError:  # no wheel for this platform
    yaml_rs = None  # type: ignore[assignment]

SIZE_AT_MOST = 1_000_000
_ALLOWED = bytes([0x0A, 0x0D, *range(0x20, 0x7F), *range(0x80, 0x100)])
# No parser takes a bare & or * for an anchor or alias. The class stands first, since that is found fastest.
_INDICATOR = re.compile(rb"[&*!](?!(?<=[&*])[ \n\r,\]}])")
_BEFORE_TOKEN = b" \n\r,[{:"
# A quoted schedule such as "0 */4 * * *". If its first quote ended a text before it, no parser would take what follows.
_SCHEDULE = re.compile(rb"""(["'])[*0-9A-Za-z][-*/0-9A-Za-z]*(?: [*0-9A-Za-z][-*/0-9A-Za-z]*){4}\1""")
# Two or more indicators on one line nest without indentation, so that a long file could exhaust the stack of yaml-rs.
_NESTED_ON_A_LINE = re.compile(rb"[-?:] +[-?:] ")
_HARMLESS_SIZE = 8_000
_EMPTY_BLOCK = re.compile(rb"[|>][-+0-9]*+\s*+(?:#[^\n]*+\s*+){0,9}+\Z")  # yaml-rs takes it for a line break
_FEW = 100
_FLOW = re.compile(rb"[\[{](?:(?<=[:?\s-] [\[{])|(?<=\A.))")
# Lists and mappings in flow style that every parser reads alike: of plain words and quoted texts, mappings two deep.
_ITEM = rb"(?:[A-Za-z0-9_./](?:[A-Za-z0-9_ ./@-]|:(?=[A-Za-z0-9/]))*+|\"[^\"\\\n]*+\"|'[^'\n]*+')\s*+"
_LIST = rb"\[\s*+(?:%b(?:,\s*+(?!\])|(?=\])))*+\]" % _ITEM
_MAPPING = rb"\{\s*+(?:[A-Za-z_][A-Za-z0-9_.-]*+:[ ]++(?:%b)\s*+(?:,\s*+(?!\})|(?=\})))*+\}"
_VALUE = b"%b|%b" % (_ITEM, _LIST)
_VALUE = b"%b|%b" % (_VALUE, _MAPPING % _VALUE)
_SIMPLE = re.compile(rb"(?:%b|%b)[ ]*+(?:\r?\n|\Z)" % (_LIST, _MAPPING % _VALUE))
# Numbers that yaml-rs knows and YAML 1.2 does not: `1_000`, `0b1`, `0O7`, `+0x1`.
_FOREIGN_NUMBER = re.compile(rb"[ \[,](?:[-+]?[._]*[0-9._]*_|[-+]?0[bBOX]|[-+]0[ox])")


def parse(raw: bytes, path: str) -> tuple[Any, list[Problem]]:
    """The data of one YAML file and what is wrong with it; with problems the data may be None."""
    problems = encoding_problems(raw, path)
    if problems:
        return None, problems
    if yaml_rs is not None and _is_plain(raw):
        try:
            data = yaml_rs.loads(raw.decode(), parse_datetime=False)
        except (yaml_rs.YAMLDecodeError, TypeError):  # a TypeError where a mapping or list is a key
            return parse_strictly(raw, path)
        if isinstance(data, dict) and not _is_odd(data, raw):
            return data, []
    return parse_strictly(raw, path)


def parse_strictly(raw: bytes, path: str) -> tuple[Any, list[Problem]]:
    """The same with every refusal told; what is no mapping is a problem too."""
    from stocktake.load.strict import parse as parse_slowly

    document = parse_slowly(raw.decode())
    if document.flaws:
        flaws = (Problem(path, flaw[0], flaw[1], field(flaw.path), flaw.message, flaw.hint) for flaw in document.flaws)
        return None, told(list(flaws))
    if document.data is None:
        return None, [Problem(path, 1, 1, "", "the file is empty", "Write a mapping, as in `name: Orders database`.")]
    if not isinstance(document.data, dict):
        found = "a list" if isinstance(document.data, list) else "a single value"
        return None, [
            Problem(
                path,
                *document.place(()),
                "",
                f"the file holds {found}",
                "Write a mapping, as in `name: Orders database`.",
            )
        ]
    return document.data, []


@lru_cache(maxsize=1024)
def field(path: tuple[str | int, ...]) -> str:
    """A path as people read it: `backup.plans.nightly`, `tags[2]`."""
    from stocktake.values.text import shown

    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{shown(part)}" if text else shown(part)
    return text


def encoding_problems(raw: bytes, path: str, tabs: bool = False, at_most: int = SIZE_AT_MOST) -> list[Problem]:
    """What is wrong with the bytes: size, encoding, and characters that hide or control; `tabs` allows tabs."""
    if len(raw) > at_most:
        return [
            Problem(
                path,
                0,
                0,
                "",
                f"is larger than {at_most:,} bytes",
                "Move long text into a page under docs/.",
            )
        ]
    odd = raw.translate(None, _ALLOWED)
    lone_returns = b"\r" in raw and raw.count(b"\r") > raw.count(b"\r\n")
    if raw.isascii() and not lone_returns and not (odd.replace(b"\t", b"") if tabs else odd):
        return []
    if raw.startswith(b"\xef\xbb\xbf"):
        return [Problem(path, 1, 1, "", "the file begins with a byte order mark", "Save it as UTF-8 without BOM.")]
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        return [
            Problem(
                path, line, column, "", f"the byte 0x{raw[error.start]:02x} is not UTF-8", "Save the file as UTF-8."
            )
        ]
    return _hidden_characters(text, path, tabs)


def _hidden_characters(text: str, path: str, tabs: bool) -> list[Problem]:
    from stocktake.values.text import hostile

    found = []
    if not tabs and (offset := text.find("\t")) >= 0:
        found.append(Problem(path, *_place(text, offset), "", "a tab is not allowed", "Use spaces."))
    hidden = [(offset, codepoint) for offset, codepoint in hostile(text) if text[offset : offset + 2] != "\r\n"]
    hint = "It hides or reorders text: delete it."
    for offset, codepoint in hidden[: TOLD_AT_MOST + 1]:
        found.append(Problem(path, *_place(text, offset), "", f"the character {codepoint} is not allowed", hint))
    return told(sorted(found))


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _is_plain(raw: bytes) -> bool:
    """No document marker, directive, merge key, anchor, alias, tag or intricate flow style.

    May say no to an innocent text, never yes to a guilty one.
    """
    if b"\n---" in raw or b"\n..." in raw or b"<<" in raw or b"\n%" in raw or raw.startswith((b"%", b"---", b"...")):
        return False
    if b"\\" in raw and b'"' in raw:  # an escape could stand for a hidden character
        return False
    if _EMPTY_BLOCK.search(raw):
        return False
    if len(raw) > _HARMLESS_SIZE and _NESTED_ON_A_LINE.search(raw):
        return False
    return _has_simple_flow(raw) and (_is_bare(raw) or (b"* *" in raw and _is_bare(_SCHEDULE.sub(b'""', raw))))


def _has_simple_flow(raw: bytes) -> bool:
    end = 0
    while start := _FLOW.search(raw, end):
        found = _SIMPLE.match(raw, start.start())
        if not found:
            return False
        end = found.end()
    return True


def _is_bare(raw: bytes) -> bool:
    return all(match.start() and raw[match.start() - 1] not in _BEFORE_TOKEN for match in _INDICATOR.finditer(raw))


def _is_odd(data: Any, raw: bytes) -> bool:
    """Holds a key that is not text, a number that the parsers may read differently, or is nested too deep."""
    numbers: list[int] = []
    if _gather(data, numbers, 0):
        return True
    # Looking for each of very many numbers in the text would take longer than parsing strictly.
    if len(numbers) > _FEW or (numbers and _FOREIGN_NUMBER.search(raw)):
        return True
    return any(abs(number) > LARGEST or str(number).encode() not in raw for number in numbers)


def _gather(data: Any, numbers: list[int], depth: int) -> bool:
    """Puts all whole numbers into `numbers`; true as soon as something is odd without looking at the text."""
    if depth > DEPTH_AT_MOST:
        return True
    for value in data if type(data) is list else data.values():
        kind = type(value)
        if kind is str or kind is bool or value is None:
            continue
        if kind is int:
            numbers.append(value)
        elif (kind is not dict and kind is not list) or _gather(value, numbers, depth + 1):
            return True
    return type(data) is dict and not all(type(key) is str for key in data)

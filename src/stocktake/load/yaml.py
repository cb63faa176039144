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
# What nearly every file holds and nobody refuses: letters, digits and some punctuation.
_COMMON = bytes(
    code for code in range(0x100) if (chr(code).isalnum() and code < 0x80) or code in b" \n\r\"'#(),-./:;=?@_`~^+$"
)
_SPACE = b" \t\n\r\v\f"
_ENDS_A_BLOCK = frozenset(bytes([code]) for code in b"|>-+0123456789")
_TAG = 0x21
_BEFORE_TOKEN = b" \n\r,[{:"
_AFTER_BARE = frozenset((b" ", b"\n", b"\r", b",", b"]", b"}"))
# A quoted schedule such as "0 */4 * * *". If its first quote ended a text before it, no parser would take what follows.
_SCHEDULE = re.compile(rb"""(["'])[*0-9A-Za-z][-*/0-9A-Za-z]*(?: [*0-9A-Za-z][-*/0-9A-Za-z]*){4}\1""")
# Two or more indicators on one line nest without indentation, so that a long file could exhaust the stack of yaml-rs.
_NESTED_ON_A_LINE = re.compile(rb"[-?:] +[-?:] ")
_HARMLESS_SIZE = 8_000
_EMPTY_BLOCK = re.compile(rb"[|>][-+0-9]*+\s*+(?:#[^\n]*+\s*+){0,9}+\Z")  # yaml-rs takes it for a line break
_FEW = 100
_BLANK = 0x20
_BEFORE_FLOW = b":?- \t\n\r\v\f"
# Lists and mappings in flow style that every parser reads alike: of plain words and quoted texts, mappings two deep.
_ITEM = rb"(?:[A-Za-z0-9_./](?:[A-Za-z0-9_ ./@-]|:(?=[A-Za-z0-9/]))*+|\"[^\"\\\n]*+\"|'[^'\n]*+')\s*+"
_LIST = rb"\[\s*+(?:%b(?:,\s*+(?!\])|(?=\])))*+\]" % _ITEM
_MAPPING = rb"\{\s*+(?:[A-Za-z_][A-Za-z0-9_.-]*+:[ ]++(?:%b)\s*+(?:,\s*+(?!\})|(?=\})))*+\}"
_VALUE = b"%b|%b" % (_ITEM, _LIST)
_VALUE = b"%b|%b" % (_VALUE, _MAPPING % _VALUE)
_SIMPLE = re.compile(rb"(?:%b|%b)[ ]*+(?:\r?\n|\Z)" % (_LIST, _MAPPING % _VALUE))
_TEXT = frozenset((str,))
_SCALARS = frozenset((str, bool, type(None)))
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

    May say no to an innocent text, never yes to a guilty one. One pass first tells which rare characters there are.
    """
    if b"\n---" in raw or b"\n..." in raw or raw.startswith((b"%", b"---", b"...")):
        return False
    rare = raw.translate(None, _COMMON)
    if (b"%" in rare and b"\n%" in raw) or (b"<<" in rare and b"<<" in raw):
        return False
    if b"\\" in rare and b'"' in raw:  # an escape could stand for a hidden character
        return False
    if (b"|" in rare or b">" in rare) and _ends_with_an_empty_block(raw):
        return False
    if not raw.endswith(b"\n") and (b"|" in raw or b">" in raw):  # yaml-rs ends a block of text with a line end
        return False
    if len(raw) > _HARMLESS_SIZE and _NESTED_ON_A_LINE.search(raw):
        return False
    if (b"[" in rare or b"{" in rare) and not _has_simple_flow(raw):
        return False
    return not (b"*" in rare or b"&" in rare or b"!" in rare) or _is_bare(raw)


def _ends_with_an_empty_block(raw: bytes) -> bool:
    last = raw.rstrip(_SPACE)
    if last[-1:] not in _ENDS_A_BLOCK and b"#" not in last[last.rfind(b"\n") + 1 :]:
        return False
    return _EMPTY_BLOCK.search(raw) is not None


def _has_simple_flow(raw: bytes) -> bool:
    """Every bracket that may open a list or mapping does so in a way that all parsers read alike."""
    end = 0
    square, curly = raw.find(b"["), raw.find(b"{")
    while square >= 0 or curly >= 0:
        at = square if curly < 0 or 0 <= square < curly else curly
        if not at or (raw[at - 1] == _BLANK and at > 1 and raw[at - 2] in _BEFORE_FLOW):
            found = _SIMPLE.match(raw, at)
            if not found:
                return False
            end = found.end()
        else:
            end = at + 1
        square = raw.find(b"[", end) if 0 <= square < end else square
        curly = raw.find(b"{", end) if 0 <= curly < end else curly
    return True


def _is_bare(raw: bytes) -> bool:
    """No anchor, alias or tag; a schedule is none."""
    for indicator in (b"&", b"*", b"!"):
        at = raw.find(indicator)
        while at >= 0:
            if _is_token(raw, at):
                end = raw.find(b"\n", at) + 1 or len(raw)
                line = raw[raw.rfind(b"\n", 0, at) + 1 : end]
                if b"* *" not in line or (without := _SCHEDULE.sub(b'""', line)) == line or not _is_bare(without):
                    return False
                at = end - 1
            at = raw.find(indicator, at + 1)
    return True


def _is_token(raw: bytes, at: int) -> bool:
    """Whether an indicator stands where a value begins; no parser takes a bare & or * for an anchor or alias."""
    if at and raw[at - 1] not in _BEFORE_TOKEN:
        return False
    return raw[at] == _TAG or raw[at + 1 : at + 2] not in _AFTER_BARE


def _is_odd(data: Any, raw: bytes) -> bool:
    """Holds a key that is not text, a number that the parsers may read differently, or is nested too deep."""
    numbers: list[int] = []
    if _gather(data, numbers, 0):
        return True
    if not numbers:
        return False
    # Looking for each of very many numbers in the text would take longer than parsing strictly.
    if len(numbers) > _FEW or _FOREIGN_NUMBER.search(raw):
        return True
    return any(abs(number) > LARGEST or str(number).encode() not in raw for number in numbers)


def _gather(data: Any, numbers: list[int], depth: int) -> bool:
    """Puts all whole numbers into `numbers`; true as soon as something is odd without looking at the text."""
    if depth > DEPTH_AT_MOST:
        return True
    values = data
    if type(data) is dict:
        if not _TEXT.issuperset(map(type, data)):
            return True
        values = data.values()
    if _SCALARS.issuperset(map(type, values)):
        return False
    for value in values:
        kind = type(value)
        if kind in _SCALARS:
            continue
        if kind is int:
            numbers.append(value)
        elif (kind is not dict and kind is not list) or _gather(value, numbers, depth + 1):
            return True
    return False

"""What a plain YAML scalar means: the core schema of YAML 1.2, without infinities and not-a-numbers, which the
parsers refuse.
"""

from __future__ import annotations

import re
from typing import Any

_WORDS: dict[str, Any] = {"": None, "~": None}
for _words, _value in (("null Null NULL", None), ("true True TRUE", True), ("false False FALSE", False)):
    _WORDS.update(dict.fromkeys(_words.split(), _value))
_INTEGER = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_OCTAL = re.compile(r"0o[0-7]+\Z")
_HEX = re.compile(r"0x[0-9a-fA-F]+\Z")
_SPECIAL = re.compile(r"(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z")
DEPTH_AT_MOST = 40  # levels of lists and mappings
DIGITS_AT_MOST = 40
LARGEST = (1 << 63) - 1  # what every parser, validator and database agrees on


def resolve(text: str) -> Any:
    """The value of a plain scalar.

    Raises ValueError for infinities, not-a-numbers and numbers too long to be meant.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _SPECIAL.match(text):
        raise ValueError(f"{text} is not a number that can be compared")
    if _INTEGER.match(text) or _FLOAT.match(text):
        return _number(text)
    if _OCTAL.match(text):
        return _within(int(text[2:], 8), text)
    return _within(int(text[2:], 16), text) if _HEX.match(text) else text


def _within(value: int | float, text: str) -> int | float:
    if abs(value) > LARGEST:
        raise ValueError(f"{text[:50]} is larger than numbers may be here")
    return value


def _number(text: str) -> int | float:
    if len(text) > DIGITS_AT_MOST:
        raise ValueError(f"a number of {len(text)} characters is too long")
    return _within(int(text) if _INTEGER.match(text) else float(text), text)

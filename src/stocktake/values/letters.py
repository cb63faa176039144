"""Letters that look like others: which stand in a text, with their code points."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import combining, is_normalized, name, normalize

# Of Cyrillic and Greek, those that nobody can tell from a Latin letter.
_ALIKE = str.maketrans(
    "аеорсухіјѕһԁԛԝАВЕКМНОРСТУХІЈЅҮΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
    "aeopcyxijshdqwABEKMHOPCTYXIJSYABEZHIKMNOPTYXo",
)
_WORD = re.compile(r"\w+")
_NAMED_AT_MOST = 3


def foreign(text: str) -> str:
    """The letters of a text that are not ASCII, as ` (д is U+0434 CYRILLIC SMALL LETTER DE)`; nothing where all are."""
    if text.isascii():
        return ""
    return f" ({', '.join(map(_named, _first(letter for letter in text if not letter.isascii())))})"


def look_alikes(text: str) -> str:
    """What is wrong with the letters of a name, in words: a word of two alphabets, letters in another form, accents
    apart from their letters; empty where nothing is.
    """
    if text.isascii():
        return ""
    words = [word for word in _WORD.findall(text) if re.search("[A-Za-z]", word)]
    if mixed := _first(letter for word in words for letter in word if ord(letter) in _ALIKE):
        return f"mixes alphabets: {', '.join(map(_named, mixed))}"
    if other := _first(letter for letter in text if _is_another_form(letter)):
        return f"holds letters that read like others: {', '.join(map(_named, other))}"
    if not is_normalized("NFC", text):
        apart = _first(letter for letter in text if combining(letter) or not is_normalized("NFC", letter))
        return f"holds accents apart from their letters: {', '.join(map(_named, apart))}"
    return ""


def latin(text: str) -> str:
    """The text with the letters that were probably meant in the place of those that look like them."""
    return normalize("NFKC", text.translate(_ALIKE))


def folded(text: str) -> str:
    """The text as file systems that tell no capital letters apart, or join accents, compare it."""
    return normalize("NFC", normalize("NFD", text).casefold())


def _is_another_form(letter: str) -> bool:
    """Whether it is a wide, mathematical or ringed form of an ASCII letter or digit."""
    plain = normalize("NFKC", letter)
    return plain != letter and len(plain) == 1 and plain.isascii() and plain.isalnum() and letter not in "¹²³ªº"


def _first(letters: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(letters))[:_NAMED_AT_MOST]


def _named(letter: str) -> str:
    from stocktake.values.text import shown

    said = name(letter, "")
    return f"{shown(letter)} is U+{ord(letter):04X}{said and f' {said}'}"

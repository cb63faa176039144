"""Words that must not be told, found in whatever text they stand."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping

_RUN = re.compile(r"\w+")
_JOINS = re.compile(r"[\w-]")  # a character that makes another word of what stands beside it


class Unsaid:
    """Phrases by what is said in their place. A phrase counts only as a whole: `db-1` does not stand in `old-db-12`."""

    def __init__(self, phrases: Mapping[str, str]):
        self._by_start: dict[str, list[tuple[str, str]]] = {}
        for phrase, instead in sorted(phrases.items(), key=lambda pair: (-len(pair[0]), pair[0])):
            if first := _RUN.search(phrase):
                # From its first letter on: a sign before it is of no use to anybody.
                self._by_start.setdefault(first[0], []).append((phrase[first.start() :], instead))

    def __bool__(self) -> bool:
        return bool(self._by_start)

    def clean(self, text: str) -> str:
        """The text without them."""
        if not self._by_start:
            return text
        parts, end = [], 0
        for run in _RUN.finditer(text):
            if run.start() >= end and (found := self._at(text, run)):
                phrase, instead = found
                parts += [text[end : run.start()], instead]
                end = run.start() + len(phrase)
        return "".join((*parts, text[end:])) if parts else text

    def _at(self, text: str, run: re.Match[str]) -> tuple[str, str] | None:
        for phrase, instead in self._by_start.get(run[0], ()):
            after = text[run.start() + len(phrase) :][:1]
            before = text[run.start() - 1 : run.start()] if run.start() else ""
            if text.startswith(phrase, run.start()) and not (_joins(phrase[-1], after) or _joins(run[0], before)):
                return phrase, instead
        return None


def phrases(words: Iterable[str]) -> set[str]:
    """Those words that nobody would write without meaning them: with a digit or a sign within, and a letter; of an
    address also the host in it.
    """
    every = {part for word in words for part in (word, *_parts(word))}
    return {word for word in every if 3 <= len(word) <= 200 and _TELLING.search(word) and _LETTER.search(word)}


def untaken(key: str, taken: Container[str]) -> str:
    """A key that was cleaned, with a number where another one reads the same by now."""
    name, number = key, 2
    while name in taken:
        name, number = f"{key} {number}", number + 1
    return name


def _parts(word: str) -> list[str]:
    return [] if len(word) > 200 or re.search(r"\s", word) else re.split(r"[/:@?,]+", word)


_TELLING = re.compile(r"\w[^\w\s]\w|\d|\w \w|[a-z][A-Z]|[^\W_]_[^\W_]")
_LETTER = re.compile(r"[^\W\d_]")


def _joins(end: str, character: str) -> bool:
    return bool(character and _JOINS.match(character) and _JOINS.match(end[-1]))

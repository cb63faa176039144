"""Templates of Go as parts: texts, actions, and blocks that hold or not; nothing is filled in here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

DEEPEST = 40
LONGEST = 4000
WORD = re.compile(r'"(?:\\.|[^"\\])*"|`[^`]*`|[()|,]|:?=|[^\s()|,"`=:]+')
_OPENS = frozenset(("block", "define", "if", "range", "with"))


class Part(NamedTuple):
    """A text, an action, or a block with what follows if its condition does not hold."""

    kind: str
    text: str
    line: int
    body: tuple[Part, ...] = ()
    other: tuple[Part, ...] = ()


class NotRenderedError(Exception):
    """A template that is too deep or grows too large to be filled in."""


class _Parser:
    """Reads parts one after the other."""

    def __init__(self, tokens: list[Part]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    def parts(self) -> tuple[tuple[Part, ...], Part | None]:
        """All parts up to an `else` or `end`, and that one."""
        found: list[Part] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            if token.kind in ("else", "end"):
                return tuple(found), token
            found.append(self.opened(token) if token.kind in _OPENS else token)
        return tuple(found), None

    def opened(self, token: Part) -> Part:
        """A block with its body; `else if` is a block in the place of the other one."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotRenderedError
        body, end = self.parts()
        other: tuple[Part, ...] = ()
        if end and end.kind == "else":
            condition = end.text[4:].strip()
            if condition:
                other = (self.opened(Part(condition.partition(" ")[0], condition, end.line)),)
            else:
                other, _ = self.parts()
        self.depth -= 1
        return token._replace(body=body, other=other)


def parse(text: str) -> tuple[Part, ...]:
    """The parts of a template; what closes nothing is passed over."""
    parser, found = _Parser(list(_tokens(text))), list[Part]()
    while parser.at < len(parser.tokens):
        found += parser.parts()[0]
    return tuple(found)


def _tokens(text: str) -> Iterator[Part]:
    at, line, trim = 0, 1, False
    while (start := text.find("{{", at)) >= 0 and (end := _end(text, start)):
        action = text[start + 2 : end - 2]
        yield _plain(text[at:start], line, trim, action.startswith("-"))
        line += text.count("\n", at, start)
        trim = action.endswith("-")
        plain = action.strip("-").strip()
        word = plain.split(None, 1)[0] if plain else ""
        if not word.startswith("/*"):
            yield Part(word if word in (*_OPENS, "else", "end") else "action", plain, line)
        line += action.count("\n")
        at = end
    yield _plain(text[at:], line, trim, False)


def _end(text: str, start: int) -> int:
    """Behind the `}}` that closes an action, not one in its quotes; 0 where nothing does."""
    end, furthest = start, min(start + LONGEST, len(text))
    while (end := text.find("}}", end + 1, furthest)) >= 0:
        if text.startswith(("{{/*", "{{- /*"), start):
            if "*/" in text[end - 4 : end]:
                return end + 2
        elif text.count('"', start, end) % 2 == 0 and text.count("`", start, end) % 2 == 0:
            return end + 2
    return 0


def _plain(text: str, line: int, trim_before: bool, trim_behind: bool) -> Part:
    shown = text.lstrip() if trim_before else text
    skipped = text[: len(text) - len(shown)].count("\n")
    return Part("text", shown.rstrip() if trim_behind else shown, line + skipped)


def defines(parts: Iterable[Part]) -> Iterator[tuple[str, tuple[Part, ...]]]:
    """The templates that a file gives a name."""
    for part in parts:
        if part.kind in ("define", "block"):
            words = WORD.findall(part.text)
            yield (words[1].strip('"`') if len(words) > 1 else ""), part.body
        yield from defines((*part.body, *part.other))

"""Templates of Helm filled in with the values of a chart; a function that is not known passes its last word on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from stocktake.discover.gotemplate import WORD, NotRenderedError, Part
from stocktake.discover.template_functions import FUNCTIONS, Name, holds, text_of

MOST_STEPS = 20_000
LONGEST = 400_000
DEEPEST = 30


class Renderer:
    """One chart: its named templates and its data; `lines` are where each line of the text comes from."""

    def __init__(self, templates: Mapping[str, tuple[Part, ...]], data: Mapping[str, Any]) -> None:
        self.templates = templates
        self.data = data
        self.steps = 0
        self.depth = 0
        self.size = 0

    def file(self, parts: Iterable[Part]) -> tuple[str, list[int]]:
        """The text of a file and, for each of its lines, the line of the template."""
        pieces = self._pieces(parts, self.data, {"$": self.data})
        text, lines, here = [], [0], 0
        for piece, line in pieces:
            for number, one in enumerate(piece.split("\n")):
                if number:
                    lines.append(0)
                here = line + number if line > 0 else -line
                if one.strip() and not lines[-1]:
                    lines[-1] = here
            text.append(piece)
        return "".join(text), lines

    def _pieces(self, parts: Iterable[Part], dot: Any, names: dict[str, Any]) -> list[tuple[str, int]]:
        """Texts with their line; that of what an action made is negative, since all its lines are from one."""
        found: list[tuple[str, int]] = []
        for part in parts:
            self.steps += 1
            if self.steps > MOST_STEPS or self.size > LONGEST:
                raise NotRenderedError
            if part.kind == "text":
                found.append((part.text, part.line))
                self.size += len(part.text)
            elif part.kind == "action":
                made = text_of(self._statement(part.text, dot, names))
                self.size += len(made)
                found.append((made, -part.line))
            elif part.kind != "define":
                found += self._block(part, dot, names)
        return found

    def _block(self, part: Part, dot: Any, names: dict[str, Any]) -> list[tuple[str, int]]:
        rest = part.text.split(None, 1)[1] if " " in part.text else ""
        if part.kind == "range":
            return self._range(part, rest, dot, names)
        if part.kind == "block":
            return self._pieces(part.body, dot, names)
        value = self._statement(rest, dot, names, shown=True)
        if holds(value):
            return self._pieces(part.body, value if part.kind == "with" else dot, names)
        return self._pieces(part.other, dot, names)

    def _range(self, part: Part, rest: str, dot: Any, names: dict[str, Any]) -> list[tuple[str, int]]:
        variables, assigned, pipeline = rest.partition(":=")
        value = self._pipeline(WORD.findall(pipeline if assigned else rest), dot, names)
        pairs: list[tuple[Any, Any]] = (
            list(value.items())
            if isinstance(value, dict)
            else list(enumerate(value))
            if isinstance(value, list)
            else []
        )
        if not pairs:
            return self._pieces(part.other, dot, names)
        wanted = re.findall(r"\$\w+", variables) if assigned else []
        found: list[tuple[str, int]] = []
        for key, item in pairs[:200]:
            inner = dict(names)
            inner.update(zip(wanted, (key, item) if len(wanted) > 1 else (item,), strict=False))
            found += self._pieces(part.body, item, inner)
        return found

    def _statement(self, text: str, dot: Any, names: dict[str, Any], shown: bool = False) -> Any:
        words = WORD.findall(text)
        if len(words) > 2 and words[0].startswith("$") and words[1] in (":=", "="):
            names[words[0]] = value = self._pipeline(words[2:], dot, names)
            return value if shown else ""
        return self._pipeline(words, dot, names)

    def _pipeline(self, words: list[str], dot: Any, names: dict[str, Any]) -> Any:
        value, is_first = None, True
        for command in _split(words):
            arguments = self._terms(command, dot, names)
            value = self._call(arguments if is_first else [*arguments, value], dot, names)
            is_first = False
        return value

    def _terms(self, words: list[str], dot: Any, names: dict[str, Any]) -> list[Any]:
        """The first word as it stands if it is a function, all others as values."""
        found: list[Any] = []
        at = 0
        while at < len(words):
            word = words[at]
            if word == "(":
                end = _end(words, at)
                value = self._pipeline(words[at + 1 : end], dot, names)
                at = end + 1
                if at < len(words) and re.match(r"\.\w", words[at]):
                    value = _member(value, words[at])
                    at += 1
                found.append(value)
                continue
            is_function = not found and re.match(r"[a-zA-Z]\w*$", word) and word not in ("true", "false", "nil")
            found.append(Name(word) if is_function else self._value(word, dot, names))
            at += 1
        return found

    def _value(self, word: str, dot: Any, names: dict[str, Any]) -> Any:
        if word[:1] in ('"', "`"):
            return word[1:-1].replace('\\"', '"').replace("\\n", "\n")
        if word.startswith("$"):
            name, point, rest = word.partition(".")
            return _member(names.get(name), point + rest)
        if word.startswith("."):
            found = _member(dot, word)
            top = word.split(".")[1] if word != "." else ""
            return _member(self.data, word) if found is None and top in ("Values", "Release", "Chart") else found
        return None if word == "nil" else word

    def _call(self, terms: list[Any], dot: Any, names: dict[str, Any]) -> Any:
        if not terms or not isinstance(terms[0], Name):
            return terms[0] if terms else None
        name, *rest = terms
        if name.text in ("include", "template") and rest:
            return self._include(text_of(rest[0]), rest[1] if len(rest) > 1 else dot)
        if name.text == "tpl":
            return rest[0] if rest else ""
        function = FUNCTIONS.get(name.text)
        try:
            return function(*rest) if function and rest else (rest[-1] if rest else None)
        except (TypeError, ValueError):  # a function that is called with what it does not take
            return rest[-1]

    def _include(self, name: str, dot: Any) -> str:
        parts = self.templates.get(name)
        self.depth += 1
        if self.depth > DEEPEST:
            raise NotRenderedError
        text = "".join(piece for piece, _ in self._pieces(parts or (), dot, {"$": dot}))
        self.depth -= 1
        return text


def _split(words: list[str]) -> list[list[str]]:
    commands, depth = [list[str]()], 0
    for word in words:
        depth += (word == "(") - (word == ")")
        if word == "|" and not depth:
            commands.append([])
        else:
            commands[-1].append(word)
    return [command for command in commands if command]


def _end(words: list[str], at: int) -> int:
    depth = 0
    for number in range(at, len(words)):
        depth += (words[number] == "(") - (words[number] == ")")
        if not depth:
            return number
    return len(words)


def _member(value: Any, path: str) -> Any:
    for word in path.split("."):
        if word:
            value = value.get(word) if isinstance(value, dict) else None
    return value

"""XML of strangers as a list of elements with their lines; document types, and with them entities, are refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from xml.parsers import expat

from stocktake.discover.reading import NotUnderstoodError
from stocktake.discover.yaml import DEEPEST

MOST_ELEMENTS = 100_000


class Element(NamedTuple):
    """`path` holds the names from the root down to its own, without name spaces; `text` is what stands in it."""

    path: tuple[str, ...]
    attributes: Mapping[str, str]
    text: str
    line: int


class _Reader:
    def __init__(self) -> None:
        self.found: list[Element] = []
        self.open: list[tuple[str, dict[str, str], int, list[str]]] = []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self.doctype

    def start(self, name: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        if len(self.open) >= DEEPEST:
            raise NotUnderstoodError(line, f"nested deeper than {DEEPEST} levels")
        if len(self.found) >= MOST_ELEMENTS:
            raise NotUnderstoodError(line, f"more than {MOST_ELEMENTS:,} elements")
        self.open.append((name.rpartition(":")[2], attributes, line, []))

    def end(self, _name: str) -> None:
        path = tuple(each[0] for each in self.open)
        _, attributes, line, parts = self.open.pop()
        self.found.append(Element(path, attributes, "".join(parts).strip(), line))

    def text(self, text: str) -> None:
        if self.open:
            self.open[-1][3].append(text)

    def doctype(self, *_: object) -> None:
        raise NotUnderstoodError(self.parser.CurrentLineNumber, "a document type, which is not read")


def elements(text: str) -> list[Element]:
    """The elements of a text, each after those in it."""
    reader = _Reader()
    try:
        reader.parser.Parse(text, True)
    except expat.ExpatError as error:
        raise NotUnderstoodError(error.lineno, expat.errors.messages.get(error.code, "not XML")) from None
    return reader.found

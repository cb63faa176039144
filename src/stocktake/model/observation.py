"""What a machine saw in one source, with the place and the day; joined to records at every load, never before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

SEEN, PARTIAL, NOT_LOOKED = "seen", "partial", "not-looked"


class Evidence(NamedTuple):
    """A line that shows a fact; `digest` is of that line, so that a moved line is told from a changed one."""

    file: str
    line: int
    digest: str = ""

    def text(self) -> str:
        """The place as `file:line`."""
        return f"{self.file}:{self.line}"


class Thing(NamedTuple):
    """Something that exists in a source under a local `key`; `identifiers` join it to a record, `aliases` only
    propose one.

    `facts` are flat, by fact name; `confidence` is from 0 to 1; `kind` is `asset` for all things found today.
    """

    key: str
    name: str
    identifiers: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    facts: Mapping[str, Any] = {}
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 1.0
    kind: str = "asset"


class SeenEdge(NamedTuple):
    """A dependency between two local keys of the same observation; `last` is the last day on which it was seen at
    work, empty where only its description was read.
    """

    source: str
    target: str
    type: str
    evidence: tuple[Evidence, ...] = ()
    confidence: float = 1.0
    last: str = ""


class ExposedSecret(NamedTuple):
    """A secret that stands in the open: where and what it is, never its value.

    `name` is the key or variable that it stands under, with the keys above it; empty where it stands under none.
    """

    file: str
    line: int
    what: str
    name: str = ""


class Unreadable(NamedTuple):
    """A file that was not understood; the rest of the source was still read."""

    file: str
    line: int
    message: str

    def place(self) -> str:
        """Where it stands: the file alone if all of it is meant."""
        return f"{self.file}:{self.line}" if self.line else self.file


class Observation(NamedTuple):
    """All that one collector saw in one source.

    `scopes` are what it saw everything of: an identifier, or with `/` at its end all that begin with it
    (`compose:bookshop/`). What is declared inside one and was not seen is missing. `looked` is the day of the last
    look (kept in a file of its own); None means never.
    """

    source: str
    collector: str
    version: str
    status: str
    things: tuple[Thing, ...] = ()
    edges: tuple[SeenEdge, ...] = ()
    secrets: tuple[ExposedSecret, ...] = ()
    problems: tuple[Unreadable, ...] = ()
    scopes: tuple[str, ...] = ()
    environment: str | None = None
    role: str | None = None
    reason: str = ""
    digest: str = ""
    looked: date | None = None

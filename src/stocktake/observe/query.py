"""A named question to a live store, and what may come of asking it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from stocktake.errors import LookError

Row = Mapping[str, Any]

ONLY = "/*only*/"


class Query(NamedTuple):
    """A read of one engine: `sql` gives rows of text, numbers, truth values and lists of them.

    `group` is the beginning of the names of the facts that it gives, so that a failure can be told where it is missed.
    `guard` is a condition in SQL: false means that the role may not ask. `only` is the column of object ids by which
    it can be asked for a few objects; the condition then takes the place of `/*only*/`. `since` and `before` are
    versions of the server. `bare` is asked before the session sets anything of its own; `local` once per database.
    """

    name: str
    group: str
    sql: str
    guard: str = ""
    only: str = ""
    since: int = 0
    before: int = 1_000_000
    bare: bool = False
    local: bool = False

    def fits(self, version: int) -> bool:
        """Whether a server of this version can be asked."""
        return self.since <= version < self.before


class Ask(Protocol):
    """Asks one store; without a database the one that was connected to.

    Raises QueryError where there is no answer, and LookError where there will be none any more.
    """

    def __call__(self, query: Query, database: str = "", only: Sequence[int] | None = None) -> list[Row]: ...


class Options(NamedTuple):
    """What is looked at only on request: sizes, and databases that the URL does not name."""

    sizes: bool = False
    every_database: bool = False


class QueryError(LookError):
    """One question has no answer; the others may have one."""

    def __init__(self, reason: str, *, refused: bool = False, locked: bool = False, damaged: bool = False) -> None:
        self.refused = refused
        self.locked = locked
        self.damaged = damaged
        super().__init__(reason)

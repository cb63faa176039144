"""One look at one store: asks its questions, and keeps what was refused and what failed beside what was seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future
from typing import Any

from stocktake.observe.query import Ask, Query, QueryError, Row
from stocktake.values.name import encode_key

Fact = tuple[str, Any]

# The name under which a probe says as whom it looked; it goes to the head of the observation.
ROLE = "role"
# Why something is not visible that the look itself sets: no fault of the role or the server.
OWN = "set by the look itself"
# Each try waits for a lock; what is still not told apart after so many counts as locked.
_TRIES = 100
PER_CONNECTION = "each connection sets it for itself"


class Look:
    """`version` is the number of the server's version, `allowed` the guarded queries that the role may ask."""

    __slots__ = ("_answers", "_ask", "_gaps", "allowed", "version")

    def __init__(self, ask: Ask):
        self._ask = ask
        self._answers: dict[tuple[str, str], Future[list[Row]]] = {}
        self._gaps: dict[tuple[str, str], str] = {}
        self.version = 0
        self.allowed: frozenset[str] = frozenset()

    def rows(self, query: Query, database: str = "") -> list[Row]:
        """The answer; none where there is none, and the gap is kept."""
        if not query.fits(self.version):
            return []
        if query.guard and query.name not in self.allowed:
            self.gap("not_visible", query.group, "the role may not read it")
            return []
        try:
            return self._answer(query, database)
        except QueryError as error:
            self._missed(query, error)
            return []

    def ahead(self, queries: Iterable[Query], database: str, executor: Executor) -> None:
        """Ask these in this order while the answers that are there already are worked on."""
        for query in queries:
            if query.fits(self.version) and not (query.guard and query.name not in self.allowed):
                self._answers[query.name, database] = executor.submit(self._ask, query, database)

    def _answer(self, query: Query, database: str) -> list[Row]:
        answer = self._answers.pop((query.name, database), None)
        return self._ask(query, database) if answer is None else answer.result()

    def each(
        self, query: Query, objects: Sequence[int], held: Query, database: str = ""
    ) -> tuple[list[Row], frozenset[int]]:
        """The answer for all objects, and those that somebody else holds locked.

        A lock on one object fails a question about all of them. Then the objects that `held` names are left out, and
        if that is not enough, the others are halved until what is in the way stands alone.
        """
        if not query.fits(self.version):
            return [], frozenset()
        try:
            return self._answer(query, database), frozenset()
        except QueryError as error:
            if not error.locked:
                self._missed(query, error)
                return [], frozenset()
        out = {row["oid"] for row in self.rows(held, database)} & set(objects)
        rows, more = self._halved(query, [one for one in objects if one not in out], database)
        return rows, frozenset(out | more)

    def _halved(self, query: Query, objects: Sequence[int], database: str) -> tuple[list[Row], set[int]]:
        rows: list[Row] = []
        locked: set[int] = set()
        waiting, tries = [objects], 0
        while waiting:
            part, tries = waiting.pop(), tries + 1
            try:
                rows += self._ask(query, database, part)
            except QueryError as error:
                if not error.locked:
                    self._missed(query, error)
                elif len(part) > 1 and tries < _TRIES:
                    waiting += [part[len(part) // 2 :], part[: len(part) // 2]]
                else:
                    locked.update(part)
        return rows, locked

    def _missed(self, query: Query, error: QueryError) -> None:
        self.gap("not_visible" if error.refused else "not_read", query.group, str(error))

    def gap(self, kind: str, group: str, reason: str) -> None:
        """Keep that something was not seen: `kind` is `not_visible` or `not_read`; the first reason stays."""
        self._gaps.setdefault((kind, group), reason)

    def gaps(self) -> Iterator[Fact]:
        """What was not seen, as facts."""
        for (kind, group), reason in sorted(self._gaps.items()):
            yield f"{kind}[{encode_key(group)}].reason", reason


def guards(queries: Iterable[Query]) -> Query:
    """One question for all the guards."""
    columns = ", ".join(f"({query.guard}) AS {query.name}" for query in queries if query.guard)
    return Query("allowed", "", f"SELECT {columns}")

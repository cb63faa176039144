"""Everything that PostgreSQL 11 to 18 shows of itself to a role with `pg_monitor`."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager

from stocktake.observe.look import Fact, Look, guards
from stocktake.observe.probes.fingerprint import FINGERPRINT, fingerprint
from stocktake.observe.probes.postgresql import (
    activity,
    databases,
    functions,
    grants,
    hba,
    replication,
    roles,
    schemas,
    sequences,
    server,
    settings,
    settings_file,
    tables,
    tables_sql,
)
from stocktake.observe.query import Ask, Options, Query

PARTS = (
    activity,
    databases,
    functions,
    grants,
    hba,
    replication,
    roles,
    schemas,
    sequences,
    server,
    settings,
    settings_file,
    tables,
)
QUERIES: tuple[Query, ...] = tuple(query for part in PARTS for query in part.QUERIES)


def probe(ask: Ask, options: Options = Options()) -> Iterator[Fact]:  # noqa: B008 - it cannot change
    """All facts of one server; what is refused or locked is told as such, and the rest is read."""
    look = Look(ask)
    known = server.first(look)
    look.allowed = frozenset(
        name for row in look.rows(guards(QUERIES)) for name, is_allowed in row.items() if is_allowed
    )
    names = databases.chosen(look, known.database, options)
    for part in (activity, databases, hba, replication, roles, server, settings, settings_file):
        yield from part.facts(look, options)
    shapes = {}
    for name in names:
        # Others ask while this thread works on what is there: a big catalogue takes both about as long.
        with _askers() as executor:
            look.ahead(_slow(), name, executor)
            for fact, value in _objects(look, options, name):
                if fact == FINGERPRINT:
                    shapes[name] = value
                else:
                    yield fact, value
    yield "schema.read", names
    if shapes.keys() == set(names):
        yield FINGERPRINT, fingerprint("", shapes)
    yield from grants.facts(look, names)
    yield from look.gaps()


def _slow() -> tuple[Query, ...]:
    """The questions whose answers are long, in the order in which they are needed."""
    return (
        tables_sql.TABLES,
        tables_sql.INDEXES,
        tables_sql.COLUMNS,
        tables_sql.COLUMNS_11,
        tables_sql.DEFAULTS,
        tables_sql.COMMENTS,
        tables_sql.VIEWS,
        tables_sql.KEYS,
        tables_sql.POLICIES,
        tables_sql.TRIGGERS,
        tables_sql.STATISTICS,
        tables_sql.INVALID,
        sequences.SEQUENCES,
        grants.OBJECTS,
    )


@contextmanager
def _askers() -> Iterator[Executor]:
    """Two threads that are told to stop when we do, rather than to finish first."""
    executor = ThreadPoolExecutor(2)
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def _objects(look: Look, options: Options, database: str) -> Iterator[Fact]:
    for part in (tables, functions, schemas, sequences):
        yield from part.facts(look, options, database)

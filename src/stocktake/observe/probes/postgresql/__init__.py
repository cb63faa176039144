"""Everything that PostgreSQL 11 to 18 shows of itself to a role with `pg_monitor`."""

from __future__ import annotations

from collections.abc import Iterator

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
    tables,
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
    tables,
)
QUERIES: tuple[Query, ...] = tuple(query for part in PARTS for query in part.QUERIES)


def probe(ask: Ask, options: Options = Options()) -> Iterator[Fact]:  # noqa: B008 - it cannot change
    """All facts of one server; what is refused or locked is told as such, and the rest is read."""
    look = Look(ask)
    known = server.first(look)
    look.allowed = frozenset(name for name, allowed in look.rows(guards(QUERIES))[0].items() if allowed)
    names = databases.chosen(look, known.database, options)
    for part in (activity, databases, hba, replication, roles, server, settings):
        yield from part.facts(look, options)
    shapes = {}
    for name in names:
        for each in (functions, schemas, sequences):
            yield from each.facts(look, options, name)
        for fact, value in tables.facts(look, options, name):
            if fact == FINGERPRINT:
                shapes[name] = value
            else:
                yield fact, value
    if shapes.keys() == set(names):
        yield FINGERPRINT, fingerprint("", shapes)
    yield from grants.facts(look, names)
    yield from look.gaps()

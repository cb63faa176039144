"""Tables and views of one database: names first, since they need no lock, then definitions, which wait for locks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from stocktake.observe.look import Fact, Look
from stocktake.observe.probes.fingerprint import FINGERPRINT, Shape, fingerprint
from stocktake.observe.probes.postgresql import tables_sql as sql
from stocktake.observe.probes.words import key, listed, rounded, shortened
from stocktake.observe.query import Options, Query, Row

QUERIES = sql.QUERIES

_KINDS = {"r": "table", "p": "partitioned-table", "v": "view", "m": "materialized-view", "f": "foreign-table"}
_Facts = Iterator[tuple[str, Mapping[int, Any]]]


def facts(look: Look, options: Options, database: str) -> Iterator[Fact]:
    """`schema.tables[DATABASE.SCHEMA.NAME].*`, and one fingerprint over all of them.

    Each answer is worked on while the server works out the next ones.
    """
    tables = look.rows(sql.TABLES, database)
    names = {row["oid"]: key(database, row["schema"], row["name"]) for row in tables}
    shapes = {oid: Shape(name) for oid, name in names.items()}
    locked: set[int] = set()

    def each(query: Query) -> list[Row]:
        rows, waiting = look.each(query, list(names), sql.HELD, database)
        locked.update(waiting)
        return rows

    for fact, values in _shapes(tables, look, each, database):
        for oid, value in values.items():
            if oid in names:
                shapes[oid].add(fact, value)
                yield f"schema.tables[{names[oid]}].{fact}", value
    for fact, values in _states(tables, look, each, options, database):
        for oid, value in values.items():
            if oid in names:
                yield f"schema.tables[{names[oid]}].{fact}", value
    for oid in locked & names.keys():
        yield f"schema.tables[{names[oid]}].locked", True
    if locked:
        look.gap("not_read", FINGERPRINT, "somebody holds a lock on tables that are marked")
    elif tables:
        yield FINGERPRINT, fingerprint(database, {"tables": sorted(shape.fingerprint() for shape in shapes.values())})


def _shapes(tables: Sequence[Row], look: Look, each: Any, database: str) -> _Facts:
    """What makes two tables equal, fact by fact in the order of their names."""
    yield "columns", _columns(look, each, database)
    yield "column_comments", _listed(look.rows(sql.COMMENTS, database))
    yield "comment", _own(tables, "comment")
    yield "definition", {row["oid"]: row["digest"] for row in each(sql.VIEWS)}
    yield "indexes", _listed(each(sql.INDEXES))
    yield "keys", _listed(each(sql.KEYS))
    yield "kind", {row["oid"]: _KINDS[row["kind"]] for row in tables}
    yield "options", _own(tables, "options")
    yield "owner", _own(tables, "owner")
    yield "policies", _listed(each(sql.POLICIES))
    yield "row_security", _own(tables, "row_security")
    yield "triggers", _listed(each(sql.TRIGGERS))


def _states(tables: Sequence[Row], look: Look, each: Any, options: Options, database: str) -> _Facts:
    """How the tables are doing, fact by fact."""
    yield "rows", {row["oid"]: rounded(row["rows"]) for row in tables if row["rows"] > 0}
    yield "autovacuum", _own(tables, "autovacuum")
    counted = look.rows(sql.STATISTICS, database)
    yield "live_rows", {row["oid"]: rounded(row["live"]) for row in counted}
    yield "dead_rows", {row["oid"]: rounded(row["dead"]) for row in counted}
    yield "last_autovacuum", {row["oid"]: row["vacuumed"] for row in counted if row["vacuumed"]}
    yield "invalid_indexes", _listed(look.rows(sql.INVALID, database))
    if options.sizes:
        yield "size", {row["oid"]: row["size"] for row in each(sql.SIZES)}


def _own(tables: Iterable[Row], fact: str) -> dict[int, Any]:
    """What the list of tables says already, where it says anything."""
    return {row["oid"]: row[fact] for row in tables if row[fact]}


def _listed(rows: Iterable[Row]) -> dict[int, list[str]]:
    return {row["oid"]: listed(row["texts"]) for row in rows}


def _columns(look: Look, each: Any, database: str) -> dict[int, list[str]]:
    """The columns of every table in their order, with what they hold where nothing is said."""
    rows = [row for query in (sql.COLUMNS, sql.COLUMNS_11) for row in look.rows(query, database)]
    defaults = {row["oid"]: row for row in each(sql.DEFAULTS)}
    return {row["oid"]: _with_defaults(row, defaults.get(row["oid"])) for row in rows}


def _with_defaults(columns: Row, defaults: Row | None) -> list[str]:
    texts: list[str] = columns["texts"]
    if defaults:
        places = {number: place for place, number in enumerate(columns["numbers"])}
        generated = columns["generated"] or ()
        for number, text in zip(defaults["numbers"], defaults["texts"], strict=True):
            said = f" generated always as ({text})" if number in generated else f" default {text}"
            texts[places[number]] = shortened(texts[places[number]] + said)
    return texts

"""Tables and views of one database: names first, since they need no lock, then definitions, which wait for locks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stocktake.observe.look import Fact, Look
from stocktake.observe.probes.fingerprint import FINGERPRINT, fingerprint
from stocktake.observe.probes.postgresql import tables_sql as sql
from stocktake.observe.probes.words import key, listed, rounded, shortened
from stocktake.observe.query import Options, Query, Row

QUERIES = sql.QUERIES

_KINDS = {"r": "table", "p": "partitioned-table", "v": "view", "m": "materialized-view", "f": "foreign-table"}
ByTable = Mapping[int, Any]


def facts(look: Look, options: Options, database: str) -> Iterator[Fact]:
    """`schema.tables[DATABASE.SCHEMA.NAME].*`, and one fingerprint over all of them."""
    tables = look.rows(sql.TABLES, database)
    every = [row["oid"] for row in tables]
    locked: set[int] = set()

    def each(query: Query) -> list[Row]:
        rows, waiting = look.each(query, every, sql.HELD, database)
        locked.update(waiting)
        return rows

    shapes = _shapes(look, each, database)
    states = _states(look, each, options, database)
    digests: list[str] = []
    for row in tables:
        name = key(database, row["schema"], row["name"])
        shape = dict(_own_shape(row))
        shape |= {fact: values[row["oid"]] for fact, values in shapes if row["oid"] in values}
        state = dict(_own_state(row, locked))
        state |= {fact: values[row["oid"]] for fact, values in states if row["oid"] in values}
        digests.append(fingerprint(name, shape))
        prefix = f"schema.tables[{name}]."
        for fact, value in (*shape.items(), *state.items()):
            yield prefix + fact, value
    if locked:
        look.gap("not_read", FINGERPRINT, "somebody holds a lock on some tables; they are marked")
    elif tables:
        yield FINGERPRINT, fingerprint(database, {"tables": sorted(digests)})


def _shapes(look: Look, each: Any, database: str) -> list[tuple[str, ByTable]]:
    """What makes two tables equal, fact by fact; each answer is worked on while the server works out the next."""
    defaults = {row["oid"]: row for row in each(sql.DEFAULTS)}
    rows = [row for query in (sql.COLUMNS, sql.COLUMNS_11) for row in look.rows(query, database)]
    columns = {row["oid"]: _columns(row, defaults.get(row["oid"])) for row in rows}
    return [
        ("columns", columns),
        ("column_comments", _listed(look.rows(sql.COMMENTS, database))),
        ("keys", _listed(look.rows(sql.KEYS, database))),
        ("indexes", _listed(each(sql.INDEXES))),
        ("definition", {row["oid"]: row["digest"] for row in each(sql.VIEWS)}),
        ("triggers", _listed(each(sql.TRIGGERS))),
        ("policies", _listed(each(sql.POLICIES))),
    ]


def _states(look: Look, each: Any, options: Options, database: str) -> list[tuple[str, ByTable]]:
    """How the tables are doing, fact by fact."""
    counted = look.rows(sql.STATISTICS, database)
    return [
        ("live_rows", {row["oid"]: rounded(row["live"]) for row in counted}),
        ("dead_rows", {row["oid"]: rounded(row["dead"]) for row in counted}),
        ("last_autovacuum", {row["oid"]: row["vacuumed"] for row in counted if row["vacuumed"]}),
        ("invalid_indexes", _listed(look.rows(sql.INVALID, database))),
        ("size", {row["oid"]: row["size"] for row in each(sql.SIZES)} if options.sizes else {}),
    ]


def _listed(rows: Iterable[Row]) -> dict[int, list[str]]:
    return {row["oid"]: listed(row["texts"]) for row in rows}


def _columns(columns: Row, defaults: Row | None) -> list[str]:
    texts: list[str] = columns["texts"]
    if defaults:
        places = {number: place for place, number in enumerate(columns["numbers"])}
        generated = columns["generated"] or ()
        for number, text in zip(defaults["numbers"], defaults["texts"], strict=True):
            said = f" generated always as ({text})" if number in generated else f" default {text}"
            texts[places[number]] = shortened(texts[places[number]] + said)
    return texts


def _own_shape(row: Row) -> Iterator[Fact]:
    yield "kind", _KINDS[row["kind"]]
    yield "owner", row["owner"]
    for name in ("comment", "options"):
        if row[name]:
            yield name, row[name]
    if row["row_security"]:
        yield "row_security", True


def _own_state(row: Row, locked: Iterable[int]) -> Iterator[Fact]:
    if row["oid"] in locked:
        yield "locked", True
    if row["rows"] > 0:
        yield "rows", rounded(row["rows"])
    if row["autovacuum"] == "off":
        yield "autovacuum", "off"

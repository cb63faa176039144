"""The shape of the data in PostgreSQL: keys, indexes and how much of a number's range is used."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.live import on_postgresql
from stocktake.rules.postgresql.definitions import Columns, foreign_keys, indexes, primary_keys
from stocktake.rules.visibility import Entry, doubts, entries
from stocktake.values.text import shown

_KINDS = frozenset({"partitioned-table", "table"})
_NEARLY_FULL = 0.7


def _tables(asset: Sheet) -> list[tuple[str, Entry]]:
    """Tables whose definitions were read."""
    found = entries(asset, "schema.tables")
    return [(name, facts) for name, facts in found if facts.get("kind") in _KINDS and not facts.get("locked")]


def _locked(asset: Sheet) -> Iterator[Unknown]:
    """What could not be read, as answers that are not known: a part of the schema, or a table that was locked."""
    yield from doubts(asset, "schema.tables[].keys", "schema.tables[].indexes")
    for name, facts in entries(asset, "schema.tables"):
        if facts.get("locked"):
            yield Unknown(f"{shown(name)} was locked while it was looked at", detail=name)


@on_postgresql(
    "PG033",
    severity="medium",
    sees=("schema.read",),
    controls=("ISO/IEC 27001:2022 A.8.16", "NIST CSF 2.0 PR.DS-01"),
)
def invalid_index(asset: Sheet, context: Context) -> Iterator[Hit]:
    """An index is invalid: it costs on every change and answers nothing.

    Why:
    It was left behind when building it concurrently failed.
    A unique index that is invalid does not keep out duplicates that were there before.

    Fix:
    `DROP INDEX CONCURRENTLY` and build it again, or `REINDEX INDEX CONCURRENTLY`, after the duplicates are gone.

    False positives:
    An index that is being built at this moment is invalid until it is done; look again.

    Privilege:
    Every role may read it in the databases that it may connect to.

    Example:
    `CREATE UNIQUE INDEX CONCURRENTLY` stopped at a duplicate, and nobody looked.
    """
    yield from doubts(asset, "schema.tables[].invalid_indexes")
    for table, facts in entries(asset, "schema.tables"):
        for index in facts.get("invalid_indexes") or ():
            yield Hit(f"index {shown(str(index))} of {shown(table)} is invalid", detail=f"{table} {index}")


@on_postgresql(
    "PG034",
    severity="low",
    sees=("schema.read",),
    controls=("ISO/IEC 27001:2022 A.8.6", "NIST CSF 2.0 PR.IR-04"),
)
def redundant_index(asset: Sheet, context: Context) -> Iterator[Hit]:
    """An index does what another one does already.

    Why:
    Every change of the table has to change it too, and it takes room on the disk and in memory.

    Fix:
    `DROP INDEX CONCURRENTLY` the smaller one, after a look at whether a query needs just that one.

    False positives:
    Only plain B-tree indexes are compared: one is redundant if its columns are the first ones of another.
    A narrow index that is used for nearly everything can still be worth its cost.
    Indexes that nobody uses are not looked for, since that takes the statistics of all replicas.

    Privilege:
    Every role may read it in the databases that it may connect to.

    Example:
    An index on `customer` beside one on `customer, placed_at`.
    """
    yield from _locked(asset)
    for table, facts in _tables(asset):
        found = [one for one in indexes(facts) if one.is_plain and one.method == "btree"]
        for one in found:
            if not one.is_unique and (wider := next((other for other in found if _includes(other, one)), None)):
                message = f"index {shown(one.name)} of {shown(table)} does what {shown(wider.name)} does"
                yield Hit(message, detail=f"{table} {one.name}")


def _includes(other: Columns, one: Columns) -> bool:
    """Whether another index begins with the columns of this one; of two alike only the second by name is redundant."""
    if other is one or other.columns[: len(one.columns)] != one.columns:
        return False
    return other.columns != one.columns or other.is_unique or other.name < one.name


@on_postgresql(
    "PG035",
    severity="medium",
    sees=("schema.read",),
    controls=("ISO/IEC 27001:2022 A.8.6", "NIST CSF 2.0 PR.IR-04"),
)
def foreign_key_without_index(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A foreign key has no index.

    Why:
    Deleting or changing a row of the other table reads this whole table, and holds locks meanwhile.

    Fix:
    `CREATE INDEX CONCURRENTLY` on the columns of the key.

    False positives:
    Small tables, and keys to tables in which nothing is ever deleted or changed, do without; accept it with a waiver.
    Any plain index that begins with the columns of the key counts, whatever their order.

    Privilege:
    Every role may read it in the databases that it may connect to.

    Example:
    `order_lines.isbn` refers to `books`, and the primary key of `order_lines` begins with `order_id`.
    """
    yield from _locked(asset)
    for table, facts in _tables(asset):
        known = [one.columns for one in indexes(facts) if one.is_plain]
        for name, columns in foreign_keys(facts):
            if not any(set(one[: len(columns)]) == set(columns) for one in known):
                yield Hit(f"foreign key {shown(name)} of {shown(table)} has no index", detail=f"{table} {name}")


@on_postgresql(
    "PG036",
    severity="high",
    sees=("schema.read",),
    controls=("ISO/IEC 27001:2022 A.8.6", "NIST CSF 2.0 PR.IR-04"),
)
def numbers_run_out(asset: Sheet, context: Context) -> Iterator[Hit]:
    """The numbers of a sequence are nearly used up.

    Why:
    After the last one every insert fails, and making the column wider rewrites a table that is large by then.

    Fix:
    Change the column to `bigint` in good time: add a new column, fill it in steps, and swap the two.

    False positives:
    The smaller of the sequence's type and its column's counts; seven tenths fail.
    A sequence that starts again at its beginning by design (`CYCLE`) can be accepted with a waiver.

    Privilege:
    `SELECT` or `USAGE` on the sequence.

    Example:
    `events_id_seq` is of type `integer` and stands at 1.9 of 2.1 billion.
    """
    yield from doubts(asset, "schema.sequences[].used")
    for name, facts in entries(asset, "schema.sequences"):
        if (used := facts.get("used") or 0) >= _NEARLY_FULL:
            kind = shown(str(facts.get("type", "number")))
            yield Hit(f"{used:.0%} of the {kind} numbers of {shown(name)} are used", detail=name)


@on_postgresql(
    "PG037",
    severity="medium",
    sees=("schema.read",),
    controls=("ISO/IEC 27001:2022 A.8.9", "NIST CSF 2.0 PR.DS-01"),
)
def no_primary_key(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A table has no primary key.

    Why:
    One of two equal rows cannot be corrected or deleted, logical replication cannot follow changes, and a restore can
    only be compared by counting.

    Fix:
    Add one on what tells rows apart, or a `bigint GENERATED ALWAYS AS IDENTITY` column.

    False positives:
    Tables into which rows are only loaded and which are then emptied do without; accept those with a waiver.

    Privilege:
    Every role may read it in the databases that it may connect to.

    Example:
    `CREATE TABLE order_lines (order_id bigint, isbn text)` has none.
    """
    yield from _locked(asset)
    for table, facts in _tables(asset):
        if not primary_keys(facts):
            yield Hit(f"{shown(table)} has no primary key", detail=table)


RULES = (invalid_index, redundant_index, foreign_key_without_index, numbers_run_out, no_primary_key)

"""How much of each sequence, and of the column that it numbers, is used up."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.observe.look import Fact, Look
from stocktake.observe.probes.words import USERS_OWN, key
from stocktake.observe.query import Options, Query, Row

SEQUENCES = Query(
    "sequences",
    "schema.sequences",
    f"""
    SELECT s.*, s.is_narrow AND has_sequence_privilege(s.oid::oid, 'SELECT, USAGE') AS may_read,
           CASE WHEN s.is_narrow AND has_sequence_privilege(s.oid::oid, 'SELECT, USAGE')
                THEN pg_sequence_last_value(s.oid::oid) END AS last
    FROM (SELECT c.oid::bigint AS oid, n.nspname::text AS schema, c.relname::text AS name,
                 format_type(s.seqtypid, NULL) AS type, format_type(a.atttypid, NULL) AS column_type,
                 s.seqincrement::bigint AS increment, s.seqmin::bigint AS least, s.seqmax::bigint AS most,
                 s.seqtypid <> 'bigint'::regtype OR a.atttypid IN ('smallint'::regtype, 'integer'::regtype) AS is_narrow
          FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
          LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
              AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
          LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
          WHERE {USERS_OWN} AND c.relpersistence <> 't') s
    """,  # noqa: S608 - all of it is ours
    local=True,
)
QUERIES = (SEQUENCES,)

_LARGEST = {"smallint": 2**15 - 1, "integer": 2**31 - 1}


def facts(look: Look, options: Options, database: str) -> Iterator[Fact]:
    """`schema.sequences[].type` and `.used`, a fraction; 64 bits are never used up, so those are not asked."""
    for row in look.rows(SEQUENCES, database):
        prefix = f"schema.sequences[{key(database, row['schema'], row['name'])}]"
        yield f"{prefix}.type", _narrower(row)
        if row["is_narrow"] and row["may_read"]:
            yield f"{prefix}.used", _used(row)
        elif row["is_narrow"]:
            look.gap("not_visible", "schema.sequences[].used", "the role may not read some sequences")


def _narrower(row: Row) -> str:
    """The type of the sequence or of its column, whichever is full first."""
    types = [name for name in (row["type"], row["column_type"]) if name]
    return str(min(types, key=lambda name: _LARGEST.get(name, 2**63)))


def _used(row: Row) -> float:
    if row["last"] is None:
        return 0.0
    most = min(row["most"], _LARGEST.get(_narrower(row), row["most"]))
    share = row["last"] / most if row["increment"] > 0 else row["last"] / row["least"] if row["least"] else 1.0
    return round(max(0.0, min(share, 1.0)), 3)

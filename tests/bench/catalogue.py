"""Reading a big PostgreSQL catalogue, beside the plain queries for the same things and SQLAlchemy's inspector."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .commands import ROOT, python
from .measure import Timing, by_turns

RAW, OBSERVE = "the catalogue queries alone", "`stocktake observe`, all facts"
INSPECTOR = "SQLAlchemy's inspector"

_RAW = """
import psycopg
of_users = "left(n.nspname, 3) <> 'pg_' AND n.nspname <> 'information_schema'"
tables = "c.relkind IN ('r', 'p', 'v', 'm', 'f')"
queries = [
    f'''SELECT c.oid, n.nspname, c.relname, c.relkind, pg_get_userbyid(c.relowner), c.relacl,
               obj_description(c.oid, 'pg_class'), c.reltuples
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {{tables}} AND {{of_users}}''',
    f'''SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
               pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attnum > 0 AND NOT a.attisdropped AND {{tables}} AND {{of_users}}''',
    f'''SELECT i.indrelid, c.relname, i.indisvalid, pg_get_indexdef(i.indexrelid)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {{of_users}}''',
    f'''SELECT k.conrelid, k.conname, k.contype, pg_get_constraintdef(k.oid)
        FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE {{of_users}}''',
]
with psycopg.connect({url!r}) as connection:
    assert all([connection.execute(query).fetchall() for query in queries])
"""
_OBSERVE = """
from stocktake.observe.connect.postgresql import Server
from stocktake.observe.observation import seen
from stocktake.observe.probes import postgresql
with Server({url!r}) as ask:
    assert seen("store", "store", None, postgresql.probe(ask), None).things
"""
_INSPECTOR = """
import sqlalchemy
engine = sqlalchemy.create_engine({url!r}.replace("postgresql:", "postgresql+psycopg:"))
inspector = sqlalchemy.inspect(engine)
for schema in inspector.get_schema_names():
    if schema != "information_schema":
        for what in ("columns", "pk_constraint", "unique_constraints", "check_constraints", "foreign_keys", "indexes",
                     "table_comment"):
            getattr(inspector, f"get_multi_{{what}}")(schema=schema)
"""


def measured(folder: Path, tables: int, rounds: int) -> dict[str, Timing]:
    """All three on one server, whole processes with what they import."""
    programs = {RAW: _RAW, OBSERVE: _OBSERVE, INSPECTOR: _INSPECTOR}
    with _postgresql(tables) as url:
        return by_turns({name: python(folder, text.format(url=url)) for name, text in programs.items()}, rounds)


@contextmanager
def _postgresql(tables: int) -> Iterator[str]:
    sys.path.insert(0, str(ROOT / "tests"))
    from servers.postgres import running

    with running(settings={"max_locks_per_transaction": "1024", "autovacuum": "off"}) as server:
        for schema in range(10):
            server.sql(f"CREATE SCHEMA s{schema}")
        for first in range(0, tables, 200):
            server.sql("".join(_table(number) for number in range(first, min(first + 200, tables))))
        server.sql("ANALYZE")
        yield server.url()


def _table(number: int) -> str:
    name = f"s{number % 10}.t{number}"
    parent = f" REFERENCES s{number % 10}.t{number - 10}" if number % 100 >= 10 else ""
    return f"""
        CREATE TABLE {name} (
            id bigserial PRIMARY KEY, name text NOT NULL DEFAULT 'none', price numeric(10, 2) CHECK (price > 0),
            at timestamptz NOT NULL DEFAULT now(), note varchar(80), parent bigint{parent}, paid boolean DEFAULT false
        );
        CREATE INDEX ON {name} (name);
        CREATE INDEX ON {name} (at, parent) WHERE paid;
        COMMENT ON TABLE {name} IS 'Table number {number}';
    """

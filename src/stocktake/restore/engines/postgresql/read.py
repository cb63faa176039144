"""Read a PostgreSQL database for comparison: counts and checksums, who may do what, and definitions as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stocktake.restore.connect.postgresql import Database
from stocktake.restore.contents import Contents, Table
from stocktake.restore.store import Store, StoreError, quoted

# So that equal values have equal texts on every server.
_SPELLING = (
    "timezone = 'UTC'",
    "datestyle = 'ISO, YMD'",
    "intervalstyle = 'postgres'",
    "extra_float_digits = 3",
    "bytea_output = 'hex'",
    "row_security = off",
    "search_path = pg_catalog",
    "statement_timeout = 0",
)
_OWN = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
_TABLES = f"""
    SELECT n.nspname || '.' || c.relname, quote_ident(n.nspname) || '.' || quote_ident(c.relname)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm') AND c.relpersistence = ANY(%s) AND {_OWN} ORDER BY 1
"""  # noqa: S608 - all of it is ours
# hashtextextended is three times as fast as md5; the sum of the hashes does not depend on the order of rows.
_CONTENT = "SELECT count(*), coalesce(sum(hashtextextended((stocktake_row.*)::text, 0)), 0)::text FROM ONLY {} {}"
_USERS = f"""
    SELECT r.rolname, quote_ident(n.nspname) || '.' || quote_ident(c.relname), p.name
    FROM pg_roles r CROSS JOIN (VALUES ('DELETE'), ('INSERT'), ('SELECT'), ('UPDATE')) AS p(name)
    CROSS JOIN pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE r.rolcanlogin AND NOT r.rolsuper AND r.rolname !~ '^(pg_|stocktake_)'
      AND c.relkind IN ('r', 'm', 'p', 'v') AND {_OWN} AND has_schema_privilege(r.oid, n.oid, 'USAGE')
      AND CASE p.name WHEN 'DELETE' THEN has_table_privilege(r.oid, c.oid, 'DELETE')
          ELSE has_any_column_privilege(r.oid, c.oid, p.name) END
    ORDER BY 1, 2, 3
"""  # noqa: S608 - all of it is ours
_NOISE = ("--", "\\restrict", "\\unrestrict", "SET ", "SELECT pg_catalog.set_config(")


def contents(store: Store, *, logged_only: bool = False) -> Contents:
    """A count and a checksum of each table, in the transaction that is open; a physical copy loses what is unlogged."""
    for setting in _SPELLING:
        store.rows(f"SET LOCAL {setting}")
    tables = store.rows(_TABLES, (["p"] if logged_only else ["p", "u"],))
    return {name: _table(store, place) for name, place in tables}


def _table(store: Store, place: str) -> Table:
    [(rows, total)] = store.rows(_CONTENT.format(place, "stocktake_row"))
    return Table(int(rows), str(total))


def users(store: Store) -> tuple[tuple[str, str, str], ...]:
    """(role, table, privilege) of all who log in and are not superusers."""
    return tuple((role, table, privilege) for role, table, privilege in store.rows(_USERS))


def unreadable(database: Database, allowed: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Who of those that may read a table cannot really read it here."""
    for role, table, privilege in allowed:
        if privilege != "SELECT":
            continue
        try:
            with database.together():
                database.rows(f"SET LOCAL ROLE {quoted(role)}")
                database.rows(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 - quoted by the server
        except StoreError:
            yield f"{role} cannot read {table}"


def definitions(dump: str) -> tuple[str, ...]:
    """The statements of `pg_dump --schema-only`, one a line, sorted; what differs without meaning is left out.

    Newer minor versions of 15 stamp `pg_attver` on columns, which other versions do not know.
    """
    found: list[list[str]] = [[]]
    for line in dump.splitlines():
        if line.startswith("-- Name: ") or not line.strip():
            found.append([])
        elif not line.startswith(_NOISE) and "pg_attver" not in line:
            found[-1].append(line.strip())
    return tuple(sorted(" ".join(lines) for lines in found if lines))

"""What the server could not apply of its settings files, where the role may see it."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.observe.look import Fact, Look
from stocktake.observe.query import Options, Query

ERRORS = Query(
    "settings_file",
    "settings_file",
    "SELECT f.name AS name, f.error AS error FROM pg_file_settings f",
    guard="has_table_privilege('pg_catalog.pg_file_settings', 'SELECT')"
    " AND has_function_privilege('pg_catalog.pg_show_all_file_settings()', 'EXECUTE')",
)
QUERIES = (ERRORS,)


def facts(look: Look, options: Options) -> Iterator[Fact]:
    """`settings_file.errors`, each once and without its line, which moves."""
    if rows := look.rows(ERRORS):
        yield "settings_file.errors", sorted({f"{row['name'] or ''}: {row['error']}" for row in rows if row["error"]})

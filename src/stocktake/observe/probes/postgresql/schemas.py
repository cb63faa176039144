"""Schemas, extensions, languages and enumerations of one database."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.observe.look import Fact, Look
from stocktake.observe.probes.words import USERS_OWN, key
from stocktake.observe.query import Options, Query

SCHEMAS = Query(
    "schemas",
    "schema.schemas",
    f"""
    SELECT n.nspname::text AS name, pg_get_userbyid(n.nspowner)::text AS owner,
           obj_description(n.oid, 'pg_namespace') AS comment
    FROM pg_namespace n WHERE {USERS_OWN}
    """,  # noqa: S608 - all of it is ours
    local=True,
)
EXTENSIONS = Query(
    "extensions",
    "schema.extensions",
    """
    SELECT e.extname::text AS name, e.extversion AS version, a.default_version AS available
    FROM pg_extension e LEFT JOIN pg_available_extensions a ON a.name = e.extname
    """,
    local=True,
)
LANGUAGES = Query(
    "languages",
    "schema.languages",
    "SELECT l.lanname::text AS name, l.lanpltrusted AS trusted FROM pg_language l WHERE l.lanispl",
    local=True,
)
ENUMERATIONS = Query(
    "enumerations",
    "schema.enumerations",
    f"""
    SELECT n.nspname::text AS schema, t.typname::text AS name,
           array_agg(e.enumlabel::text ORDER BY e.enumsortorder) AS labels
    FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE {USERS_OWN} GROUP BY 1, 2
    """,  # noqa: S608 - all of it is ours
    local=True,
)
QUERIES = (SCHEMAS, EXTENSIONS, LANGUAGES, ENUMERATIONS)


def facts(look: Look, options: Options, database: str) -> Iterator[Fact]:
    """`schema.schemas[]`, `schema.extensions[]`, `schema.languages[]` and `schema.enumerations[]`."""
    for row in look.rows(SCHEMAS, database):
        prefix = f"schema.schemas[{key(database, row['name'])}]"
        yield f"{prefix}.owner", row["owner"]
        if row["comment"]:
            yield f"{prefix}.comment", row["comment"]
    for row in look.rows(EXTENSIONS, database):
        prefix = f"schema.extensions[{key(database, row['name'])}]"
        yield f"{prefix}.version", row["version"]
        if row["available"] and row["available"] != row["version"]:
            yield f"{prefix}.available", row["available"]
    for row in look.rows(LANGUAGES, database):
        yield f"schema.languages[{key(database, row['name'])}].trusted", row["trusted"]
    for row in look.rows(ENUMERATIONS, database):
        yield f"schema.enumerations[{key(database, row['schema'], row['name'])}].values", row["labels"]

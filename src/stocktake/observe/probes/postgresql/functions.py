"""Functions that run with the rights of their owner."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.observe.look import Fact, Look
from stocktake.observe.probes.words import USERS_OWN, key, shortened
from stocktake.observe.query import Options, Query
from stocktake.values.name import encode_key

DEFINERS = Query(
    "definers",
    "schema.functions",
    f"""
    SELECT n.nspname::text AS schema, p.proname::text AS name, pg_get_function_identity_arguments(p.oid) AS arguments,
           pg_get_userbyid(p.proowner)::text AS owner,
           (SELECT substr(c, 13) FROM unnest(p.proconfig) c WHERE left(c, 12) = 'search_path=' LIMIT 1) AS search_path
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE p.prosecdef AND {USERS_OWN}
    """,  # noqa: S608 - all of it is ours
    local=True,
)
QUERIES = (DEFINERS,)


def signature(database: str, schema: str, name: str, arguments: str) -> str:
    """A function as the key of a fact."""
    return shortened(f"{key(database, schema, name)}({encode_key(arguments) if arguments else ''})", 900)


def facts(look: Look, options: Options, database: str) -> Iterator[Fact]:
    """`schema.functions[].*` of SECURITY DEFINER functions; a missing `search_path` is left out."""
    for row in look.rows(DEFINERS, database):
        prefix = f"schema.functions[{signature(database, row['schema'], row['name'], row['arguments'])}]"
        yield f"{prefix}.security_definer", True
        yield f"{prefix}.owner", row["owner"]
        if row["search_path"] is not None:
            yield f"{prefix}.search_path", row["search_path"]

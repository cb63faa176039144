"""The questions to PostgreSQL as a psql script, and its output as answers, for those who let no tool connect."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from stocktake.errors import LookError
from stocktake.observe.probes.postgresql import QUERIES
from stocktake.observe.query import ONLY, Query, QueryError, Row

_HEAD = """\
-- Everything that Stocktake asks PostgreSQL 11 and later. It only reads.
--   psql --no-psqlrc --file=queries.sql "$URL" >answers.json
--   stocktake observe ASSET --environment E --from answers.json
\\set ON_ERROR_STOP off
\\set QUIET on
\\pset format unaligned
\\pset tuples_only on
\\pset pager off
"""
_LIMITS = """\
SET default_transaction_read_only = on;
SET statement_timeout = '60s';
SET lock_timeout = '200ms';
SET search_path = pg_catalog;
SET quote_all_identifiers = off;
"""
PRIVILEGES = {
    "postgresql": """\
-- The least that Stocktake needs to look at PostgreSQL 11 and later; run it as a superuser.
-- It can read no row of any table and change nothing that is there.
CREATE ROLE stocktake LOGIN CONNECTION LIMIT 3;
GRANT pg_monitor TO stocktake;
-- Then give it a password with \\password stocktake, and put the URL into the variable that `connection` names.

-- What everybody may do, it may too, though Stocktake connects it read-only. In each database, unless programs need it:
--   REVOKE CREATE ON SCHEMA public FROM PUBLIC;
--   REVOKE TEMPORARY ON DATABASE orders FROM PUBLIC;
-- The first matters before PostgreSQL 15, where everybody may make tables in `public`.

-- In each database that is looked at, where not everybody may connect any more:
--   GRANT CONNECT ON DATABASE orders TO stocktake;
-- To see the rules of pg_hba.conf, in the same database:
--   GRANT SELECT ON pg_catalog.pg_hba_file_rules TO stocktake;
--   GRANT EXECUTE ON FUNCTION pg_catalog.pg_hba_file_rules() TO stocktake;
-- To see how far sequences are used up:
--   GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO stocktake;
-- How passwords are hashed is shown to superusers only; without it, those facts are told as not visible.
""",
    "sqlite": """\
-- SQLite has no accounts: the user that runs Stocktake must be able to read the file and to enter its folder.
-- Being unable to write to both is right: nothing is ever written beside the file.
""",
}


def psql() -> str:
    """The script; every answer is one JSON document."""
    bare = [query for query in QUERIES if query.bare]
    others = [query for query in QUERIES if not query.bare]
    return "\n".join([_HEAD, *map(_asked, bare), _LIMITS, *map(_asked, others)])


def _asked(query: Query) -> str:
    number = "current_setting('server_version_num')::int"
    sql = query.sql.replace(ONLY, "").strip()
    return (
        f"SELECT {number} >= {query.since} AND {number} < {query.before} AS fits \\gset\n\\if :fits\n"  # noqa: S608
        f"SELECT {query.guard or 'true'} AS may_ask \\gset\n\\if :may_ask\n"
        "BEGIN TRANSACTION READ ONLY;\n"
        f"SELECT json_build_object('query', '{query.name}', 'database', current_database(), 'rows',\n"
        f"    coalesce((SELECT json_agg(answer) FROM (\n    {sql}\n    ) answer), '[]'));\n"
        "ROLLBACK;\n"
        f'\\else\n\\echo {{"query": "{query.name}", "refused": true}}\n\\endif\n\\endif\n'
    )


SCRIPTS = {"postgresql": psql}


class Answers:
    """An `Ask` for what the script printed.

    Raises LookError where a text is something else.
    """

    names_a_database = True

    def __init__(self, text: str):
        self._rows: dict[str, list[Row]] = {}
        self._refused: set[str] = set()
        for document in _documents(text):
            name = document.get("query")
            if document.get("refused") is True:
                self._refused.add(str(name))
            else:
                self._rows[str(name)] = _checked(document.get("rows"))
        if "server" not in self._rows:
            raise LookError("the file does not hold what the script of `stocktake explain --queries` prints")

    def __enter__(self) -> Answers:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __call__(self, query: Query, database: str = "", only: Sequence[int] | None = None) -> list[Row]:
        if query.name == "allowed":
            return [{name: True for name in (*self._rows, *(q.name for q in QUERIES)) if name not in self._refused}]
        if query.name not in self._rows:
            raise QueryError("the file holds no answer to it")
        return self._rows[query.name]


def _documents(text: str) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder()
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        try:
            document, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            raise LookError(f"the file is not JSON after character {position}") from None
        if not isinstance(document, dict):
            raise LookError("the file holds something that is no answer")
        yield document


def _checked(rows: Any) -> list[Row]:
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise LookError("the file holds an answer without rows")
    return rows

"""Verifying what a database holds, beside writing the same data as plain text: once for each engine."""

import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from .commands import ROOT, python
from .measure import Command, Timing, by_turns

VERIFY_POSTGRESQL, DUMP_POSTGRESQL = "PostgreSQL, verify", "PostgreSQL, `pg_dump` as plain text"
VERIFY_SQLITE, DUMP_SQLITE = "SQLite, verify", "SQLite, plain text"

_ROWS = """
    SELECT i, 'customer ' || (i % 5000), (i % 9999) * 1.5, 'some words about line ' || i, i % 2
    FROM {numbers}
"""
_VERIFY_POSTGRESQL = """
import sys
from stocktake.restore.connect import postgresql
from stocktake.restore.engines.postgresql.read import contents
with postgresql.source({url!r}) as store:
    assert contents(store)
"""
_VERIFY_SQLITE = """
from stocktake.restore.connect import sqlite
from stocktake.restore.engines.sqlite import contents
with sqlite.source({path!r}) as store:
    assert contents(store)
"""
_DUMP_SQLITE = """
import sqlite3
with open("/dev/null", "w") as file:
    for line in sqlite3.connect({path!r}).iterdump():
        file.write(line)
"""


def measured(folder: Path, rows: int, rounds: int) -> dict[str, Timing]:
    """Both engines with the same rows; the command of SQLite where it is installed, else what Python has for it."""
    path = str(_sqlite(folder / "lines.sqlite", rows))
    with _postgresql(rows) as (programs, url):
        return by_turns(
            {
                DUMP_POSTGRESQL: Command((f"{programs}/pg_dump", f"--dbname={url}", "--file=/dev/null"), folder),
                VERIFY_POSTGRESQL: python(folder, _VERIFY_POSTGRESQL.format(url=url)),
                DUMP_SQLITE: _plain(folder, path),
                VERIFY_SQLITE: python(folder, _VERIFY_SQLITE.format(path=path)),
            },
            rounds,
        )


def _plain(folder: Path, path: str) -> Command:
    if program := shutil.which("sqlite3"):
        return Command((program, "-readonly", path, ".dump"), folder)
    return python(folder, _DUMP_SQLITE.format(path=path))


def _sqlite(path: Path, rows: int) -> Path:
    numbers = f"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) SELECT i FROM n)"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE lines (id integer PRIMARY KEY, name text, amount real, words text, paid int)")
        connection.execute(f"INSERT INTO lines {_ROWS.format(numbers=numbers)}")
        connection.commit()
    return path


@contextmanager
def _postgresql(rows: int) -> Iterator[tuple[Path, str]]:
    sys.path.insert(0, str(ROOT / "tests"))
    from servers.postgres import running

    with running() as server:
        server.sql("CREATE TABLE lines (id int PRIMARY KEY, name text, amount numeric, words text, paid int)")
        server.sql(f"INSERT INTO lines {_ROWS.format(numbers=f'generate_series(1, {rows}) i')}")
        server.sql("VACUUM ANALYZE lines")
        yield server.programs, server.url()

"""A small shop whose backups the tests of drills damage and restore, for both engines."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from servers.postgres import Server, running
from stocktake.load.files import Tree
from stocktake.pipeline import drill as flow
from stocktake.pipeline.drill import Ask, Held

TODAY = date(2026, 11, 24)
SETTINGS = "schema: 1\nenvironments:\n  production: {}\n"
HBA = "local all all trust\nhost all all 127.0.0.1/32 trust\nhost replication all 127.0.0.1/32 trust\n"
TABLES = """
    CREATE TABLE customers (id integer PRIMARY KEY, name text NOT NULL, email text);
    CREATE TABLE lines (id integer PRIMARY KEY, customer integer NOT NULL, words text);
    CREATE INDEX lines_customer ON lines (customer);
    CREATE TABLE notes (id integer PRIMARY KEY, note text);
    CREATE TABLE pending (id integer PRIMARY KEY);
"""
ROWS = """
    INSERT INTO customers SELECT i, 'customer ' || i, 'c' || i || '@shop.example' FROM {numbers} WHERE i <= 500;
    INSERT INTO lines SELECT i, 1 + i % 500, 'words of line ' || i FROM {numbers};
    INSERT INTO notes VALUES (1, 'marked place'), (2, 'another');
"""
CELL = "UPDATE customers SET name = 'customer 0' WHERE id = 7"
EMPTY = "DELETE FROM notes"


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A temporary folder that a server's account can reach: in memory where there is room, since clusters are large."""
    memory = "/dev/shm"
    has_room = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 4_000_000_000
    folder = Path(tempfile.mkdtemp(prefix="t-", dir=memory if has_room else None))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def quick_server(folder: Path, **options: Any) -> Iterator[Server]:
    """A server whose data lies in such a folder."""
    before, tempfile.tempdir = tempfile.tempdir, str(folder)
    try:
        with running(**options) as server:
            yield server
    finally:
        tempfile.tempdir = before


def shop(folder: Path, engine: str, plan: Mapping[str, Any] | None = None, **facts: Any) -> Path:
    """A registry with one store, whose one plan says this."""
    record = {
        "name": "Shop",
        "type": "embedded-db" if engine == "sqlite" else "relational-db",
        "engine": engine,
        "backup": {"rpo": "P1D", "rto": "PT1H", "plans": {"nightly": dict(plan or {})}},
        "instances": {"production": {"connection": "SHOP_URL"}},
        **facts,
    }
    path = folder / "registry/assets/shop.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(yaml.safe_dump(record))
    (folder / "stocktake.yaml").write_text(SETTINGS)
    return folder


def hold(root: Path, url: str = "", backups: Path | None = None, **variables: str) -> Held:
    """Hold the drill of the shop, and write what it leaves behind."""
    known = {"SHOP_URL": url, **({"SHOP_BACKUPS": str(backups)} if backups else {}), **variables}
    ask = Ask("shop", None, None, known)
    held = flow.hold(Tree(str(root)), ask, TODAY, lambda: datetime.now(UTC), lambda text: None)
    for path, content in held.files:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return held


def manifest(root: Path, url: str, backups: Path) -> bytes:
    """What the shop holds now."""
    ask = Ask("shop", None, None, {"SHOP_URL": url, "SHOP_BACKUPS": str(backups)})
    return flow.manifest(Tree(str(root)), ask, lambda: datetime.now(UTC))


def verdict(held: Held) -> tuple[str, str]:
    """(result, cause)."""
    return held.drilled.log.verdict()


def why(held: Held) -> str:
    """The check that decided, and what it said."""
    checks = held.drilled.log.checks
    return next((f"{name}: {said}" for name, (result, said, _) in checks.items() if result == "fail"), "")


def record(held: Held) -> dict[str, Any]:
    """The record as it was written."""
    [(_, content)] = [(path, content) for path, content in held.files if path.endswith(".yaml")]
    found: dict[str, Any] = yaml.safe_load(content)
    return found


def left_behind() -> list[str]:
    """Sandboxes that are still there."""
    from stocktake.restore.sandbox import PREFIX, parent

    return [name for name in os.listdir(parent()) if name.startswith(PREFIX)]


def sqlite_shop(path: Path) -> Path:
    """The shop in one file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(TABLES)
        numbers = "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000) SELECT i FROM n)"
        connection.executescript(ROWS.format(numbers=numbers))
    os.utime(path, (1_700_000_000, 1_700_000_000))
    return path


def sqlite_do(path: Path, sql: str) -> None:
    """Change a file, as if it had always been so."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(sql)


def postgresql_shop(server: Server, database: str) -> str:
    """The shop in a database of a server; its URL."""
    server.sql(f"CREATE DATABASE {database}")
    server.sql(TABLES, database)
    server.sql(ROWS.format(numbers="generate_series(1, 4000) i"), database)
    server.sql("ALTER TABLE customers OWNER TO shopkeeper; GRANT SELECT (id) ON customers TO reporter", database)
    return server.url(database)


def dump(server: Server, database: str, path: Path, form: str) -> Path:
    """What a nightly job would leave behind."""
    options = [f"--format={form}", f"--file={path}", f"--dbname={server.url(database)}"]
    subprocess.run([server.programs / "pg_dump", *options], check=True, capture_output=True)
    return path


def globals_of(server: Server, path: Path) -> Path:
    """The roles, as they belong beside a dump."""
    options = ["--globals-only", "--no-role-passwords", f"--file={path}", f"--dbname={server.url()}"]
    subprocess.run([server.programs / "pg_dumpall", *options], check=True, capture_output=True)
    return path


def base(server: Server, path: Path) -> Path:
    """A copy of the whole cluster."""
    options = [f"--pgdata={path}", "--wal-method=fetch", "--checkpoint=fast", "--no-sync"]
    command = [server.programs / "pg_basebackup", f"--dbname={server.url()}", *options]
    subprocess.run(command, check=True, capture_output=True)
    return path


def flip(path: Path, mark: bytes | None = None) -> None:
    """Change one byte: in the middle, or where a text stands."""
    content = bytearray(path.read_bytes())
    place = content.index(mark) + 2 if mark else len(content) // 2
    content[place] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    """Lose the second half."""
    os.truncate(path, path.stat().st_size // 2)


def holding(folder: Path, mark: bytes) -> Path:
    """The file of a copied cluster in which a text stands."""
    found = [path for path in sorted(folder.rglob("*")) if path.is_file() and "pg_wal" not in path.parts]
    return next(path for path in found if mark in path.read_bytes())


def copied(source: Path, target: Path) -> Path:
    """A backup to damage."""
    return Path(shutil.copytree(source, target) if source.is_dir() else shutil.copy2(source, target))


Damage = Callable[[Path], object]

"""SQLite files as they really lie about: with a log beside them, damaged, in use, or no database at all."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from stocktake.errors import LookError
from stocktake.observe.connect import sqlite as door
from stocktake.observe.connect.open import connect, path_of
from stocktake.observe.probes import sqlite
from stocktake.observe.query import Query, QueryError

CASES = Path(__file__).parent / "cases/observe/sqlite"


OF_THE_MACHINE = ("file.folder_mode", "file.size", "file.written_by")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A file with one of everything, readable by its owner alone."""
    (tmp_path / "data").mkdir(mode=0o750)
    path = tmp_path / "data/shop.sqlite"
    run(path, (CASES / "estate.sql").read_text("utf-8"))
    path.chmod(0o600)
    return path


def run(path: Path, script: str) -> None:
    connection = sqlite3.connect(path)
    connection.executescript(f"PRAGMA synchronous = off; {script}")
    connection.close()


def look(path: Path) -> dict[str, Any]:
    """All facts, and proof that nothing was left in the folder."""
    before = state(path.parent)
    with connect(f"sqlite:///{path}", "/") as ask:
        facts = dict(sqlite.probe(ask))
    assert state(path.parent) == before
    return facts


def state(folder: Path) -> dict[str, tuple[int, int]]:
    return {one.name: (one.stat().st_size, one.stat().st_mtime_ns) for one in sorted(folder.iterdir())}


def settled(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts that do not depend on the version of the library."""
    return {name: value for name, value in sorted(facts.items()) if name not in OF_THE_MACHINE}


def test_everything_that_a_file_shows_is_read(shop: Path, accept: bool) -> None:
    found = settled(look(shop))
    expected = CASES / "expected.json"
    if accept:
        expected.write_text(json.dumps(found, indent=1, ensure_ascii=True) + "\n")

    assert found == json.loads(expected.read_text())


def test_modes_of_the_file_and_of_its_folder_are_told(shop: Path) -> None:
    facts = look(shop)

    assert facts["file.mode"] == "0600"
    assert facts["file.folder_mode"] == f"{shop.parent.stat().st_mode & 0o7777:04o}"


def test_a_file_with_a_log_at_rest_is_read_and_nothing_is_left_beside_it(shop: Path) -> None:
    run(shop, "PRAGMA journal_mode = wal; CREATE TABLE later (x)")
    facts = look(shop)

    assert facts["settings[journal_mode].value"] == "wal"
    assert facts["file.shm"] is False
    assert "schema.tables[main.later].kind" in facts


def test_what_stands_in_the_log_of_a_file_in_use_is_seen(shop: Path) -> None:
    writer = sqlite3.connect(shop)
    writer.executescript("PRAGMA journal_mode = wal; CREATE TABLE later (x)")
    facts = look(shop)
    writer.close()

    assert facts["file.shm"] is True
    assert facts["file.wal_bytes"] > 0
    assert "schema.tables[main.later].kind" in facts


def test_a_log_that_nobody_has_open_makes_the_rest_unknown_and_not_wrong(shop: Path, tmp_path: Path) -> None:
    writer = sqlite3.connect(shop)
    writer.executescript("PRAGMA journal_mode = wal; CREATE TABLE later (x)")
    (tmp_path / "copy").mkdir()
    copy = tmp_path / "copy/shop.sqlite"
    copy.write_bytes(shop.read_bytes())
    (tmp_path / "copy/shop.sqlite-wal").write_bytes(Path(f"{shop}-wal").read_bytes())
    writer.close()
    facts = look(copy)

    assert facts["file.wal_bytes"] > 0
    assert "changes in the log beside the file" in facts["not_read[schema.tables].reason"]
    assert "not_read[integrity.result].reason" in facts
    assert not [name for name in facts if name.startswith("schema.tables")]


def test_a_locked_file_is_told(shop: Path) -> None:
    writer = sqlite3.connect(shop, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    with connect(f"sqlite:///{shop}", "/") as ask:
        facts = dict(sqlite.probe(ask))
    writer.close()

    assert facts["not_read[schema.tables].reason"] == "database is locked"
    assert facts["file.mode"] == "0600"


def test_a_damaged_page_is_found(shop: Path) -> None:
    run(
        shop,
        "WITH RECURSIVE n(x) AS (SELECT 2 UNION ALL SELECT x + 1 FROM n WHERE x < 3000) "
        "INSERT INTO books (isbn, title) SELECT x, 'A title of some length ' || x FROM n",
    )
    damage(shop, at=5 * 4096)
    facts = look(shop)

    assert facts["integrity.result"] != "ok"


def test_a_damaged_schema_is_told_and_is_not_our_mistake(shop: Path) -> None:
    damage(shop, at=110)
    facts = look(shop)

    assert facts["integrity.result"] != "ok"


def damage(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at : at + 200] = os.urandom(1) * 200
    path.write_bytes(content)


def test_violated_references_are_counted(shop: Path) -> None:
    run(shop, "INSERT INTO orders (book, quantity) VALUES ('no such book', 1)")

    assert look(shop)["integrity.foreign_key_violations"] == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PK\x03\x04 a zip file, with some more bytes", "is not a SQLite database, or it is encrypted"),
        (os.urandom(8192), "is not a SQLite database, or it is encrypted"),
        (None, "No such file or directory"),
    ],
    ids=["zip", "encrypted", "missing"],
)
def test_what_is_no_database_is_told(tmp_path: Path, content: bytes | None, told: str) -> None:
    path = tmp_path / "some.sqlite"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(LookError, match=told):
        look(path)


def test_a_truncated_file_is_no_mistake_of_ours(shop: Path) -> None:
    shop.write_bytes(shop.read_bytes()[:5000])

    assert look(shop)["integrity.result"] != "ok"


def test_an_empty_file_is_an_empty_database(tmp_path: Path) -> None:
    (tmp_path / "empty.sqlite").touch()
    facts = look(tmp_path / "empty.sqlite")

    assert facts["integrity.result"] == "ok"
    assert facts["schema.read"] == ["main"]
    assert not [name for name in facts if name.startswith("schema.tables")]


def test_folders_and_pipes_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(LookError, match="is not a regular file"):
            look(path)


@pytest.mark.parametrize(
    "statement", ["CREATE TABLE mine (x)", "DELETE FROM books", "PRAGMA user_version = 9", "VACUUM"]
)
def test_nothing_can_be_written_through_the_door(shop: Path, statement: str) -> None:
    before = shop.read_bytes()
    with connect(f"sqlite:///{shop}", "/") as ask, pytest.raises(QueryError):
        ask(Query("write", "", statement))

    assert shop.read_bytes() == before


def test_a_check_that_takes_too_long_is_one_unanswered_question(shop: Path) -> None:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) AS c FROM n"
    started = time.monotonic()
    with door.File(str(shop), seconds=0.3) as ask:
        with pytest.raises(QueryError, match=r"took longer than 0\.3 seconds"):
            ask(Query("slow", "slow", endless))

        assert ask(Query("one", "one", "SELECT 1 AS one")) == [{"one": 1}]
    assert time.monotonic() - started < 5


def test_a_file_that_git_would_keep_is_still_only_read(shop: Path) -> None:
    shop.chmod(0o400)

    assert look(shop)["file.mode"] == "0400"


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///var/x.sqlite", "var/x.sqlite"),
        ("sqlite:////srv/x.sqlite", "/srv/x.sqlite"),
        ("sqlite+pysqlite:////srv/a%20b.sqlite?mode=rw", "/srv/a b.sqlite"),
    ],
)
def test_a_url_leads_to_a_path(url: str, path: str) -> None:
    assert path_of(url) == path


def test_a_url_without_a_path_is_refused() -> None:
    with pytest.raises(LookError, match="the URL names no file"):
        path_of("sqlite://")

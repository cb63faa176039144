"""`stocktake observe`: which stores are looked at, what is kept, and what the exit code says."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registries import SETTINGS, Run, runner, write
from servers.postgres import Server, programs, running
from stocktake.observe.probes.table import PROBES

PASSWORD = "tadpole-harbour-7"
FILES = {
    "stocktake.yaml": SETTINGS.replace("production: {}", "production: {}\n  staging: {}"),
    "registry/assets/orders-db.yaml": "name: Orders\ntype: relational-db\ninstances:\n"
    "  production: {connection: ORDERS_URL, endpoint: 'evil.example:5432/orders'}\n  staging: {}\n",
    "registry/assets/notes.yaml": "name: Notes\ntype: embedded-db\nconnection: NOTES_URL\n",
    "registry/assets/cache.yaml": "name: Cache\ntype: cache\n",
}
DAY = ("--today", "2026-06-30")


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    hba = "local all all trust\nhost all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
    with running(hba=hba) as started:
        started.sql(f"CREATE ROLE stocktake LOGIN PASSWORD '{PASSWORD}' IN ROLE pg_monitor")
        yield started


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A registry with two stores, of which the file is there."""
    monkeypatch.delenv("ORDERS_URL", raising=False)
    monkeypatch.setenv("NOTES_URL", "sqlite:///notes.sqlite")
    write(tmp_path, FILES)
    notes(tmp_path, "CREATE TABLE notes (text)")
    return tmp_path


def notes(place: Path, statement: str) -> None:
    connection = sqlite3.connect(place / "notes.sqlite")
    connection.execute(statement)
    connection.close()


def observed(place: Path, source: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((place / f"observed/{source}.json").read_text())
    return data


def test_a_store_is_seen_and_what_was_seen_is_kept(place: Path, run: Run) -> None:
    said = run("observe", "notes", "-C", str(place), *DAY)
    seen = observed(place, "notes")

    assert said == (0, "seen: notes: sqlite, 1 tables and views, 6 settings\n", "")
    assert seen["things"]["notes"]["identifiers"] == ["record:asset/notes"]
    assert "schema.tables[main.notes].kind" in seen["things"]["notes"]["facts"]
    assert observed(place, "last-looked")["sources"] == {"notes": "2026-06-30"}


def test_a_second_look_at_the_same_store_changes_the_day_alone(place: Path, run: Run) -> None:
    run("observe", "notes", "-C", str(place), *DAY)
    before = (place / "observed/notes.json").read_bytes()
    run("observe", "notes", "-C", str(place), "--today", "2026-07-01")

    assert (place / "observed/notes.json").read_bytes() == before
    assert observed(place, "last-looked")["sources"] == {"notes": "2026-07-01"}


def test_what_could_not_be_looked_at_is_told_and_exits_with_4(place: Path, run: Run) -> None:
    said = run("observe", "-C", str(place), *DAY)

    assert said.exit_code == 4
    assert said.lines[1] == ("not looked: orders-db-production: the environment variable ORDERS_URL is not set")
    assert observed(place, "orders-db-production")["status"] == "not-looked"
    assert observed(place, "last-looked")["sources"] == {"notes": "2026-06-30"}


def test_a_failed_look_keeps_what_an_earlier_one_saw_under_its_own_day(place: Path, run: Run) -> None:
    run("observe", "notes", "-C", str(place), *DAY)
    (place / "notes.sqlite").unlink()
    said = run("observe", "notes", "-C", str(place), "--today", "2026-07-05")
    seen = observed(place, "notes")

    assert said.exit_code == 4
    assert (seen["status"], seen["reason"]) == ("not-looked", "No such file or directory")
    assert "schema.tables[main.notes].kind" in seen["things"]["notes"]["facts"]
    assert observed(place, "last-looked")["sources"] == {"notes": "2026-06-30"}


def test_observations_of_stores_that_are_gone_are_removed(place: Path, run: Run) -> None:
    run("observe", "-C", str(place), *DAY)
    (place / "registry/assets/notes.yaml").write_text("name: Notes\ntype: embedded-db\n")
    run("observe", "-C", str(place), *DAY)

    assert sorted(path.name for path in (place / "observed").iterdir()) == [
        "last-looked.json",
        "orders-db-production.json",
    ]


def test_a_dry_run_writes_nothing(place: Path, run: Run) -> None:
    assert run("observe", "notes", "--dry-run", "-C", str(place), *DAY).exit_code == 0
    assert not (place / "observed").exists()


def test_an_environment_alone_can_be_looked_at(place: Path, run: Run) -> None:
    said = run("observe", "--environment", "production", "-C", str(place), *DAY)

    assert len(said.lines) == 1
    assert "orders-db-production" in said.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("order-db",), "There is no asset order-db. Did you mean orders-db?"),
        (("cache",), "asset/cache names no connection."),
        (("--environment", "moon"), "moon is not one of the environments in stocktake.yaml"),
        (("notes", "--environment", "staging"), "There is nothing to look at."),
        (("--from", "stocktake.yaml"), "Answers in a file are of one store."),
    ],
)
def test_what_makes_no_sense_is_told_and_exits_with_2(
    place: Path, run: Run, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], told: str
) -> None:
    monkeypatch.chdir(place)
    said = run("observe", *arguments, *DAY)

    assert said.exit_code == 2
    assert told in said.err


def test_two_observations_never_share_a_file(place: Path, run: Run) -> None:
    settings = FILES["stocktake.yaml"] + "sources:\n  notes: {path: src}\n"
    (place / "stocktake.yaml").write_text(settings)
    said = run("observe", "notes", "-C", str(place), *DAY)

    assert said.exit_code == 2
    assert "asset/notes and sources.notes would both be written to observed/notes.json" in said.err


def test_a_record_cannot_say_where_to_connect(
    place: Path, run: Run, monkeypatch: pytest.MonkeyPatch, server: Server
) -> None:
    monkeypatch.setenv("ORDERS_URL", server.url("postgres", "stocktake", PASSWORD))
    said = run("observe", "orders-db", "-C", str(place), *DAY)
    seen = observed(place, "orders-db-production")

    assert said.exit_code == 0
    assert seen["role"] == "stocktake"
    assert seen["things"]["orders-db"]["facts"]["version"].startswith("18.")


def test_no_credential_is_in_anything_that_is_said_or_written(
    place: Path, run: Run, monkeypatch: pytest.MonkeyPatch, server: Server
) -> None:
    said = ""
    for url in (
        server.url("postgres", "stocktake", PASSWORD),
        server.url("postgres", "nobody", PASSWORD),
        server.url("postgres", "stocktake", f"not-{PASSWORD}"),
        server.url("postgres", "stocktake", PASSWORD, sslmode="require"),
        server.url("postgres", "stocktake", PASSWORD).replace("postgresql:", "mysql:"),
        f"postgresql://stocktake:{PASSWORD}@127.0.0.1:{server.port}x/{PASSWORD}",
        PASSWORD,
    ):
        monkeypatch.setenv("ORDERS_URL", url)
        for form in ("text", "json"):
            result = run("observe", "orders-db", "--output-format", form, "-C", str(place), *DAY)
            said += result.out + result.err
            said += "".join(path.read_text() for path in (place / "observed").iterdir())

    assert "not-looked" in said
    assert PASSWORD not in said


def test_the_output_of_the_script_takes_the_place_of_a_connection(place: Path, run: Run, server: Server) -> None:
    (place / "queries.sql").write_text(run("explain", "--queries", "postgresql").out)
    command = [str(programs() / "psql"), "--no-psqlrc", "--file=queries.sql", server.url()]
    with (place / "answers.json").open("wb") as answers:
        subprocess.run(command, cwd=place, stdout=answers, check=True)
    said = run("observe", "orders-db", "--from", str(place / "answers.json"), "-C", str(place), *DAY)

    assert said.out.startswith("seen as postgres: orders-db-production: postgresql 18.")
    assert said.exit_code == 0


@pytest.mark.parametrize("text", ["", "no answers", '{"query": "server", "rows": [{"number": "many"}]}', "\x00"])
def test_a_file_of_something_else_is_not_looked_at(place: Path, run: Run, text: str) -> None:
    (place / "answers.json").write_text(text)
    said = run("observe", "orders-db", "--from", str(place / "answers.json"), "-C", str(place), *DAY)

    assert said.exit_code == 4
    assert "the file" in said.out


def test_a_mistake_of_ours_in_one_probe_stops_no_other(
    place: Path, run: Run, monkeypatch: pytest.MonkeyPatch, server: Server
) -> None:
    monkeypatch.setenv("ORDERS_URL", server.url("postgres", "stocktake", PASSWORD))
    monkeypatch.setattr("stocktake.pipeline.observe.PROBES", {**PROBES, "postgresql": broken})
    said = run("observe", "-C", str(place), *DAY)

    assert said.exit_code == 3
    assert "ZeroDivisionError" in said.err
    assert "seen: notes" in said.out
    assert observed(place, "orders-db-production")["reason"] == "a mistake in Stocktake"


def broken(*_: object) -> Iterator[Any]:
    yield "engine", 1 / 0


def test_the_rights_that_are_printed_are_those_that_are_tried(run: Run) -> None:
    from stocktake.observe.script import PRIVILEGES

    assert run("explain", "--privileges", "postgresql").out == PRIVILEGES["postgresql"]
    assert run("explain", "--privileges", "mysql").exit_code == 2


def test_a_file_in_git_is_told(place: Path, run: Run) -> None:
    subprocess.run(["git", "init", "-q", "."], cwd=place, check=True)
    run("observe", "notes", "-C", str(place), *DAY)
    before = observed(place, "notes")["things"]["notes"]["facts"]["file.tracked_by_git"]
    subprocess.run(["git", "add", "notes.sqlite"], cwd=place, check=True)
    run("observe", "notes", "-C", str(place), *DAY)

    assert before is False
    assert observed(place, "notes")["things"]["notes"]["facts"]["file.tracked_by_git"] is True


def test_what_a_scan_saw_stays(place: Path, run: Run) -> None:
    (place / "stocktake.yaml").write_text(FILES["stocktake.yaml"] + "sources:\n  code: {path: src}\n")
    (place / "src").mkdir()
    (place / "src/x.env").write_text("A=1\n")
    run("discover", "-C", str(place), *DAY)
    run("observe", "notes", "-C", str(place), *DAY)

    assert sorted(observed(place, "last-looked")["sources"]) == ["code", "notes"]


def test_the_check_takes_what_was_seen(place: Path, run: Run) -> None:
    run("observe", "notes", "-C", str(place), *DAY)
    (place / "registry/assets/notes.yaml").write_text(
        "name: Notes\ntype: embedded-db\nengine: duckdb\nconnection: NOTES_URL\n"
    )
    said = run("check", "-C", str(place), *DAY)

    assert 'engine: declared "duckdb", seen "sqlite" in notes' in said.out


def test_what_was_seen_of_odd_names_can_be_accepted_and_then_nothing_differs(place: Path, run: Run) -> None:
    long = "x" * 250
    many = ", ".join(f"column_with_a_long_name_{number}" for number in range(30))
    notes(place, 'CREATE TABLE "two\nlines \u202egnihton ""quoted"" [x]" ("a\nb" text DEFAULT \'\u200b\')')
    notes(place, f'CREATE TABLE "{long}" (a text); ')
    notes(place, f"CREATE TABLE wide ({many})")
    notes(place, f"CREATE INDEX wide_all ON wide ({many})")
    assert run("observe", "notes", "-C", str(place), *DAY)[0] == 0
    assert run("baseline", "accept", "notes", "--environment", "production", "-C", str(place), *DAY)[0] == 0
    code, said, _ = run("baseline", "show", "notes", "--environment", "production", "-C", str(place), *DAY)
    assert code == 0
    assert "no differences from baseline/notes-production" in said
    notes(place, 'DROP TABLE "two\nlines \u202egnihton ""quoted"" [x]"')
    run("observe", "notes", "-C", str(place), *DAY)
    said = run("baseline", "show", "notes", "--environment", "production", "-C", str(place), *DAY)[1]
    assert "⟨U+202E⟩gnihton" in said

"""Drills of SQLite files: a good backup passes, and nothing else does."""

import gzip
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from drills import (
    CELL,
    EMPTY,
    TODAY,
    cut,
    flip,
    hold,
    left_behind,
    manifest,
    record,
    shop,
    sqlite_do,
    sqlite_shop,
    verdict,
    why,
)
from registries import runner
from stocktake.errors import UsageError
from stocktake.load.files import Tree, schema_folder
from stocktake.load.schemas import read_schemas
from stocktake.pipeline.check import check
from stocktake.restore.log import CHECKS

SCHEMAS = read_schemas(Tree(schema_folder()))
PLAN = {"kind": "full", "location": "SHOP_BACKUPS"}
ERASURES = "DELETE FROM customers WHERE id IN (7, 8);\n"
PERSONAL = {"datasets": {"customers": {"personal_data": "personal"}}}


@pytest.fixture(autouse=True)
def own_sandboxes(tmp_path, monkeypatch):
    """Sandboxes of one test are nobody else's."""
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    monkeypatch.setattr("tempfile.tempdir", None)


@pytest.fixture
def source(tmp_path):
    return sqlite_shop(tmp_path / "shop.sqlite")


@pytest.fixture
def backups(tmp_path, source):
    folder = tmp_path / "backups"
    folder.mkdir()
    with closing(sqlite3.connect(source)) as connection, closing(sqlite3.connect(folder / "shop.sqlite")) as target:
        connection.backup(target)
    return folder


def url(path):
    return f"sqlite:///{path}"


def test_a_good_backup_passes_and_leaves_nothing_behind(tmp_path, source, backups):
    before = (backups / "shop.sqlite").read_bytes()

    held = hold(shop(tmp_path / "estate", "sqlite", PLAN), url(source), backups)

    assert verdict(held) == ("passed", "none")
    assert (backups / "shop.sqlite").read_bytes() == before
    assert os.listdir(backups) == ["shop.sqlite"]
    assert left_behind() == []


def test_a_drill_that_passed_closes_the_finding(tmp_path, source, backups):
    root = shop(tmp_path / "estate", "sqlite", PLAN)

    def failing():
        report = check(Tree(str(root)), TODAY)
        assert report.problems == ()
        return {outcome.rule for outcome in report.of("fail")}

    assert "BKP002" in failing()

    hold(root, url(source), backups)

    assert not failing() & {"BKP002", "BKP003", "BKP005", "BKP006", "BKP007"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text + '{"event": "result", "result": "passed"}\n',
        lambda text: text.replace('"asset": "shop"', '"asset": "other"'),
        lambda text: "",
        lambda text: "[]\n",
        lambda text: "no JSON\n",
        lambda text: text + "\n{",
    ],
    ids=["a line more", "another store", "empty", "a list", "no JSON", "half a line"],
)
def test_evidence_that_is_not_what_the_drill_wrote_does_not_count(tmp_path, source, backups, spoil):
    root = shop(tmp_path / "estate", "sqlite", PLAN)
    hold(root, url(source), backups)
    [proof] = (root / "observed/drills").iterdir()
    proof.write_text(spoil(proof.read_text()))

    report = check(Tree(str(root)), TODAY)

    assert report.problems == ()
    assert {"BKP002", "BKP007"} <= {outcome.rule for outcome in report.of("fail")}


def test_a_drill_that_failed_is_a_finding(tmp_path, source, backups):
    root = shop(tmp_path / "estate", "sqlite", PLAN)
    sqlite_do(backups / "shop.sqlite", EMPTY)
    hold(root, url(source), backups)

    report = check(Tree(str(root)), TODAY)

    [failed] = [outcome for outcome in report.of("fail") if outcome.rule == "BKP005"]
    assert failed.message == "drill/shop-production-2026-11-24 failed: data mismatch"


def test_every_field_of_the_record_is_there_when_nothing_could_be_restored(tmp_path, source, backups):
    (backups / "shop.sqlite").unlink()

    held = hold(shop(tmp_path / "estate", "sqlite", PLAN), url(source), backups)

    assert verdict(held) == ("no-verdict", "no-backup")
    assert set(SCHEMAS.kind("drill").required) <= set(record(held))
    assert set(record(held)["checks"]) == set(CHECKS)
    assert record(held)["checks"]["content"] == {"result": "unknown", "message": "the drill ended before"}


def test_without_a_folder_of_backups_the_drill_makes_one(tmp_path, source):
    held = hold(shop(tmp_path / "estate", "sqlite", {}), url(source))

    assert verdict(held) == ("passed", "none")
    assert record(held)["measured_rpo"] == "not-measured"
    assert record(held)["backups"]["backup.sqlite"]["use"] == "made"


def test_nothing_is_left_beside_a_source_with_a_log_at_rest(tmp_path, source, backups):
    sqlite_do(source, "PRAGMA journal_mode = wal")
    shutil.copy2(source, backups / "shop.sqlite")
    before = sorted(os.listdir(source.parent))

    held = hold(shop(tmp_path / "estate", "sqlite", PLAN), url(source), backups)

    assert verdict(held) == ("passed", "none")
    assert sorted({*os.listdir(source.parent)} - {"estate"}) == before


def test_a_log_that_only_readers_left_is_no_change_of_the_source(tmp_path, source, backups):
    Path(f"{source}-wal").touch()
    sqlite_do(backups / "shop.sqlite", EMPTY)
    os.utime(backups / "shop.sqlite", (1_700_000_100, 1_700_000_100))

    held = hold(shop(tmp_path / "estate", "sqlite", PLAN), url(source), backups)

    assert verdict(held) == ("failed", "data-mismatch")


def test_what_is_only_in_the_log_of_the_source_is_backed_up_too(tmp_path, source):
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("INSERT INTO notes VALUES (3, 'in the log')")
        connection.commit()

        held = hold(shop(tmp_path / "estate", "sqlite", {}), url(source))

    assert verdict(held) == ("passed", "none")
    assert "4,503 rows" in dict_of(held)["counts"]


def dict_of(held):
    return {name: said for name, (_, said, _) in held.drilled.log.checks.items()}


def test_a_copy_that_lost_the_log_fails(tmp_path, source, backups):
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("INSERT INTO notes VALUES (3, 'in the log')")
        connection.commit()
        shutil.copy(source, backups / "shop.sqlite")
        os.utime(backups / "shop.sqlite", (4e9, 4e9))

        held = hold(shop(tmp_path / "estate", "sqlite", PLAN), url(source), backups)

    assert verdict(held) == ("failed", "data-mismatch")


def test_the_newest_backup_is_restored_and_the_others_are_named(tmp_path, source, backups):
    os.rename(backups / "shop.sqlite", backups / "shop-2026-11-23T020000Z.sqlite")
    shutil.copy(backups / "shop-2026-11-23T020000Z.sqlite", backups / "shop-2026-11-22T020000Z.sqlite")
    (backups / "old.dump").write_bytes(b"PGDMP")
    os.utime(backups / "old.dump", (1e9, 1e9))
    (backups / "README.md").write_text("what lies here")
    (backups / "latest.sqlite").symlink_to("shop-2026-11-22T020000Z.sqlite")
    os.mkfifo(backups / "pipe.sqlite")

    held = hold(shop(tmp_path / "estate", "sqlite", PLAN), url(source), backups)

    found = record(held)["backups"]
    assert {name: (each["use"], each.get("reason")) for name, each in found.items()} == {
        "shop-2026-11-23T020000Z.sqlite": ("restored", None),
        "shop-2026-11-22T020000Z.sqlite": ("passed-over", "older than shop-2026-11-23T020000Z.sqlite"),
        "latest.sqlite": ("passed-over", "a link, which is not followed"),
        "old.dump": ("passed-over", "not a backup that can be read"),
        "pipe.sqlite": ("passed-over", "neither a file nor a folder"),
    }
    assert record(held)["backup_set"] == "shop-2026-11-23T020000Z.sqlite"


def test_the_newest_backup_damaged_at_its_beginning_is_not_passed_over_in_silence(tmp_path, source, backups):
    shutil.copy(backups / "shop.sqlite", backups / "shop-2026-11-23T020000Z.sqlite")
    content = bytearray((backups / "shop.sqlite").read_bytes())
    content[3] ^= 1
    (backups / "shop-2026-11-24T020000Z.sqlite").write_bytes(content)
    (backups / "shop.sqlite").unlink()

    held = hold(shop(tmp_path / "estate", "sqlite", PLAN), url(source), backups)

    assert verdict(held) == ("failed", "corruption")
    assert "shop-2026-11-24T020000Z.sqlite" in why(held)


def test_a_packed_backup_is_unpacked_and_a_damaged_one_fails(tmp_path, source, backups):
    content = (backups / "shop.sqlite").read_bytes()
    (backups / "shop.sqlite").unlink()
    packed = backups / "shop-2026-11-24T020000Z.sqlite.gz"
    packed.write_bytes(gzip.compress(content))

    assert verdict(hold(shop(tmp_path / "estate", "sqlite", PLAN), url(source), backups)) == ("passed", "none")

    cut(packed)

    assert verdict(hold(shop(tmp_path / "other", "sqlite", PLAN), url(source), backups)) == ("failed", "corruption")


def test_what_was_never_meant_to_be_a_backup_does_not_count_against_one(tmp_path, source, backups):
    (backups / "lost+found").mkdir()
    (backups / "notes-2026-11-25T020000Z.odt").write_bytes(b"PK")

    assert verdict(hold(shop(tmp_path / "estate", "sqlite", PLAN), url(source), backups)) == ("passed", "none")


def test_an_encrypted_backup_needs_a_key(tmp_path, source, backups):
    (backups / "shop.sqlite").unlink()
    (backups / "shop-2026-11-24T020000Z.sqlite.enc").write_bytes(b"Salted__" + bytes(100))

    held = hold(shop(tmp_path / "estate", "sqlite", PLAN), url(source), backups)

    assert verdict(held) == ("no-verdict", "key-missing")


def test_a_difference_is_not_the_backups_fault_where_the_source_moved_on(tmp_path, source, backups):
    os.utime(backups / "shop.sqlite", (1_600_000_000, 1_600_000_000))
    sqlite_do(source, CELL)

    held = hold(shop(tmp_path / "estate", "sqlite", PLAN), url(source), backups)

    assert verdict(held) == ("no-verdict", "not-comparable")


def test_a_manifest_beside_the_backup_decides_where_the_source_moved_on(tmp_path, source, backups):
    root = shop(tmp_path / "estate", "sqlite", PLAN)
    (backups / "shop.sqlite.manifest.json").write_bytes(manifest(root, url(source), backups))
    os.utime(backups / "shop.sqlite", (1_600_000_000, 1_600_000_000))
    sqlite_do(source, CELL)

    assert verdict(hold(root, url(source), backups)) == ("passed", "none")

    sqlite_do(backups / "shop.sqlite", "UPDATE notes SET note = 'other' WHERE id = 2")

    assert verdict(hold(root, url(source), backups)) == ("failed", "data-mismatch")


def test_a_source_without_rows_proves_nothing(tmp_path, source, backups):
    for file in (source, backups / "shop.sqlite"):
        for table in ("customers", "lines", "notes"):
            sqlite_do(file, f"DELETE FROM {table}")

    held = hold(shop(tmp_path / "estate", "sqlite", PLAN), url(source), backups)

    assert verdict(held) == ("no-verdict", "not-comparable")
    assert "vacuous" in dict_of(held)["content"]


def test_a_table_that_is_empty_on_both_sides_is_no_difference(tmp_path, source, backups):
    assert verdict(hold(shop(tmp_path / "estate", "sqlite", PLAN), url(source), backups)) == ("passed", "none")


def test_a_missing_index_is_a_difference(tmp_path, source, backups):
    sqlite_do(backups / "shop.sqlite", "DROP INDEX lines_customer")

    held = hold(shop(tmp_path / "estate", "sqlite", PLAN), url(source), backups)

    assert verdict(held) == ("failed", "data-mismatch")
    assert why(held).startswith("schema: 1 definition differ; only at the source: index lines_customer on lines")


def test_a_source_that_is_gone_leaves_no_verdict(tmp_path, source, backups):
    source.unlink()

    held = hold(shop(tmp_path / "estate", "sqlite", PLAN), url(source), backups)

    assert verdict(held) == ("no-verdict", "not-comparable")
    assert held.drilled.log.checks["content"][1] == "the source cannot be read: unable to open database file"
    assert held.drilled.log.checks["integrity"][0] == "pass"


def test_a_text_that_is_not_utf_8_is_compared_too(tmp_path, source, backups):
    for file in (source, backups / "shop.sqlite"):
        sqlite_do(file, "UPDATE notes SET note = CAST(x'ff41' AS TEXT) WHERE id = 1")
    os.utime(source, (1_700_000_000, 1_700_000_000))

    assert verdict(hold(shop(tmp_path / "estate", "sqlite", PLAN), url(source), backups)) == ("passed", "none")

    sqlite_do(backups / "shop.sqlite", "UPDATE notes SET note = CAST(x'fe41' AS TEXT) WHERE id = 1")

    assert verdict(hold(shop(tmp_path / "other", "sqlite", PLAN), url(source), backups)) == ("failed", "data-mismatch")


@pytest.mark.parametrize(
    ("sql", "result"),
    [
        (ERASURES, "pass"),
        ("INSERT INTO notes (note) VALUES ('again');\n", "fail"),
        ("DELETE FROM nobody;\n", "fail"),
        ("ATTACH DATABASE '{outside}' AS other; CREATE TABLE other.taken (a); DELETE FROM customers;\n", "fail"),
        ("VACUUM INTO '{outside}';\n", "fail"),
    ],
)
def test_the_erasure_replay_is_run_and_checked_and_cannot_leave_the_sandbox(tmp_path, source, backups, sql, result):
    outside = tmp_path / "outside.sqlite"
    root = shop(tmp_path / "estate", "sqlite", {**PLAN, "erasure_replay": "erase.sql"}, **PERSONAL)
    (root / "erase.sql").write_text(sql.format(outside=outside))

    held = hold(root, url(source), backups)

    assert held.drilled.log.checks["erasure"][0] == result
    assert not outside.exists()


def test_personal_data_without_a_replay_leaves_no_verdict(tmp_path, source, backups):
    held = hold(shop(tmp_path / "estate", "sqlite", PLAN, **PERSONAL), url(source), backups)

    assert verdict(held) == ("no-verdict", "procedure")


def test_a_disk_without_room_leaves_no_verdict(tmp_path, source, backups, monkeypatch):
    with open(backups / "shop.sqlite", "r+b") as file:
        file.truncate(1 << 43)

    held = hold(shop(tmp_path / "estate", "sqlite", PLAN), url(source), backups)

    assert verdict(held) == ("no-verdict", "capacity")
    assert left_behind() == []


@pytest.mark.parametrize("damage", [flip, cut])
def test_a_second_drill_of_a_day_gets_an_id_of_its_own(tmp_path, source, backups, damage):
    root = shop(tmp_path / "estate", "sqlite", PLAN)
    hold(root, url(source), backups)
    damage(backups / "shop.sqlite")

    hold(root, url(source), backups)

    names = sorted(path.stem for path in (root / "registry/drills").iterdir())
    assert names == ["shop-production-2026-11-24", "shop-production-2026-11-24-nightly"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("drill", "shopp"), "There is no asset/shopp. Did you mean shop?"),
        (("drill", "shop", "--plan", "weekly"), "asset/shop has no backup plan weekly. It has nightly."),
        (("drill", "shop", "--environment", "staging"), "asset/shop is not in staging. It has production."),
        (("drill", "shop"), "SHOP_BACKUPS is not set. Set it to the folder that holds the backups of this plan."),
    ],
)
def test_a_drill_that_cannot_be_held_as_asked_says_why(tmp_path, capfd, arguments, told):
    root = shop(tmp_path / "estate", "sqlite", PLAN)

    said = runner(capfd)(*arguments, "-C", str(root))

    assert said.exit_code == 2
    assert told in said.err


def test_an_engine_that_no_drill_knows_is_named(tmp_path):
    with pytest.raises(UsageError, match="Drills know postgresql, sqlite"):
        hold(shop(tmp_path / "estate", "mariadb", {}))


def test_a_dry_run_says_what_would_be_done_and_does_nothing(tmp_path, source, backups, capfd, monkeypatch):
    root = shop(tmp_path / "estate", "sqlite", PLAN)
    monkeypatch.setenv("SHOP_URL", url(source))
    monkeypatch.setenv("SHOP_BACKUPS", str(backups))

    said = runner(capfd)("drill", "shop", "--dry-run", "-C", str(root))

    assert said.exit_code == 0
    assert said.lines[0] == "would restore shop.sqlite"
    assert not (root / "observed").exists()


@pytest.mark.parametrize(("spoil", "code"), [(None, 0), (EMPTY, 0), ("gone", 4)])
def test_the_exit_code_is_that_of_a_look_and_not_of_what_was_found(
    tmp_path, source, backups, capfd, monkeypatch, spoil, code
):
    root = shop(tmp_path / "estate", "sqlite", PLAN)
    monkeypatch.setenv("SHOP_URL", url(source))
    monkeypatch.setenv("SHOP_BACKUPS", str(backups))
    if spoil == "gone":
        (backups / "shop.sqlite").unlink()
    elif spoil:
        sqlite_do(backups / "shop.sqlite", spoil)

    assert runner(capfd)("drill", "shop", "-C", str(root)).exit_code == code


# A drill that takes its time: the erasure replay counts until somebody stops it.
SLOW = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n;\n"


def started(tmp_path, source, backups):
    root = shop(tmp_path / "estate", "sqlite", {**PLAN, "erasure_replay": "erase.sql"}, **PERSONAL)
    (root / "erase.sql").write_text(SLOW)
    command = [sys.executable, "-c", "from stocktake.cli.start import main; main()", "drill", "shop", "-C", str(root)]
    process = subprocess.Popen(command, env={**os.environ, "SHOP_URL": url(source), "SHOP_BACKUPS": str(backups)})
    until = time.monotonic() + 20
    while not list(Path(os.environ["TMPDIR"]).glob("*/restored.sqlite")) and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.1)
    return process


def test_a_drill_that_was_killed_is_cleaned_up_by_the_next_one(tmp_path, source, backups):
    process = started(tmp_path, source, backups)
    [lived] = left_behind()
    process.kill()
    process.wait()
    assert left_behind() == [lived]

    held = hold(shop(tmp_path / "other", "sqlite", PLAN), url(source), backups)

    assert [Path(folder).name for folder in held.swept] == [lived]
    assert left_behind() == []


def test_the_sandbox_of_a_drill_that_lives_is_left_alone(tmp_path, source, backups):
    process = started(tmp_path, source, backups)
    try:
        held = hold(shop(tmp_path / "other", "sqlite", PLAN), url(source), backups)

        assert held.swept == ()
        assert len(left_behind()) == 1
    finally:
        process.kill()
        process.wait()


def test_a_folder_that_only_looks_like_a_sandbox_is_left_alone(tmp_path, source, backups):
    place = Path(os.environ["TMPDIR"])
    (place / "stocktake-drill-mine").mkdir()
    (place / "stocktake-drill-other").mkdir()
    (place / "stocktake-drill-other/sandbox.json").write_text('{"token": "x"}')
    (place / "stocktake-drill-link").symlink_to(backups)

    held = hold(shop(tmp_path / "estate", "sqlite", PLAN), url(source), backups)

    assert held.swept == ()
    assert len(left_behind()) == 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["SIGTERM", "SIGHUP"])
def test_a_signal_to_end_takes_the_sandbox_down(tmp_path, source, backups, number):
    process = started(tmp_path, source, backups)

    process.send_signal(number)

    assert process.wait(20) == 130
    assert left_behind() == []

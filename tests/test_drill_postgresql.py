"""Drills of PostgreSQL on real servers: dumps and copies of clusters, restored into a server of the drill's own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from drills import (
    HBA,
    base,
    dump,
    globals_of,
    hold,
    left_behind,
    manifest,
    postgresql_shop,
    quick_folder,
    quick_server,
    record,
    shop,
    verdict,
    why,
)
from servers import matrix
from stocktake.restore.engines.postgresql import plain
from stocktake.restore.sandbox import sandbox
from stocktake.restore.stop import UndecidedError

DUMP = {"kind": "logical-dump", "method": "pg_dump"}
KEPT = {**DUMP, "location": "SHOP_BACKUPS"}
COPY = {"kind": "full", "method": "pg_basebackup"}
PERSONAL = {"datasets": {"public.customers": {"personal_data": "personal"}}}


@pytest.fixture(scope="module")
def server():
    settings = {"log_statement": "all"}
    with quick_folder() as folder, quick_server(folder, hba=HBA, settings=settings) as found:
        found.sql("CREATE ROLE shopkeeper LOGIN; CREATE ROLE reporter LOGIN")
        postgresql_shop(found, "shop")
        yield found


@pytest.fixture
def tmp_path():
    with quick_folder() as folder:
        yield folder


@pytest.fixture(autouse=True)
def own_sandboxes(monkeypatch):
    """Sandboxes of one test are nobody else's."""
    with quick_folder() as place:
        monkeypatch.setenv("TMPDIR", str(place))
        monkeypatch.setattr("tempfile.tempdir", str(place))
        yield


@pytest.fixture
def backups(tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder


def told(held):
    return {name: said for name, (_, said, _) in held.drilled.log.checks.items()}


@pytest.mark.parametrize("plan", [DUMP, {**DUMP, "method": "pg_dump, plain"}, COPY], ids=["custom", "plain", "copy"])
def test_a_backup_that_the_drill_makes_passes(server, tmp_path, plan):
    held = hold(shop(tmp_path / "estate", "postgresql", plan), server.url("shop"))

    assert verdict(held) == ("passed", "none")
    assert told(held)["application-role"] == "reporter, shopkeeper: as many rights as at the source"
    assert record(held)["measured_rpo"] == "not-measured"
    assert left_behind() == []


@pytest.fixture(params=[version for version in matrix.VERSIONS if version < 18])
def older(request):
    with quick_folder() as folder, quick_server(folder, where=matrix.programs(request.param)) as found:
        found.sql("CREATE ROLE shopkeeper LOGIN; CREATE ROLE reporter LOGIN")
        postgresql_shop(found, "shop")
        yield found


def test_a_dump_of_an_older_server_is_drilled_with_the_programs_that_are_there(older, tmp_path):
    held = hold(shop(tmp_path / "estate", "postgresql", DUMP), older.url("shop"))

    assert verdict(held) == ("passed", "none")
    assert told(held)["content"] == "the checksums of 4 tables are what they should be"


@pytest.mark.parametrize("older", [11], indirect=True)  # no system that is still kept up has its programs
def test_newer_programs_are_told_for_a_dump_and_refused_for_a_copy(older, tmp_path):
    made = hold(shop(tmp_path / "estate", "postgresql", DUMP), older.url("shop"))
    copied = hold(shop(tmp_path / "other", "postgresql", COPY), older.url("shop"))

    assert ", for a source of version 11, without" in told(made)["sandbox-empty"]
    assert verdict(copied) == ("no-verdict", "missing-dependency")
    assert told(copied)["restore"].startswith("the programs of PostgreSQL 11 are not installed")


def test_the_newest_dump_with_its_roles_and_its_manifest_passes(server, tmp_path, backups):
    root = shop(tmp_path / "estate", "postgresql", KEPT)
    path = dump(server, "shop", backups / "shop.dump", "custom")
    globals_of(server, backups / "globals.sql")
    (backups / "shop.dump.manifest.json").write_bytes(manifest(root, server.url("shop"), backups))
    before = path.read_bytes()

    held = hold(root, server.url("shop"), backups)

    assert verdict(held) == ("passed", "none")
    assert record(held)["measured_rpo"] != "not-measured"
    assert path.read_bytes() == before


def test_without_a_source_a_manifest_decides(server, tmp_path, backups):
    root = shop(tmp_path / "estate", "postgresql", KEPT)
    dump(server, "shop", backups / "shop.dump", "custom")
    globals_of(server, backups / "globals.sql")
    (backups / "shop.dump.manifest.json").write_bytes(manifest(root, server.url("shop"), backups))

    assert verdict(hold(root, "", backups)) == ("passed", "none")


def test_a_difference_without_a_manifest_leaves_no_verdict(server, tmp_path, backups):
    postgresql_shop(server, "moving")
    dump(server, "moving", backups / "shop.dump", "custom")
    globals_of(server, backups / "globals.sql")
    server.sql("UPDATE notes SET note = 'other' WHERE id = 2", "moving")

    held = hold(shop(tmp_path / "estate", "postgresql", KEPT), server.url("moving"), backups)

    assert verdict(held) == ("no-verdict", "not-comparable")
    assert told(held)["counts"].startswith("4 tables, 4,502 rows")


@pytest.mark.parametrize("before", ["\n", "\nSELECT 1 "], ids=["on a line of its own", "in the middle of a line"])
def test_a_dump_with_a_command_of_psql_is_not_run(server, tmp_path, backups, before):
    path = dump(server, "shop", backups / "shop.sql", "plain")
    globals_of(server, backups / "globals.sql")
    text = path.read_text().replace("\nCREATE TABLE", f"{before}\\! touch {tmp_path}/taken\nCREATE TABLE", 1)
    path.write_text(text)

    held = hold(shop(tmp_path / "estate", "postgresql", KEPT), server.url("shop"), backups)

    assert verdict(held) == ("no-verdict", "procedure")
    assert not (tmp_path / "taken").exists()


@pytest.mark.parametrize(
    ("text", "odd"),
    [
        ("\\restrict x\nSELECT 1;\n\\unrestrict x\n", ""),
        ("COPY public.t (a) FROM stdin;\n\\! rm\n\\N\n\\.\nSELECT 1;\n", ""),
        ("COPY public.t (a) FROM stdin;\n\\.\n\\! rm\n", "\\! rm"),
        ("\\connect orders\n", "\\connect orders"),
    ],
)
def test_commands_of_psql_are_told_from_data(text, odd):
    assert plain.odd_command(line.encode() for line in text.splitlines(keepends=True)) == odd


def test_roles_are_taken_without_places_databases_and_the_one_that_restores():
    lines = [
        b"CREATE ROLE a;\n",
        b"ALTER ROLE boss WITH SUPERUSER NOLOGIN;\n",
        b"ALTER ROLE \"boss\" SET default_transaction_read_only TO 'on';\n",
        b"CREATE TABLESPACE t LOCATION '/x';\n",
        b"\\connect template1\n",
        b"CREATE TABLE x ();\n",
    ]

    assert list(plain.globals_only(lines, "boss")) == [b"CREATE ROLE a;\n"]


def test_a_copy_that_leads_out_of_itself_is_not_started(server, tmp_path, backups):
    path = base(server, backups / "copy")
    (path / "pg_tblspc/16999").symlink_to(tmp_path)

    held = hold(shop(tmp_path / "estate", "postgresql", {**COPY, "location": "SHOP_BACKUPS"}), "", backups)

    assert verdict(held) == ("no-verdict", "procedure")
    assert left_behind() == []


def test_the_settings_of_a_copied_cluster_are_not_used(server, tmp_path, backups):
    path = base(server, backups / "copy")
    with (path / "postgresql.auto.conf").open("a") as file:
        file.write(f"archive_mode = on\narchive_command = 'touch {tmp_path}/taken'\nport = {server.port}\n")
        file.write("listen_addresses = '127.0.0.1'\nprimary_conninfo = 'host=127.0.0.1'\n")
    (path / "standby.signal").touch()

    held = hold(
        shop(tmp_path / "estate", "postgresql", {**COPY, "location": "SHOP_BACKUPS"}), server.url("shop"), backups
    )

    assert held.drilled.restored
    assert not (tmp_path / "taken").exists()
    assert (path / "standby.signal").exists()


@pytest.mark.parametrize(
    ("sql", "result"),
    [
        ("DELETE FROM customers WHERE id IN (7, 8);\n", "pass"),
        ("INSERT INTO notes SELECT max(id) + 1, 'again' FROM notes;\n", "fail"),
        ("DELETE FROM nobody;\n", "fail"),
        ("COPY customers TO PROGRAM 'cat > {outside}';\n", "fail"),
        ("DROP TABLE lines;\n", "fail"),
    ],
)
def test_the_erasure_replay_runs_with_the_right_to_change_rows_only(server, tmp_path, sql, result):
    root = shop(tmp_path / "estate", "postgresql", {**DUMP, "erasure_replay": "erase.sql"}, **PERSONAL)
    (root / "erase.sql").write_text(sql.format(outside=tmp_path / "taken"))

    held = hold(root, server.url("shop"))

    assert held.drilled.log.checks["erasure"][0] == result
    assert not (tmp_path / "taken").exists()


def test_a_role_that_lost_a_right_is_told(server, tmp_path, backups):
    root = shop(tmp_path / "estate", "postgresql", KEPT)
    postgresql_shop(server, "granted")
    (backups / "shop.dump.manifest.json").write_bytes(manifest(root, server.url("granted"), backups))
    server.sql("REVOKE ALL ON customers FROM reporter", "granted")
    dump(server, "granted", backups / "shop.dump", "custom")
    globals_of(server, backups / "globals.sql")

    held = hold(root, "", backups)

    assert held.drilled.log.checks["application-role"][:2] == ("fail", "reporter may not SELECT public.customers")


def test_names_of_any_kind_are_read(server, tmp_path):
    server.sql("CREATE DATABASE odd")
    server.sql('CREATE SCHEMA "a.b"; CREATE TABLE "a.b"."T""x\u202e" ("stocktake_row" json, t text)', "odd")
    server.sql("""INSERT INTO "a.b"."T""x\u202e" VALUES ('{"a": 1}', 'x')""", "odd")

    assert verdict(hold(shop(tmp_path / "estate", "postgresql", DUMP), server.url("odd"))) == ("passed", "none")


def test_no_password_is_shown_or_kept(server, tmp_path):
    root = shop(tmp_path / "estate", "postgresql", DUMP)
    address = server.url("shop", role="nobody-here", password="hidden-word")

    held = hold(root, address)

    assert verdict(held)[0] == "no-verdict"
    assert "hidden-word" not in "".join(content.decode() for _, content in held.files)
    assert str(tmp_path) not in "".join(content.decode() for _, content in held.files)


def test_the_source_is_only_read(server, tmp_path):
    for plan in (DUMP, COPY):
        begun = len(server.log())
        hold(shop(tmp_path / plan["method"], "postgresql", plan), server.url("shop"))
        said = [line.partition("statement: ")[2] for line in server.log()[begun:].splitlines() if "statement: " in line]
        sent = {line.split()[0].upper().rstrip(";") for line in said if line}

        assert sent <= {
            "BASE_BACKUP",
            "BEGIN",
            "COMMIT",
            "LOCK",
            "PREPARE",
            "ROLLBACK",
            "SELECT",
            "SET",
            "SHOW",
            "EXECUTE",
            "WITH",
            "COPY",
        }
        assert not [line for line in said if line.startswith("COPY") and "TO stdout" not in line]
        assert not [line for line in said if line.startswith("LOCK") and "ACCESS SHARE" not in line]


def slow_drill(server, tmp_path):
    """A drill that restores and then waits, and the process of its server."""
    root = shop(tmp_path / "estate", "postgresql", {**DUMP, "erasure_replay": "erase.sql"}, **PERSONAL)
    (root / "erase.sql").write_text("SELECT pg_sleep(60);\n")
    command = [sys.executable, "-c", "from stocktake.cli.start import main; main()", "drill", "shop", "-C", str(root)]
    process = subprocess.Popen(command, env={**os.environ, "SHOP_URL": server.url("shop")})
    place = Path(os.environ["TMPDIR"])
    until = time.monotonic() + 60
    while not (ready := [path for path in place.glob("*/data/postmaster.pid") if is_ready(path)]):
        assert time.monotonic() < until
        time.sleep(0.02)
    pid = int(ready[0].read_text().split()[0])
    return process, pid


def is_ready(path):
    try:
        return "ready" in path.read_text()
    except FileNotFoundError:
        return False


def lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_sigterm_stops_the_server_and_takes_the_sandbox_down(server, tmp_path):
    process, pid = slow_drill(server, tmp_path)

    process.send_signal(signal.SIGTERM)

    assert process.wait(30) == 130
    assert not lives(pid)
    assert left_behind() == []


def test_the_server_of_a_killed_drill_is_stopped_by_the_next_one(server, tmp_path):
    process, pid = slow_drill(server, tmp_path)
    process.kill()
    process.wait()
    assert lives(pid)

    held = hold(shop(tmp_path / "other", "postgresql", DUMP), server.url("shop"))

    assert len(held.swept) == 1
    assert not lives(pid)
    assert left_behind() == []


def test_nothing_is_written_outside_a_sandbox_or_into_one_that_is_not_ours(tmp_path):
    with sandbox({}) as box:
        with pytest.raises(UndecidedError, match="the target is not the sandbox of this drill"):
            box.write("../outside", b"")
        with pytest.raises(UndecidedError, match="the target is not the sandbox of this drill"):
            box._replace(token="of another").write("inside", b"")
        os.symlink(tmp_path, f"{box.folder}/link")
        with pytest.raises(UndecidedError, match="the target is not the sandbox of this drill"):
            box.write("link/outside", b"")

    assert os.listdir(tmp_path) == []


def test_the_role_that_every_cluster_has_is_no_missing_one(server, tmp_path, backups):
    server.sql("CREATE DATABASE simple")
    server.sql("CREATE TABLE simple AS SELECT 1 AS one", "simple")
    url = server.url("simple")
    dump(server, "simple", backups / "simple.dump", "custom")
    (backups / "simple.dump.manifest.json").write_bytes(
        manifest(shop(tmp_path / "a", "postgresql", KEPT), url, backups)
    )

    held = hold(shop(tmp_path / "estate", "postgresql", KEPT), url, backups)

    assert verdict(held) == ("passed", "none")


@pytest.mark.parametrize("version", [14, 16, 18])
def test_rights_that_come_from_a_membership_come_back(tmp_path, version):
    """From version 16 on a membership names who gave it, and only the first role of a cluster may give any."""
    with quick_folder() as folder, quick_server(folder, where=matrix.programs(version)) as server:
        server.sql(
            "CREATE ROLE shopkeeper LOGIN; CREATE ROLE reporter LOGIN; CREATE ROLE clerk LOGIN IN ROLE shopkeeper"
        )
        url = postgresql_shop(server, "shop")
        server.sql("ALTER ROLE postgres SET default_transaction_read_only = on")
        held = hold(shop(tmp_path / "estate", "postgresql", DUMP), url)

    assert verdict(held) == ("passed", "none")
    assert told(held)["application-role"].startswith("clerk, reporter, shopkeeper: as many")


def test_a_missing_role_is_told_with_what_to_do(server, tmp_path, backups):
    dump(server, "shop", backups / "shop.dump", "custom")

    held = hold(shop(tmp_path / "estate", "postgresql", KEPT), server.url("shop"), backups)

    assert verdict(held) == ("failed", "missing-dependency")
    assert 'role "shopkeeper" does not exist' in why(held)
    assert "keep the output of pg_dumpall --globals-only beside the dump" in why(held)

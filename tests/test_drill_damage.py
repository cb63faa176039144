"""Every way in which a backup goes bad is caught by a drill; the table in docs/drills.md says so beside the tools."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from drills import (
    CELL,
    EMPTY,
    HBA,
    base,
    cut,
    dump,
    flip,
    globals_of,
    hold,
    holding,
    manifest,
    postgresql_shop,
    quick_folder,
    quick_server,
    shop,
    sqlite_do,
    sqlite_shop,
    verdict,
    why,
)

PAGE = Path(__file__).parents[1] / "docs/drills.md"
BEGIN, END = "<!-- damage: begin -->\n", "<!-- damage: end -->"
HEAD = "| Backup | Damage | What the drill says | What the tool's own check says |\n|---|---|---|---|\n"
MARK = b"marked place"
FLIPPED, CUT, NO_ROLE = "one flipped byte", "cut off in the middle", "a role is missing"
CHANGED, EMPTIED = "one changed cell, as many rows", "an empty table"

# What happens to the data before the backup is taken, each on top of the one before.
DONE_BEFORE = {CHANGED: CELL, EMPTIED: EMPTY, NO_ROLE: "DROP OWNED BY reporter; DROP ROLE reporter"}


def row(form, damage, held, tool):
    result, cause = verdict(held)
    assert result == "failed", (form, damage, held.drilled.log.checks)
    check = why(held).partition(":")[0]
    return f"| {form} | {damage} | failed: {cause.replace('-', ' ')} ({check}) | {tool} |\n"


def sqlite_rows(folder):
    source = sqlite_shop(folder / "shop.sqlite")
    damages = {
        FLIPPED: lambda path: flip(path, MARK),
        CUT: cut,
        CHANGED: lambda path: sqlite_do(path, CELL),
        EMPTIED: lambda path: sqlite_do(path, EMPTY),
    }
    for number, (damage, spoil) in enumerate(damages.items()):
        backups = folder / f"backups-{number}"
        backups.mkdir()
        backup = backups / "shop.sqlite"
        backup.write_bytes(source.read_bytes())
        spoil(backup)
        root = shop(folder / f"estate-{number}", "sqlite", {"location": "SHOP_BACKUPS"})
        yield row("copy of a SQLite file", damage, hold(root, f"sqlite:///{source}", backups), integrity(backup))


def integrity(path):
    with closing(sqlite3.connect(path)) as connection:
        try:
            [said, *_] = connection.execute("PRAGMA integrity_check").fetchone()
        except sqlite3.DatabaseError:
            said = "an error"
    return f"`integrity_check`: {said if said == 'ok' else 'an error'}"


def code(*command):
    return subprocess.run([str(part) for part in command], capture_output=True, check=False).returncode


def postgresql_rows(folder, form, method, make, spoil, tools):
    """`make` takes a backup of the server as it is, `spoil` maps damages to what they do to the files of one."""
    with quick_server(folder, hba=HBA) as server:
        server.sql("CREATE ROLE shopkeeper LOGIN; CREATE ROLE reporter LOGIN")
        url = postgresql_shop(server, "shop")
        plan = {"method": method, "location": "SHOP_BACKUPS"}
        first = folder / "first"
        first.mkdir()
        expected = manifest(shop(folder / "estate", "postgresql", plan), url, first)
        for number, damage in enumerate(dict.fromkeys([*spoil, *DONE_BEFORE])):
            backups = folder / f"backups-{number}"
            backups.mkdir()
            if damage not in spoil:
                server.sql(DONE_BEFORE[damage], "shop")
            backup = make(server, backups)
            (backups / f"{backup.name}.manifest.json").write_bytes(expected)
            spoil.get(damage, lambda path: None)(backup)
            root = shop(folder / f"estate-{number}", "postgresql", plan)
            yield row(form, damage, hold(root, "", backups), tools(server, backup))


def custom_rows(folder):
    def make(server, backups):
        globals_of(server, backups / "globals.sql")
        return dump(server, "shop", backups / "shop.dump", "custom")

    def tools(server, backup):
        listed, read = (
            code(server.programs / "pg_restore", option, backup) for option in ("--list", "--file=/dev/null")
        )
        return f"`pg_restore --list`: exit {listed}; `pg_restore -f /dev/null`: exit {read}"

    spoil = {FLIPPED: flip, CUT: cut, NO_ROLE: lambda path: (path.parent / "globals.sql").unlink()}
    return postgresql_rows(folder, "`pg_dump`, custom format", "pg_dump", make, spoil, tools)


def plain_rows(folder):
    def make(server, backups):
        globals_of(server, backups / "globals.sql")
        return dump(server, "shop", backups / "shop.sql", "plain")

    def tools(server, backup):
        server.sql("CREATE DATABASE tried")
        loaded = code(server.programs / "psql", "-X", "-q", "-d", server.url("tried"), "-f", backup)
        server.sql("DROP DATABASE tried")
        return f"`psql -f`: exit {loaded}"

    spoil = {
        FLIPPED: lambda path: flip(path, MARK),
        CUT: cut,
        NO_ROLE: lambda path: (path.parent / "globals.sql").unlink(),
    }
    return postgresql_rows(folder, "`pg_dump`, plain SQL", "pg_dump", make, spoil, tools)


def copy_rows(folder):
    def tools(server, backup):
        return f"`pg_verifybackup`: exit {code(server.programs / 'pg_verifybackup', backup)}"

    spoil = {
        FLIPPED: lambda path: flip(holding(path, MARK), MARK),
        CUT: lambda path: cut(holding(path, MARK)),
    }
    return postgresql_rows(
        folder, "`pg_basebackup`", "pg_basebackup", lambda server, backups: base(server, backups / "copy"), spoil, tools
    )


@pytest.mark.parametrize("rows", [sqlite_rows, custom_rows, plain_rows, copy_rows], ids=lambda rows: rows.__name__)
def test_a_drill_catches_what_the_page_says(rows, accept, monkeypatch):
    with quick_folder() as folder:
        monkeypatch.setattr("tempfile.tempdir", str(folder))
        found = "".join(rows(folder))
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    table, _, after = rest.partition(END)

    if accept:
        name = found.partition(" | ")[0]
        kept = [line for line in table.splitlines(keepends=True)[2:] if not line.startswith(name)]
        lines = "".join(sorted([*kept, *found.splitlines(keepends=True)], key=lambda line: line.partition(" | ")[0]))
        PAGE.write_text(f"{before}{BEGIN}{HEAD}{lines}{END}{after}", "utf-8")
        return
    assert found in table

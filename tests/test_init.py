"""`stocktake init` makes a repository that is green at once, and takes nothing that is there already."""

import json
import os
import pty
import re
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from stocktake.cli.main import main

BOOKSHOP = Path(__file__).parents[1] / "examples/bookshop"
# The schemas of GitHub, and the files that must fit them.
HOST_FILES = {
    "dependabot": ".github/dependabot.yml",
    "github-issue-config": ".github/ISSUE_TEMPLATE/config.yml",
    "github-issue-forms": ".github/ISSUE_TEMPLATE/[!c]*.yml",
    "github-workflows": ".github/workflows/*.yml",
}
STOCKTAKE = [sys.executable, "-m", "stocktake"]
LAYOUT = {
    ".github",
    ".pre-commit-config.yaml",
    "adr",
    "docs",
    "mkdocs.yml",
    "pyproject.toml",
    "registry",
    "schemas",
    "scripts",
    "tests",
}


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def start(folder: Path, *options: str) -> int:
    with pytest.raises(SystemExit) as stop:
        main(["init", str(folder), "--today", "2026-11-25", *options])
    return int(stop.value.code or 0)


def test_a_new_repository_has_all_that_its_users_know(tmp_path):
    assert start(tmp_path / "new") == 0

    names = {path.name for path in (tmp_path / "new").iterdir()}
    assert names >= LAYOUT | {"observed", "stocktake.yaml", ".stocktake", ".git"}


def test_where_a_new_repository_installs_stocktake_from_is_told(tmp_path, capsys):
    start(tmp_path / "ours")
    ours = capsys.readouterr().out
    start(tmp_path / "theirs", "--stocktake", "stocktake==1.2.3")
    theirs = capsys.readouterr().out

    checkout = BOOKSHOP.parents[1].as_uri()
    assert f"It installs stocktake @ {checkout}: for others, name a place that they reach in pyproject.toml" in ours
    assert "\nIt installs stocktake==1.2.3\n" in theirs
    assert f"stocktake @ {checkout}" in (tmp_path / "ours/.pre-commit-config.yaml").read_text()


def test_each_host_gets_its_own_workflows_and_no_others(tmp_path):
    start(tmp_path / "hub")
    start(tmp_path / "lab", "--host", "gitlab", "--owner", "@org/data")

    assert not (tmp_path / "hub/.gitlab-ci.yml").exists()
    assert not (tmp_path / "lab/.github").exists()
    assert "/stocktake.yaml @org/data\n" in (tmp_path / "lab/.gitlab/CODEOWNERS").read_text()
    with pytest.raises(SystemExit) as stop:
        main(["check", "-C", str(tmp_path / "lab"), "--today", "2026-11-25"])
    assert not stop.value.code


def test_what_no_option_says_is_asked_on_a_terminal_and_has_a_default(tmp_path):
    answers = b"Our estate\ngitlab\n\n\n\n"
    told, code = on_a_terminal([*STOCKTAKE, "init", str(tmp_path / "new"), "--today", "2026-11-25"], answers)

    assert code == 0, told
    assert b"What is the data estate called? [New]:" in told
    assert b"Where is the repository kept? (github, gitlab) [github]:" in told
    assert "\nname: Our estate\n" in (tmp_path / "new/stocktake.yaml").read_text()
    assert (tmp_path / "new/.gitlab-ci.yml").exists()


def test_nothing_is_asked_where_the_defaults_are_wanted(tmp_path):
    told, code = on_a_terminal([*STOCKTAKE, "init", str(tmp_path / "new"), "--defaults"], b"")

    assert code == 0, told
    assert b"?" not in told


def on_a_terminal(command: list[str], answers: bytes) -> tuple[bytes, int]:
    """What a command prints on a terminal where somebody types, and its exit code."""
    process, terminal = pty.fork()
    if not process:
        os.execv(command[0], command)
    os.write(terminal, answers)
    told = b""
    try:
        while part := os.read(terminal, 4096):
            told += part
    except OSError:  # the terminal closes with the command
        pass
    os.close(terminal)
    return told, os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def test_the_same_wishes_give_the_same_bytes(tmp_path):
    for folder in ("one", "two"):
        start(tmp_path / folder, "--name", "Estate")

    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_a_folder_that_is_taken_is_left_alone(tmp_path, capsys):
    (tmp_path / "notes.txt").write_text("mine")

    assert start(tmp_path) == 2
    assert files(tmp_path) == {"notes.txt": b"mine"}
    assert "is not empty. Name a folder that is empty or not there yet." in capsys.readouterr().err


def test_a_finished_repository_is_not_written_again(tmp_path):
    start(tmp_path / "new")

    assert start(tmp_path / "new") == 2


def test_without_git_nothing_is_written(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert start(tmp_path / "new") == 2
    assert not (tmp_path / "new").exists()
    assert "error: git is not installed. Install Git" in capsys.readouterr().err


def test_a_git_that_does_not_run_makes_no_repository(tmp_path, monkeypatch):
    (tmp_path / "git").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert start(tmp_path / "new") == 2
    assert not (tmp_path / "new").exists()


def test_a_place_where_nobody_may_write_is_told(capsys):
    assert start(Path("/sys/stocktake-new")) == 2

    assert re.fullmatch(r"error: /sys/stocktake-new\S*: cannot be written: .+\n", capsys.readouterr().err)
    assert not Path("/sys/stocktake-new").exists()


def test_a_run_that_finds_no_room_says_so_and_is_finished_by_the_next_one(tmp_path):
    wishes = ["--name", "Estate", "--today", "2026-11-25"]
    done = subprocess.run(
        [*STOCKTAKE, "init", str(tmp_path / "new"), *wishes],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000)),
        capture_output=True,
        text=True,
        check=False,
    )
    found = files(tmp_path / "new")

    assert done.returncode == 2
    assert re.fullmatch(r"error: \S+/new/\S+: cannot be written: File too large\n", done.stderr)
    assert ".stocktake/unfinished" in found
    assert [name for name in found if name.endswith(".tmp")] == []
    assert start(tmp_path / "new", "--name", "Estate") == 0
    start(tmp_path / "whole", "--name", "Estate")
    assert files(tmp_path / "new") == files(tmp_path / "whole")


def test_a_fresh_clone_of_nothing_may_be_filled(tmp_path):
    subprocess.run(["git", "init", "--quiet", str(tmp_path / "clone")], check=True)

    assert start(tmp_path / "clone") == 0


def test_a_run_that_was_killed_is_finished_by_the_next_one(tmp_path):
    started = 0
    for attempt in range(6):
        folder = tmp_path / f"new-{attempt}"
        child = subprocess.Popen([*STOCKTAKE, "init", str(folder), "--name", "Estate", "--today", "2026-11-25"])
        while not (folder / "stocktake.yaml").exists() and child.poll() is None and attempt % 2:
            pass
        while not (folder / ".stocktake").exists() and child.poll() is None:
            pass
        child.send_signal(signal.SIGKILL)
        started += child.wait() == -signal.SIGKILL
        assert start(folder, "--name", "Estate") in (0, 2)
    start(tmp_path / "whole", "--name", "Estate")

    assert started, "no run was killed before its end: the test shows nothing"
    for attempt in range(6):
        assert files(tmp_path / f"new-{attempt}") == files(tmp_path / "whole")


def test_a_new_repository_is_green_at_once_on_either_host(tmp_path, wheel):
    estate = tmp_path / "our estate"
    start(estate, "--stocktake", str(wheel))
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": programs, "PRE_COMMIT_HOME": str(tmp_path / "hooks"), "PYTHONPATH": ""}

    def succeeds(*command):
        done = subprocess.run(command, cwd=estate, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"

    for command in (
        ["git", "add", "."],
        ["pre-commit", "run", "--all-files"],
        ["scripts/test"],
        ["scripts/generate"],
        [".venv/bin/stocktake", "check"],
        [".venv/bin/stocktake", "upgrade", "--check"],
        ["zizmor", "--offline", "--no-progress", "--quiet", ".github"],
        *(
            ["check-jsonschema", "--builtin-schema", f"vendor.{schema}", *map(str, sorted(estate.glob(files)))]
            for schema, files in HOST_FILES.items()
        ),
        ["git", "diff", "--exit-code"],
    ):
        succeeds(*command)
    assert (estate / "build/site/index.html").stat().st_size > 1000

    # One for GitLab at the same place needs the same packages, so that nothing is installed again.
    estate.rename(tmp_path / "hub")
    start(estate, "--stocktake", str(wheel), "--host", "gitlab")
    (tmp_path / "hub/.venv").rename(estate / ".venv")
    for command in (
        ["git", "add", "."],
        ["pre-commit", "run", "--all-files"],
        ["scripts/test"],
        ["check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", ".gitlab-ci.yml"],
        ["git", "diff", "--exit-code"],
    ):
        succeeds(*command)
    assert not (estate / ".github").exists()


def test_what_a_tree_shows_becomes_first_records(tmp_path, capsys):
    before = files(BOOKSHOP)

    assert start(tmp_path / "new", "--from", str(BOOKSHOP)) == 0
    with pytest.raises(SystemExit) as stop:
        main(["check", "-C", str(tmp_path / "new"), "--today", "2026-11-25"])

    made = files(tmp_path / "new")
    assert stop.value.code == 0, capsys.readouterr().out
    assert b"postgresql" in made["registry/assets/orders-db.yaml"]
    assert "observed/bookshop.json" in made
    assert b"2026-11-25 INV001@asset/orders-db\n" in made[".stocktake/known.txt"]
    assert files(BOOKSHOP) == before


def test_init_and_check_count_the_same_findings(tmp_path, capsys):
    start(tmp_path / "new", "--from", str(BOOKSHOP))
    told = re.search(r"(\d+) findings about them are listed", capsys.readouterr().out)
    with pytest.raises(SystemExit):
        main(["check", "-C", str(tmp_path / "new"), "--today", "2026-11-25"])

    assert told
    assert f"{told[1]} findings: 0 new, {told[1]} known\n" in capsys.readouterr().out


def test_what_was_looked_at_once_can_be_looked_at_again(tmp_path, capsys):
    (tmp_path / "My Shop").mkdir()
    (tmp_path / "My Shop/compose.yaml").write_text("services:\n  db:\n    image: postgres:16\n")
    start(tmp_path / "new", "--from", str(tmp_path / "My Shop"))
    told = capsys.readouterr().out
    with pytest.raises(SystemExit) as stop:
        main(["discover", "-C", str(tmp_path / "new"), f"my-shop={tmp_path}/My Shop", "--today", "2026-11-26"])

    assert "  my-shop: {}" in (tmp_path / "new/stocktake.yaml").read_text()
    assert f"Look again: stocktake discover -C {tmp_path}/new my-shop='{tmp_path}/My Shop'" in told
    assert stop.value.code == 0
    assert capsys.readouterr().out == "1 matched, 0 undocumented, 0 orphaned, 0 ambiguous, 0 differ\n"


def test_several_trees_become_records_of_one_registry(tmp_path, capsys):
    for name, image in (("shop", "postgres:16"), ("Billing Jobs", "redis:7")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "compose.yaml").write_text(f"services:\n  store:\n    image: {image}\n")
    folders = [str(tmp_path / "shop"), str(tmp_path / "Billing Jobs")]

    assert start(tmp_path / "new", "--from", folders[0], "--from", folders[1]) == 0
    told = capsys.readouterr().out
    again = start_again(tmp_path / "new", f"shop={folders[0]}", f"billing-jobs={folders[1]}")

    settings = (tmp_path / "new/stocktake.yaml").read_text()
    assert "sources:\n  shop: {}" in settings
    assert "\n  billing-jobs: {}" in settings
    assert len(list((tmp_path / "new/registry/assets").glob("*.yaml"))) == 2
    assert f"first records of what {folders[0]} and {folders[1]} show" in told
    assert (again, "2 matched, 0 undocumented, 0 orphaned" in capsys.readouterr().out) == (0, True)


def start_again(folder: Path, *sources: str) -> int:
    """Look at the same trees again."""
    with pytest.raises(SystemExit) as stop:
        main(["discover", "-C", str(folder), *sources, "--today", "2026-11-26"])
    return int(stop.value.code or 0)


def test_two_trees_of_one_name_are_refused(tmp_path, capsys):
    for name in ("a/shop", "b/shop"):
        (tmp_path / name).mkdir(parents=True)

    assert start(tmp_path / "new", "--from", str(tmp_path / "a/shop"), "--from", str(tmp_path / "b/shop")) == 2
    assert 'Two of the source trees would be called "shop"' in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_what_was_not_understood_is_told(tmp_path, capsys):
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/compose.yaml").write_text("services:\n  db: {image: 'postgres:16'\n")
    (tmp_path / "shop/.env").write_text("DATABASE_URL=sqlite:////data/\n")
    (tmp_path / "shop/more.env").symlink_to("/etc/hosts")

    assert start(tmp_path / "new", "--from", str(tmp_path / "shop")) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if "not understood" in line] == [
        "not understood: .env:1: DATABASE_URL names a folder, and no file of a store in it",
        "not understood: compose.yaml:3: did not find expected ',' or '}'",
        "not understood: more.env: a link that leads out of the tree, which is not followed",
        "3 places were not understood: what stands there is in no record",
    ]


@pytest.mark.parametrize(
    "url",
    ["sqlite:///a%E2%80%8Bb.db", f"sqlite:///{'x' * 600}.db", "postgres://u@db.internal/" + "y" * 390, "sqlite:///"],
)
def test_no_name_in_a_tree_breaks_the_records(tmp_path, url):
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/.env").write_text(f"DATABASE_URL={url}\nREDIS_URL=redis://cache.internal/1\n")

    assert start(tmp_path / "new", "--from", str(tmp_path / "shop")) == 0
    assert "cache-internal.yaml" in {path.name for path in (tmp_path / "new/registry/assets").iterdir()}


def test_a_wheel_that_is_not_there_makes_no_repository(tmp_path, capsys):
    assert start(tmp_path / "new", "--stocktake", str(tmp_path / "my wheels/none.whl")) == 2
    assert f"There is no {tmp_path}/my wheels/none.whl to install Stocktake from" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_tree_of_files_that_nothing_reads_is_said_to_be_unknown(tmp_path, capsys):
    (tmp_path / "cloud").mkdir()
    (tmp_path / "cloud/orders.f90").write_text("program orders\nend program\n")

    assert start(tmp_path / "new", "--from", str(tmp_path / "cloud")) == 0
    told = f"not looked at: {tmp_path}/cloud: there is no file to read, so nothing is known of it yet\n"
    assert told in capsys.readouterr().out
    assert json.loads((tmp_path / "new/observed/cloud.json").read_text())["status"] == "not-looked"
    with pytest.raises(SystemExit) as stop:
        main(["check", "-C", str(tmp_path / "new"), "--today", "2026-11-25"])
    assert not stop.value.code


def test_a_tree_without_a_file_makes_no_repository(tmp_path, capsys):
    (tmp_path / "empty").mkdir()

    assert start(tmp_path / "new", "--from", str(tmp_path / "empty")) == 4
    assert f"{tmp_path}/empty: there is no file to read" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_repository_inside_the_tree_that_it_looks_at_does_not_look_at_itself(tmp_path):
    (tmp_path / "compose.yaml").write_text("services:\n  db:\n    image: postgres:16\n")
    start(tmp_path / "audit" / "estate", "--from", str(tmp_path))
    (tmp_path / "audit/estate/.stocktake/unfinished").touch()
    (tmp_path / "audit/estate/compose.yaml").write_text("services:\n  other:\n    image: mysql:8\n")

    assert start(tmp_path / "audit" / "estate", "--from", str(tmp_path)) == 0
    assert [path.name for path in (tmp_path / "audit/estate/registry/assets").glob("*.yaml")] == ["db.yaml"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--name", "two\nlines"], "is not a name. Give one line of at most 200 characters."),
        (["--name", "<script>alert(9)</script>"], "is not a name. Leave out < and >: builders of sites take them for"),
        (["--stocktake", "something-else"], "does not say where Stocktake comes from. Give a requirement"),
        (["--from", "/no/such/folder"], "/no/such/folder is not a folder"),
        (["--owner", "data team"], "'data team' is not a handle. Write @name, @organisation/team or an e-mail address"),
        (["--owner", "@a/b/c"], "'@a/b/c' is not a handle"),
        (["--host", "bitbucket"], "'bitbucket' is not one of 'github', 'gitlab'"),
        (["--today", "tomorrow"], "is not a day. Write it as 2026-01-31."),
    ],
)
def test_a_wish_that_cannot_be_granted_leaves_nothing_behind(tmp_path, capsys, options, told):
    assert start(tmp_path / "new", *options) == 2

    assert told in capsys.readouterr().err
    assert not (tmp_path / "new").exists()

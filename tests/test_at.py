"""`--at` shows the estate as it was on a day or at a revision, without a checkout."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from registries import Run, runner
from test_history import Repository

SETTINGS = "schema: 1\nenvironments: {production: {}}\n"
STORE = "name: Orders\ntype: relational-db\n"
ORDERS = "registry/assets/orders.yaml"
DAY = 86_400
RULE = '''"""Rules of our own."""

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit
from stocktake.model.sheet import Sheet
from stocktake.rules.rule import rule


@rule("XSH001", severity="high", kind="asset")
def named_so(asset: Sheet, context: Context) -> Iterator[Hit]:
    """An asset that has a name.

    Why:
    It must not.

    Fix:
    Take it away.

    False positives:
    None.

    Example:
    ```yaml
    name: ""
    ```
    """
    yield Hit("has a name: MARK")


'''


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """One store on the first of January 2026, and another on the eleventh."""
    found = Repository(tmp_path / "repository")
    (found.folder / ".gitignore").write_text("build/\n")
    (found.folder / "stocktake.yaml").write_text(SETTINGS)
    found.commit(ORDERS, content=STORE)
    found.time += 10 * DAY
    found.commit("registry/assets/bills.yaml", content=STORE.replace("Orders", "Bills"))
    return found


def subjects(run: Run, repository: Repository, *options: str) -> set[str]:
    """What was judged."""
    said = run("check", "-C", str(repository.folder), "--output-format", "json", *options)
    assert said.exit_code in (0, 1), said.err
    return {one["subject"] for one in json.loads(said.out)["outcomes"] if "/" in one["subject"]}


@pytest.mark.parametrize(
    ("at", "there"),
    [
        ("2026-01-01", {"asset/orders"}),
        ("2026-01-10", {"asset/orders"}),
        ("2026-01-11", {"asset/orders", "asset/bills"}),
        ("HEAD~1", {"asset/orders"}),
        ("HEAD", {"asset/orders", "asset/bills"}),
        ("start", {"asset/orders"}),
    ],
)
def test_a_day_and_a_revision_show_what_was_there(run: Run, repository: Repository, at: str, there: set[str]) -> None:
    repository.git("tag", "start", "HEAD~1")
    repository.git("rm", "-q", "-r", "registry")  # what lies in the folder does not matter

    assert subjects(run, repository, "--at", at) == there


def test_what_was_judged_is_judged_as_at_that_day(run: Run, repository: Repository) -> None:
    waiver = "target: BKP001@asset/orders\nreason: Not yet.\nowner: data\napprover: Bo\nexpires: 2026-01-20\n"
    repository.commit("registry/teams/data.yaml", content="name: Data\ncontact: data@example.org\n")
    repository.commit("registry/waivers/w.yaml", content=waiver)

    def waived(*options: str) -> int:
        said = run("check", "-C", str(repository.folder), "--output-format", "json", *options)
        return int(json.loads(said.out)["findings"]["waived"])

    assert waived("--at", "HEAD") == 1
    assert waived("--at", "2026-01-15") == 1
    assert waived("--at", "2026-02-15") == 0
    assert waived("--at", "HEAD", "--today", "2026-02-15") == 0


def test_settings_and_known_findings_are_those_of_then(run: Run, repository: Repository) -> None:
    known = "2026-01-01 BKP001@asset/orders\n"
    repository.commit(".stocktake/known.txt", content=known)
    repository.commit("stocktake.yaml", content=f"{SETTINGS}gates: {{fail_on: low}}\n")
    then = json.loads(run("check", "-C", str(repository.folder), "--output-format", "json", "--at", "HEAD~1").out)

    assert then["fail_on"] == "high"
    assert then["findings"]["known"] == 1


def test_rules_that_were_committed_once_are_not_run(run: Run, repository: Repository, tmp_path: Path) -> None:
    evil = f"open({str(tmp_path / 'ran')!r}, 'w').close()\n"
    (repository.folder / "rules").mkdir()
    (repository.folder / "stocktake.yaml").write_text(f"{SETTINGS}rules: {{modules: [rules/own.py]}}\n")
    repository.commit("rules/own.py", content=RULE.replace("MARK", "then") + evil)
    repository.commit("rules/own.py", content=RULE.replace("MARK", "now"))
    with_ours = run("check", "-C", str(repository.folder), "--at", "HEAD~1")
    repository.git("rm", "-q", "-r", "rules")
    repository.commit("stocktake.yaml", content=SETTINGS)
    without = run("check", "-C", str(repository.folder), "--at", "HEAD~1")

    assert "has a name: now" in with_ours.out
    assert "has a name" not in without.out
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ("2025-12-31", "Nothing was committed by 2025-12-31. `git log --reverse` shows the first."),
        ("2026-02-30", '--at "2026-02-30" is not a day. Write it as 2026-01-31, or name a revision.'),
        ("nowhere", '"nowhere" is no commit here. `git branch -a` lists what there is.'),
        ("--output=x", '"--output=x" is no commit here. `git branch -a` lists what there is.'),
        ("-o", '"-o" is no commit here. `git branch -a` lists what there is.'),
        (":/", '":/" is no commit here. `git branch -a` lists what there is.'),
        ("HEAD:registry", '"HEAD:registry" is no commit here. `git branch -a` lists what there is.'),
        ("a\x1b[31m\u202e", "is no commit here"),
    ],
)
def test_what_is_neither_a_day_nor_a_revision_is_refused(run: Run, repository: Repository, at: str, told: str) -> None:
    said = run("check", "-C", str(repository.folder), "--at", at)

    assert said.exit_code == 2
    assert told in said.err
    assert "\x1b[31m" not in said.err
    assert not (repository.folder / "x").exists()


@pytest.mark.parametrize("option", ["--fix", "--watch", "registry"])
def test_the_past_is_judged_whole_and_never_changed(run: Run, repository: Repository, option: str) -> None:
    said = run("check", "-C", str(repository.folder), "--at", "HEAD", option)

    assert (said.exit_code, "--at judges the whole registry" in said.err) == (2, True)


def test_a_shallow_clone_says_how_to_get_the_rest(run: Run, repository: Repository, tmp_path: Path) -> None:
    repository.git("clone", "-q", "--depth", "1", f"file://{repository.folder}", str(tmp_path / "clone"))
    day = run("check", "-C", str(tmp_path / "clone"), "--at", "2026-01-05")
    revision = run("check", "-C", str(tmp_path / "clone"), "--at", "HEAD~1")

    assert "git fetch --unshallow" in day.err
    assert "git fetch --unshallow" in revision.err


def test_without_git_there_is_no_past(run: Run, repository: Repository) -> None:
    shutil.rmtree(repository.folder / ".git")
    said = run("check", "-C", str(repository.folder), "--at", "2026-01-05")

    assert (said.exit_code, "This folder is not in Git" in said.err) == (2, True)


def test_a_build_shows_the_past_and_writes_no_file_of_the_registry(run: Run, repository: Repository) -> None:
    repository.commit("docs/notes.md", content="# Notes of today\n")
    status = repository.git("status", "--short")
    said = run("build", "-C", str(repository.folder), "--pages-only", "--at", "2026-01-05")
    docs = repository.folder / "build/docs"

    assert said.exit_code == 0, said.err
    assert (docs / "asset/orders.md").exists()
    assert not (docs / "asset/bills.md").exists()
    assert not (docs / "notes.md").exists()
    assert "2026-01-05" in (docs / "index.md").read_text()
    assert "Bills" not in (docs / "history.md").read_text()
    assert repository.git("status", "--short") == status


def test_coverage_of_the_past_is_shown_too(run: Run, repository: Repository) -> None:
    said = run("check", "-C", str(repository.folder), "--coverage", "--at", "HEAD~1")

    assert said.exit_code == 0, said.err

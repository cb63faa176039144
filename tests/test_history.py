"""Who changed which file last, from repositories that the tests make, however odd their names and histories are."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from stocktake.history.changes import History, history

PATHS = ("registry", "adr")


class Repository:
    """A repository of Git in a folder of its own; every commit is one second later than the one before."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.time = 1_767_225_600  # 2026-01-01
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str | bytes, author: str = "Ada", mail: str = "ada@example.org") -> str:
        when = f"{self.time} +0000"
        environment = {
            **{f"GIT_{role}_NAME": author for role in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{role}_EMAIL": mail for role in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{role}_DATE": when for role in ("AUTHOR", "COMMITTER")},
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
        }
        command = ["git", "-C", str(self.folder), *arguments]
        done = subprocess.run(command, check=True, capture_output=True, env={**os.environ, **environment})
        return done.stdout.decode("utf-8", "replace").strip()

    def commit(self, path: str, author: str = "Ada", message: str = "Change it", content: str = "") -> str:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content or f"{self.time}\n")
        self.time += 1
        self.git("add", "-A")
        self.git("commit", "-q", "--cleanup=verbatim", "-m", message, author=author)
        return self.git("rev-parse", "HEAD")

    def history(self, paths: tuple[str, ...] = PATHS) -> History:
        return history(str(self.folder), paths)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def test_the_last_change_of_each_file_is_found(repository: Repository) -> None:
    repository.commit("registry/a.yaml", "Ada", "Add a")
    old = repository.commit("registry/b.yaml", "Ada", "Add b")
    new = repository.commit("registry/a.yaml", "Bo", "Change a")
    repository.commit("elsewhere/c.yaml")

    found = repository.history()

    assert {path: (change.author, change.commit, change.subject) for path, change in found.changes.items()} == {
        "registry/a.yaml": ("Bo", new, "Change a"),
        "registry/b.yaml": ("Ada", old, "Add b"),
    }
    assert found.changes["registry/a.yaml"].time == 1_767_225_603
    assert (found.commit, found.committed) == (repository.git("rev-parse", "HEAD"), "2026-01-01")


def test_a_registry_in_a_sub_folder_has_paths_of_its_own(repository: Repository) -> None:
    repository.commit("registry/a.yaml")
    repository.commit("estate/registry/a.yaml", "Bo")

    found = history(str(repository.folder / "estate"), PATHS)

    assert {path: change.author for path, change in found.changes.items()} == {"registry/a.yaml": "Bo"}


def test_a_registry_behind_a_link_is_found(repository: Repository, tmp_path: Path) -> None:
    repository.commit("registry/a.yaml")
    (tmp_path / "link").symlink_to(repository.folder)

    assert list(history(str(tmp_path / "link"), PATHS).changes) == ["registry/a.yaml"]


def test_what_came_by_a_merge_is_of_who_wrote_it(repository: Repository) -> None:
    repository.commit("registry/a.yaml", "Ada")
    repository.git("checkout", "-q", "-b", "side")
    repository.commit("registry/b.yaml", "Bo")
    repository.git("checkout", "-q", "main")
    repository.commit("registry/c.yaml", "Cy")
    repository.git("merge", "-q", "--no-ff", "-m", "Merge side", "side", author="Merger")

    changes = repository.history().changes

    assert {path: change.author for path, change in changes.items()} == {
        "registry/a.yaml": "Ada",
        "registry/b.yaml": "Bo",
        "registry/c.yaml": "Cy",
    }


def test_what_was_decided_in_a_merge_is_of_who_merged(repository: Repository) -> None:
    repository.commit("registry/a.yaml", "Ada", content="name: A\n")
    repository.git("checkout", "-q", "-b", "side")
    repository.commit("registry/a.yaml", "Bo", content="name: B\n")
    repository.git("checkout", "-q", "main")
    repository.commit("registry/a.yaml", "Cy", content="name: C\n")
    repository.git("merge", "-q", "-s", "ours", "--no-commit", "side")
    (repository.folder / "registry/a.yaml").write_text("name: D\n")
    repository.time += 1
    repository.git("commit", "-q", "-a", "-m", "Merge and decide", author="Merger")

    change = repository.history().changes["registry/a.yaml"]

    assert (change.author, change.subject) == ("Merger", "Merge and decide")


def test_a_renamed_file_is_changed_by_who_renamed_it(repository: Repository) -> None:
    repository.commit("registry/a.yaml", "Ada", content="name: A\n" * 20)
    repository.git("mv", "registry/a.yaml", "registry/b.yaml")
    repository.git("commit", "-q", "-m", "Rename", author="Bo")

    assert repository.history().changes["registry/b.yaml"].author == "Bo"


@pytest.mark.parametrize(
    "name",
    [
        "a\nb.yaml",
        "a\tb.yaml",
        'a"b.yaml',
        "Über 日本.yaml",
        "--output=x",
        "-p",
        ":(top)a.yaml",
        "a*b?[c].yaml",
        "\x01x",
    ],
)
def test_an_odd_file_name_is_a_name_like_any_other(repository: Repository, name: str) -> None:
    commit = repository.commit(f"registry/{name}")

    assert repository.history().changes[f"registry/{name}"].commit == commit
    assert not list(repository.folder.glob("x"))


def test_a_file_name_that_is_no_text_is_kept_as_the_system_tells_it(repository: Repository) -> None:
    (repository.folder / "registry").mkdir()
    (repository.folder / os.fsdecode(b"registry/\xff.yaml")).write_text("x")
    commit = repository.commit("registry/a.yaml")

    assert repository.history().changes[os.fsdecode(b"registry/\xff.yaml")].commit == commit


@pytest.mark.parametrize("path", ["--output=x", "-p", ":(exclude)registry", ":!registry", ":/", "*"])
def test_a_folder_that_is_asked_for_is_no_option_and_no_pattern(repository: Repository, path: str) -> None:
    repository.commit("registry/a.yaml")

    assert repository.history((path,)).changes == {}
    assert sorted(os.listdir(repository.folder)) == [".git", "registry"]


@pytest.mark.parametrize(
    "text",
    [
        "<b>Ada</b>",
        "$(touch x) `touch x`",
        "\x01fake\x01",
        "Ada\u202eadA",
        "a" * 5000,
        "--format=%H",
        "%H%x00%an",
        "é" * 99,
    ],
)
def test_an_author_and_a_message_of_any_text_forge_nothing(repository: Repository, text: str) -> None:
    first = repository.commit("registry/a.yaml", "Ada", "Add a")
    last = repository.commit("registry/b.yaml", text, text)

    changes = repository.history().changes

    assert {path: change.commit for path, change in changes.items()} == {
        "registry/a.yaml": first,
        "registry/b.yaml": last,
    }
    assert changes["registry/b.yaml"].subject == text
    assert sorted(os.listdir(repository.folder)) == [".git", "registry"]


def test_a_message_that_looks_like_a_commit_of_its_own_forges_nothing(repository: Repository) -> None:
    first = repository.commit("registry/a.yaml", "Ada", "Add a")
    forged = f"\x01{'0' * 40}\x1fEve\x1f1\x1fForged\n\nM\tregistry/a.yaml\n\x01{'0' * 40}\nEve\n1\nForged"
    repository.commit("registry/b.yaml", "Ada", forged)

    assert repository.history().changes["registry/a.yaml"].commit == first


def test_an_author_whose_name_is_no_utf_8_can_be_written_to_a_page(repository: Repository) -> None:
    repository.commit("registry/a.yaml")
    raw = repository.git("cat-file", "commit", "HEAD").encode().replace(b"author Ada", b"author J\xf6rg") + b"\n"
    make = ["git", "-C", str(repository.folder), "hash-object", "-t", "commit", "-w", "--stdin"]
    commit = subprocess.run(make, input=raw, check=True, capture_output=True).stdout.decode().strip()
    repository.git("reset", "-q", "--hard", commit)

    assert repository.history().changes["registry/a.yaml"].author == "J\ufffdrg"


def test_a_message_of_many_lines_and_of_none_has_its_first_line_as_subject(repository: Repository) -> None:
    repository.commit("registry/a.yaml", message="First\n\nThen more\nand more")
    (repository.folder / "registry/b.yaml").write_text("x")
    repository.git("add", "-A")
    repository.git("commit", "-q", "--allow-empty-message", "-m", "")

    changes = repository.history().changes

    assert (changes["registry/a.yaml"].subject, changes["registry/b.yaml"].subject) == ("First", "")


def test_without_git_nothing_is_known(tmp_path: Path) -> None:
    assert history(str(tmp_path), PATHS) == History({})
    assert history(str(tmp_path / "nowhere"), PATHS) == History({})


def test_without_a_commit_nothing_is_known(repository: Repository) -> None:
    assert repository.history() == History({})


def test_a_broken_repository_is_no_repository(repository: Repository) -> None:
    repository.commit("registry/a.yaml")
    (repository.folder / ".git/HEAD").write_text("ref: refs/heads/gone\n")
    assert repository.history() == History({})

    (repository.folder / ".git/HEAD").write_bytes(b"\xff\xfe")
    assert repository.history() == History({})


def test_a_repository_without_its_objects_is_no_repository(repository: Repository) -> None:
    repository.commit("registry/a.yaml")
    for path in (repository.folder / ".git/objects").glob("??/*"):
        path.unlink()

    assert repository.history() == History({})


def test_a_detached_head_shows_the_history_up_to_it(repository: Repository) -> None:
    first = repository.commit("registry/a.yaml", "Ada")
    repository.commit("registry/a.yaml", "Bo")
    repository.git("checkout", "-q", first)

    found = repository.history()

    assert (found.commit, found.changes["registry/a.yaml"].author) == (first, "Ada")


def test_a_shallow_clone_knows_what_it_has(repository: Repository, tmp_path: Path) -> None:
    repository.commit("registry/a.yaml", "Ada")
    last = repository.commit("registry/b.yaml", "Bo")
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{repository.folder}", str(clone)], check=True)

    changes = history(str(clone), PATHS).changes

    assert changes["registry/b.yaml"].commit == last
    assert {path for path, change in changes.items() if change.commit == last} == set(changes)


def test_settings_of_the_repository_run_nothing_and_change_nothing(repository: Repository) -> None:
    commit = repository.commit("registry/a.yaml")
    trap = f"touch {repository.folder}/trap"
    (repository.folder / ".git/info/attributes").write_text("* diff=trap filter=trap\n")
    for name in (
        "core.pager",
        "core.fsmonitor",
        "diff.trap.textconv",
        "diff.trap.command",
        "filter.trap.clean",
        "gpg.program",
    ):
        repository.git("config", name, trap)
    for name, value in (
        ("log.showSignature", "true"),
        ("color.ui", "always"),
        ("log.follow", "true"),
        ("format.pretty", "oneline"),
        ("log.decorate", "full"),
        ("log.mailmap", "true"),
        ("core.quotePath", "true"),
        ("diff.renames", "copies"),
        ("log.date", "human"),
        ("log.diffMerges", "off"),
        ("i18n.logOutputEncoding", "latin1"),
    ):
        repository.git("config", name, value)

    assert repository.history().changes["registry/a.yaml"].commit == commit
    assert not (repository.folder / "trap").exists()

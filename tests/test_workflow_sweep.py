"""The steps that propose what a sweep saw run here as they are, on a real repository, with a stand-in for `gh`."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from stocktake.scaffold.templates import FOLDER

# It keeps what it is told, and answers `pr list` as the program itself does, through `jq`.
GH = """#!/usr/bin/env bash
echo "$*" >>"$ANSWERS/calls"
[ "$1 $2" != 'pr list' ] || jq -r "${@: -1}" <"$ANSWERS/open.json"
"""
GITLAB = {"CI_DEFAULT_BRANCH": "main", "CI_PROJECT_PATH": "acme/estate", "CI_SERVER_HOST": "h", "SWEEP_TOKEN": "t0p"}
ADDRESS = "https://sweep:t0p@h/acme/estate.git"


class Forge:
    """A repository on a host, a checkout of its main branch, and the pull requests that are open."""

    def __init__(self, folder: Path):
        self.folder, self.host, self.checkout = folder, folder / "host.git", folder / "checkout"
        (folder / "bin").mkdir()
        (folder / "bin/gh").write_text(GH)
        (folder / "bin/gh").chmod(0o755)
        self.git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(self.host))
        self.git(folder, "clone", "--quiet", str(self.host), str(self.checkout))
        for path in ("observed/shop.json", "registry/.gitkeep"):
            (self.checkout / path).parent.mkdir()
            (self.checkout / path).write_text("1\n")
        self.git(self.checkout, "add", ".")
        self.git(self.checkout, "commit", "--quiet", "--message", "Start")
        self.git(self.checkout, "push", "--quiet", "origin", "HEAD:main", "HEAD:sweep")
        self.git(self.checkout, "checkout", "--quiet", "--detach")
        self.opened()

    def git(self, folder: Path, *arguments: str) -> str:
        who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        return subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True).stdout

    def sees(self, text: str) -> None:
        (self.checkout / "observed/shop.json").write_text(text)

    def opened(self, *pulls: tuple[int, bool]) -> None:
        found = [{"number": number, "isCrossRepository": foreign} for number, foreign in pulls]
        (self.folder / "open.json").write_text(json.dumps(found))

    def run(self, script: str, **said: str) -> str:
        env = {"PATH": f"{self.folder}/bin:{os.environ['PATH']}", "ANSWERS": str(self.folder), "HOME": str(self.folder)}
        env |= {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.{self.host}.insteadOf",
            "GIT_CONFIG_VALUE_0": ADDRESS,
        }
        command = ["bash", "--noprofile", "--norc", "-e", "-c", script]
        done = subprocess.run(command, env=env | said, capture_output=True, text=True, check=False, cwd=self.checkout)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def on_github(self, **said: str) -> list[str]:
        """What the host is told to do, beside what it is asked."""
        workflow = yaml.safe_load((Path(FOLDER) / ".github/workflows/sweep.yml").read_text("utf-8"))
        self.run(workflow["jobs"]["discover"]["steps"][-1]["run"], **said)
        calls = (self.folder / "calls").read_text().splitlines()
        return [call for call in calls if not call.startswith(("auth ", "pr list "))]

    def on_gitlab(self, **said: str) -> str:
        steps = yaml.safe_load((Path(FOLDER) / ".gitlab-ci.yml").read_text("utf-8"))["sweep"]["script"]
        return self.run("\n".join(steps[-2:]), **GITLAB, **said)

    @property
    def proposed(self) -> str | None:
        """What stands on the branch `sweep` of the host."""
        if not self.git(self.host, "for-each-ref", "refs/heads/sweep"):
            return None
        return self.git(self.host, "show", "sweep:observed/shop.json")


@pytest.fixture
def forge(tmp_path: Path) -> Forge:
    return Forge(tmp_path)


def test_what_is_new_becomes_a_pull_request(forge: Forge) -> None:
    forge.sees("2\n")
    forge.opened((5, True))

    assert forge.on_github() == ["pr create --head sweep --fill"]
    assert forge.proposed == "2\n"


def test_an_open_pull_request_gets_what_the_last_sweep_saw(forge: Forge) -> None:
    forge.sees("2\n")
    forge.opened((5, True), (6, False))

    assert forge.on_github() == []
    assert forge.proposed == "2\n"


def test_a_pull_request_is_closed_with_a_word_why_where_nothing_differs_any_more(forge: Forge) -> None:
    forge.opened((5, True), (6, False))

    why = "A later sweep saw nothing that the main branch does not hold already."
    assert forge.on_github() == [f"pr close 6 --comment {why}"]


@pytest.mark.parametrize(("pulls", "said"), [([(5, True)], {}), ([(6, False)], {"UNREACHED": "true"})])
def test_nobody_elses_pull_request_is_closed_and_none_where_a_store_was_not_reached(
    forge: Forge, pulls: list[tuple[int, bool]], said: dict[str, str]
) -> None:
    forge.opened(*pulls)

    assert forge.on_github(**said) == []


@pytest.mark.parametrize(("code", "told"), [(0, ""), (4, "UNREACHED=true\n"), (2, None)])
def test_a_store_that_was_not_reached_is_remembered(forge: Forge, tmp_path: Path, code: int, told: str | None) -> None:
    workflow = yaml.safe_load((Path(FOLDER) / ".github/workflows/sweep.yml").read_text("utf-8"))
    [step] = [one for one in workflow["jobs"]["discover"]["steps"] if one.get("name") == "Look at the live stores"]
    stocktake = forge.checkout / ".venv/bin/stocktake"
    stocktake.parent.mkdir(parents=True)
    stocktake.write_text(f"#!/bin/sh\nexit {code}\n")
    stocktake.chmod(0o755)
    (tmp_path / "env").touch()
    command = ["bash", "-e", "-c", step["run"]]
    env = {"PATH": os.environ["PATH"], "GITHUB_ENV": str(tmp_path / "env")}
    done = subprocess.run(command, env=env, cwd=forge.checkout, check=False)

    assert done.returncode == (code if told is None else 0)
    assert (tmp_path / "env").read_text() == (told or "")


def test_on_gitlab_the_branch_of_the_sweep_goes_where_nothing_differs_any_more(forge: Forge) -> None:
    assert "saw nothing that the main branch does not hold" in forge.on_gitlab()
    assert forge.proposed is None
    assert forge.on_gitlab() == ""


def test_on_gitlab_the_branch_of_the_sweep_stays_where_a_store_was_not_reached(forge: Forge) -> None:
    assert forge.on_gitlab(unreached="true") == ""
    assert forge.proposed == "1\n"


def test_on_gitlab_what_is_new_takes_the_place_of_the_old(forge: Forge) -> None:
    forge.git(forge.host, "config", "receive.advertisePushOptions", "true")
    forge.sees("2\n")
    forge.on_gitlab()

    assert forge.proposed == "2\n"

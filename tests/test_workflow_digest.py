"""The step that asks the host who reviewed a change runs here as it is; a stand-in for `gh` answers from files."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from stocktake.load.reviews import Review, Reviews, reviews
from stocktake.scaffold.templates import FOLDER

WORKFLOW = Path(FOLDER) / ".github/workflows/digest.yml"
FIRST, LAST = "1" * 40, "2" * 40
GH = """#!/usr/bin/env bash
echo "$*" >>"$ANSWERS/calls"
case "$*" in
*/commits) cat "$ANSWERS/commits" ;;
*/reviews) cat "$ANSWERS/reviews" ;;
*) echo '{"user": {"login": "ada-x"}}' ;;
esac
"""


def asked(folder: Path, commits: list[Any], given: list[Any], **said: str) -> Reviews:
    """What the step wrote, each answer in two pages."""
    (folder / "bin").mkdir()
    (folder / "bin/gh").write_text(GH)
    (folder / "bin/gh").chmod(0o755)
    for name, rows in (("commits", commits), ("reviews", given)):
        (folder / name).write_text(json.dumps(rows[:1]) + json.dumps(rows[1:]))
    steps = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]["digest"]["steps"]
    [step] = [step for step in steps if step.get("name", "").startswith("Ask the host")]
    env = {"PATH": f"{folder}/bin:/usr/bin:/bin", "ANSWERS": str(folder), "RUNNER_TEMP": str(folder)}
    env |= {"REPOSITORY": "acme/estate", "NUMBER": "7", "QUEUED": "", **said}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    return reviews((folder / "reviews.json").read_bytes(), "reviews.json")


def commit(name: str, author: str | None, committer: str | None) -> dict[str, Any]:
    return {"sha": name, "author": author and {"login": author}, "committer": committer and {"login": committer}}


def review(who: str, name: str, state: str) -> dict[str, Any]:
    return {"user": {"login": who}, "commit_id": name, "state": state}


def test_the_host_says_who_wrote_and_who_reviewed(tmp_path: Path) -> None:
    commits = [commit(FIRST, "ada-x", "web-flow"), commit(LAST, None, "bela-x")]
    given = [review("dana-x", FIRST, "CHANGES_REQUESTED"), review("dana-x", LAST, "APPROVED")]
    found = asked(tmp_path, commits, [*given, review("emre-x", LAST, "PENDING")])

    assert found.authors == ("ada-x",)
    assert found.commits == {FIRST: ("ada-x",), LAST: ("bela-x",)}
    assert found.reviews == (Review("dana-x", LAST, "approved"),)


def test_a_pull_request_without_reviews_has_none(tmp_path: Path) -> None:
    assert asked(tmp_path, [], []) == Reviews(("ada-x",))


@pytest.mark.parametrize(
    ("queued", "number"),
    [
        (f"refs/heads/gh-readonly-queue/main/pr-12-{FIRST}", "12"),
        ("refs/heads/gh-readonly-queue/main/pr-$(touch x)-1", "7"),
        ("", "7"),
    ],
)
def test_the_queue_says_which_pull_request_it_is(tmp_path: Path, queued: str, number: str) -> None:
    asked(tmp_path, [], [], QUEUED=queued)

    calls = (tmp_path / "calls").read_text().splitlines()
    assert calls[0] == f"api repos/acme/estate/pulls/{number}"
    assert not (tmp_path / "x").exists()

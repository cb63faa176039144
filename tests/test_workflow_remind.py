"""The steps that keep one issue about what is overdue run here as they are, with a stand-in for `gh`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from registries import write
from stocktake.scaffold.templates import FOLDER

WORKFLOW = Path(FOLDER) / ".github/workflows/remind.yml"
DAY = "2026-11-24"
GH = """#!/usr/bin/env bash
echo "$*" >>"$ANSWERS/calls"
[ "$1" != api ] || cat "$ANSWERS/issues.json"
for ((at = 1; at <= $#; at++)); do
    [ "${!at}" != --body-file ] || { next=$((at + 1)) && cp "${!next}" "$ANSWERS/body.md"; }
done
"""
TEAM = "name: Shop\nmembers: {dana: {}, emre: {}}\n"
FINDING = "name: Old key\nabout: asset/orders-db\nseverity: medium\nstatus: open\ndue: {due}\n"
BARE = "name: Orders\ntype: relational-db\n"  # which has high findings that no time has brought


class Host:
    """A registry in a folder, and what the host is told of it."""

    def __init__(self, folder: Path):
        self.folder = folder
        write(folder, {"registry/teams/shop.yaml": TEAM, "registry/assets/orders-db.yaml": BARE})
        for name, text in {
            "bin/gh": GH,
            ".venv/bin/stocktake": f'#!/bin/sh\nexec {sys.executable} -m stocktake "$@"\n',
        }.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
            (folder / name).chmod(0o755)
        self.issues()

    def due(self, day: str) -> None:
        write(self.folder, {"registry/findings/old-key.yaml": FINDING.format(due=f'"{day}"')})

    def issues(self, *numbers: int) -> None:
        found = [{"number": number, "title": "Overdue in the registry", "pull_request": None} for number in numbers]
        (self.folder / "issues.json").write_text(json.dumps(found))

    def run(self) -> str:
        """What the host is told to do with the issue; the steps share their environment as on a runner."""
        steps = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]["overdue"]["steps"]
        env = {"PATH": f"{self.folder}/bin:/usr/bin:/bin", "ANSWERS": str(self.folder), "STOCKTAKE_TODAY": DAY}
        env |= {"RUNNER_TEMP": str(self.folder), "GITHUB_ENV": str(self.folder / "env"), "REPOSITORY": "acme/estate"}
        for step in steps[-2:]:
            command = ["bash", "--noprofile", "--norc", "-e", "-c", step["run"]]
            done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, cwd=self.folder)
            assert done.returncode == 0, done.stdout + done.stderr
            env |= dict(line.split("=", 1) for line in (self.folder / "env").read_text().splitlines())
        return (self.folder / "calls").read_text().splitlines()[-1]

    @property
    def rules(self) -> set[str]:
        """The rules in the table of the issue."""
        rows = [line.split(" | ") for line in (self.folder / "body.md").read_text().splitlines() if line[:1] == "|"]
        return {row[2] for row in rows[2:]}


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def test_one_overdue_medium_finding_opens_an_issue_that_lists_it_alone(host: Host) -> None:
    host.due("2026-11-23")

    assert host.run().startswith("issue create --repo acme/estate --title Overdue in the registry ")
    assert host.rules == {"GOV012"}


def test_the_issue_that_is_open_is_written_again(host: Host) -> None:
    host.due("2026-11-23")
    host.issues(4)

    assert host.run().startswith("issue edit 4 ")


def test_the_issue_is_closed_where_nothing_is_overdue_whatever_else_fails(host: Host) -> None:
    host.due("2026-12-01")
    host.issues(4)

    assert host.run() == "issue close 4 --repo acme/estate --comment Nothing is overdue any more."


def test_no_issue_is_opened_for_what_time_has_not_brought(host: Host) -> None:
    assert host.run().startswith("api ")

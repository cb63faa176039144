"""A stranger who follows the pages on contributing gets what they promise: each step is done in a copy of it all."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pages import Block, apply, blocks

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs/contributing"
LEFT_OUT = shutil.ignore_patterns(".*_cache", ".git", ".hypothesis", ".venv", "__pycache__", "build", "dist")
OUTER = ("PYTEST_", "COV_", "STOCKTAKE_")


def copied(folder: Path) -> Path:
    """A copy of the checkout that runs in this environment, with its own code."""
    shutil.copytree(ROOT, folder, symlinks=True, ignore=LEFT_OUT)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def done(line: str, folder: Path) -> str:
    """What a command prints; it must succeed, but for a check that is there to find something."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(OUTER)}
    env = {**inherited, "PYTHONPATH": str(folder / "src"), "STOCKTAKE_TODAY": "2026-11-25"}
    ran = subprocess.run(["bash", "-c", line], cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert ran.returncode == 0 or (ran.returncode in (1, 2) and " check " in line), f"{line}\n{ran.stdout}{ran.stderr}"
    return ran.stdout


def follow(page: str, folder: Path) -> list[str]:
    """Do what a page says, block by block; the lines that its consoles show and no command printed."""
    missing = []
    for block in blocks(page):
        apply(block, folder)
        said = [line for command in block.commands for line in done(command, folder).splitlines()]
        missing += [line for line in block.shown if block.language == "console" and line not in said]
    return missing


@pytest.mark.parametrize("name", ["add-a-kind", "add-a-rule", "add-a-scanner"])
def test_following_the_page_leads_where_it_says(name: str, tmp_path: Path) -> None:
    page = (PAGES / f"{name}.md").read_text("utf-8")

    assert sum(bool(block.paths) for block in blocks(page)) >= 3
    assert follow(page, copied(tmp_path / "checkout")) == []


def test_a_page_that_promises_what_does_not_come_is_seen(tmp_path: Path) -> None:
    assert follow("````console\n$ echo one\none\ntwo\n````\n", tmp_path) == ["two"]
    with pytest.raises(AssertionError, match="false"):
        follow("```sh\nfalse\n```\n", tmp_path)


def test_a_change_to_lines_that_are_not_there_is_seen(tmp_path: Path) -> None:
    (tmp_path / "table.py").write_text("RULES = (a,)\n")
    apply(Block("diff", ("table.py",), "-RULES = (a,)\n+RULES = (a, b)\n"), tmp_path)

    assert (tmp_path / "table.py").read_text() == "RULES = (a, b)\n"
    with pytest.raises(AssertionError, match="0 times"):
        apply(Block("diff", ("table.py",), "-RULES = (a,)\n+RULES = (a, b)\n"), tmp_path)

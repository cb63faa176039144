"""A change of a few records in a big registry, compared from Git."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from . import registry
from .commands import STOCKTAKE, stocktake
from .measure import Command, Timing, by_turns

DIFF, GIT, CHECK = "`stocktake diff`", "`git diff`", "`stocktake check --no-cache`"
BOUND = "three times `git diff` and twice `stocktake check --no-cache`"
CHANGED = 20
_CRITICALITY = re.compile("^criticality: .*$", re.MULTILINE)


def measured(folder: Path, count: int, rounds: int) -> dict[str, Timing]:
    """Our digest of a branch, beside what it is held against in one go."""
    prepare(folder, count)
    compared, checked = ("git", "diff", "main", "change"), (STOCKTAKE, "check", "--no-cache")
    steps = [" ".join(f"'{word}'" for word in command) for command in (*[compared] * 3, *[checked] * 2)]
    return by_turns(
        {
            GIT: Command(compared, folder),
            CHECK: Command(checked, folder),
            BOUND: Command(("sh", "-c", " && ".join(steps)), folder),
            DIFF: stocktake(folder, "diff", "main", "change", codes=(0, 1)),
        },
        rounds,
    )


def prepare(folder: Path, count: int) -> None:
    """A registry on the branch `main`, and the branch `change` on which some of its assets say something else."""
    assets = registry.write(folder, count)
    registry.accept(folder)
    _git(folder, "init", "-q", "-b", "main")
    _save(folder, "Begin")
    _git(folder, "switch", "-q", "-c", "change")
    for path in assets[:CHANGED]:
        file = folder / path
        file.write_text(_CRITICALITY.sub("criticality: low", file.read_text()))
    _save(folder, "Change some")


def _save(folder: Path, message: str) -> None:
    _git(folder, "add", "-A")
    _git(folder, "-c", "user.name=Bench", "-c", "user.email=bench@example.org", "commit", "-q", "-m", message)


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(folder), *arguments], check=True)

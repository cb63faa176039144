"""How well discovery does against a folder of truth with its own scorer."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

from .commands import STOCKTAKE

SECTIONS = ("stores", "components", "externals", "edges", "secrets")


class Counts(NamedTuple):
    """Right, wrong and missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def plus(self, other: "Counts") -> "Counts":
        """Both together."""
        return Counts(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall; None where there is nothing to find and nothing was found."""
        all_of_it = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / all_of_it if all_of_it else None


class Entry(NamedTuple):
    """One tree of the truth: whether Docker Compose describes it, and the counts by section."""

    name: str
    has_compose: bool
    counts: dict[str, Counts]


def accuracy(truth: Path, build: Path) -> list[Entry]:
    """Discover every fixture of the truth and score what was found."""
    output = build / "found"
    output.mkdir(parents=True, exist_ok=True)
    fixtures = sorted(folder for folder in (truth / "fixtures").iterdir() if folder.is_dir())
    for fixture in fixtures:
        found = subprocess.run(
            [STOCKTAKE, "discover", str(fixture), "--output-format", "json"],
            cwd=output,
            capture_output=True,
            check=False,
        )
        if found.returncode not in (0, 4):  # 4: nothing in the tree that it knows to read, so nothing is found
            found.check_returncode()
        (output / f"{fixture.name}.json").write_bytes(found.stdout)
    report = _score(truth, output, build / "score.json")
    return [
        Entry(fixture.name, _has_compose(fixture), {name: _counts(report[fixture.name][name]) for name in SECTIONS})
        for fixture in fixtures
        if fixture.name in report
    ]


def together(entries: list[Entry], section: str) -> Counts:
    """All entries as if they were one tree."""
    total = Counts()
    for entry in entries:
        total = total.plus(entry.counts[section])
    return total


def _score(truth: Path, output: Path, report: Path) -> dict[str, Any]:
    scorer = [sys.executable, str(truth / "score.py"), "--fixture", "--quiet"]
    files = ["--truth", str(truth), "--output", str(output), "--json", str(report)]
    subprocess.run([*scorer, *files], capture_output=True, check=True)
    found: dict[str, Any] = json.loads(report.read_text())
    return found


def _counts(section: dict[str, list[str]]) -> Counts:
    return Counts(len(section["tp"]), len(section["fp"]), len(section["fn"]))


def _has_compose(folder: Path) -> bool:
    return any("compose" in path.name and path.suffix in (".yaml", ".yml") for path in folder.rglob("*"))

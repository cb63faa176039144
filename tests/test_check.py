"""What `check` says of registries that are wrong, and that a single file is judged as the whole registry judges it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from registries import CASES, Run, runner
from stocktake.errors import Problem
from stocktake.load.files import Tree
from stocktake.pipeline.check import check
from stocktake.pipeline.check_files import check_files

TODAY = "2026-06-30"
ALL = sorted(path.name for path in CASES.iterdir())


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Where a case is checked: a folder that no repository surrounds."""
    return tmp_path / "registry-case"


@pytest.mark.parametrize("name", ALL)
def test_a_registry_is_told_what_is_wrong_with_it(name: str, run: Run, copy: Path, accept: bool) -> None:
    shutil.copytree(CASES / name, copy)
    (copy / "expected.txt").unlink(missing_ok=True)

    said = run("check", "--output-format", "concise", "--today", TODAY, "-C", str(copy))

    text = f"exit {said.exit_code}\n{said.out}{said.err}"
    if accept:
        (CASES / name / "expected.txt").write_text(text, "utf-8")
    assert "Traceback" not in text
    assert text == (CASES / name / "expected.txt").read_text("utf-8")


@pytest.mark.parametrize("name", [name for name in ALL if (CASES / name / "stocktake.yaml").exists()])
def test_a_file_alone_is_told_what_the_whole_registry_is_told_of_it(name: str, copy: Path) -> None:
    shutil.copytree(CASES / name, copy)
    (copy / "expected.txt").unlink()
    tree = Tree(str(copy))
    by_path: dict[str, list[Problem]] = {path: [] for path in files(copy)}
    for problem in check(tree, date.fromisoformat(TODAY)).problems:
        by_path.setdefault(problem.path, []).append(problem)

    alone = {path: check_files(tree, [path])[0] for path in by_path if tree.has(path) and path != "registry"}

    assert alone == {path: by_path[path] for path in alone}


def files(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in sorted(folder.rglob("[!.]*.yaml"))]

"""The walk through an asset with five mistakes shows what the commands really print."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from registries import Run, runner, write

PAGE = Path(__file__).parents[1] / "docs/five-mistakes.md"
BLOCK = re.compile(
    r"^```yaml title=\"(?P<path>[^\"]+)\"\n(?P<text>.*?)^```$|^````console\n(?P<line>.*?)\n.*?^````$", re.M | re.S
)
REGISTRY: dict[str, str | bytes] = {
    "registry/systems/shop.yaml": "name: Shop\nowner: maintainers\n",
    "registry/teams/maintainers.yaml": "name: Maintainers\n",
}


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


def walked(page: str, folder: Path, run: Run) -> str:
    """The page with the output of each command in the place of the one it shows; files are written as it shows them."""
    write(folder, REGISTRY)

    def again(block: re.Match[str]) -> str:
        if block["path"]:
            write(folder, {block["path"]: block["text"]})
            return block[0]
        _, *arguments = shlex.split(block["line"].removeprefix("$ "))
        said = run(*arguments, *(("-C", str(folder)) if arguments[0] == "check" else ()))
        return f"````console\n{block['line']}\n{said.out.rstrip()}\n{said.err}````"

    return BLOCK.sub(again, page)


def test_the_page_shows_what_the_commands_print(
    tmp_path: Path, run: Run, accept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STOCKTAKE_TODAY", "2026-11-25")
    page = PAGE.read_text("utf-8")

    result = walked(page, tmp_path, run)

    if accept:
        PAGE.write_text(result, "utf-8")
    assert page.count("\n$ stocktake ") >= 4
    assert "5 problems" in result
    assert PAGE.read_text("utf-8") == result


def test_an_output_that_was_not_printed_is_seen(tmp_path: Path, run: Run) -> None:
    page = "````console\n$ stocktake check --today 2026-11-25\nall is well\n````\n"

    assert "2 records" in walked(page, tmp_path, run)

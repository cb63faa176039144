"""Every command that the documentation shows exists, and those of the first steps were run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from registries import Run, runner
from stocktake.cli.main import cli

ROOT = Path(__file__).parents[1]
SCAFFOLD = ROOT / "src/stocktake/scaffold/files"
PAGES = sorted(
    [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md")),
        *(ROOT / "docs").rglob("*.md"),
        *(SCAFFOLD / "README.md", SCAFFOLD / "docs/getting-started.md"),
    ]
)
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
INLINE = re.compile(r"`(stocktake [^`\n]+)`")
# What makes the environment that the tests run in.
SETUP = ("scripts/bootstrap", "source ")
ENVIRONMENT = {
    **os.environ,
    "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    "PYTHONPATH": str(ROOT / "src"),
    "STOCKTAKE_TODAY": "2026-11-25",
    **{f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


def commands(page: Path) -> list[str]:
    """The lines of all blocks of shell commands."""
    blocks = [text for language, text in BLOCK.findall(page.read_text("utf-8")) if language == "sh"]
    return [line for text in blocks for line in text.splitlines() if line and not line.startswith("#")]


def calls(page: Path) -> Iterator[list[str]]:
    """The arguments of every call of Stocktake that a page shows."""
    for line in [*commands(page), *INLINE.findall(page.read_text("utf-8"))]:
        name, *arguments = shlex.split(line, comments=True)
        if name.rpartition("/")[2] == "stocktake":
            yield arguments


def first_steps(page: Path, folder: Path) -> list[tuple[str, int]]:
    """Each command of a page with its exit code, run one after the other where the one before left off."""
    checkout = folder / "stocktake"
    shutil.copytree(ROOT / "examples/bookshop", checkout / "examples/bookshop")
    here, codes = checkout, []
    for line in commands(page):
        if line.startswith("cd "):
            here = (here / shlex.split(line, comments=True)[1]).resolve()
        elif not line.startswith(SETUP):
            done = subprocess.run(
                ["bash", "-c", line], cwd=here, env=ENVIRONMENT, capture_output=True, text=True, check=False
            )
            assert "Traceback" not in done.stderr, done.stderr
            codes.append((" ".join(shlex.split(line, comments=True)), done.returncode))
    return codes


def failing(codes: list[tuple[str, int]]) -> list[tuple[str, int]]:
    return [(line, code) for line, code in codes if code]


def test_the_pages_show_commands() -> None:
    assert len([call for page in PAGES for call in calls(page)]) > 20


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_that_is_shown_exists(page: Path) -> None:
    context = click.Context(cli, info_name="stocktake")
    for arguments in calls(page):
        if arguments[0].startswith("-"):
            continue
        command = cli.get_command(context, arguments[0])
        assert command, arguments
        if isinstance(command, click.Group) and len(arguments) > 1:
            command, arguments = command.get_command(context, arguments[1]), arguments[1:]
            assert command, arguments
        command.make_parser(click.Context(command)).parse_args(list(arguments[1:]))


def test_a_command_that_does_not_exist_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("```sh\nstocktake check --nothing\n```\n")

    with pytest.raises(click.NoSuchOption):
        test_every_command_that_is_shown_exists(page)


def test_getting_started_leads_to_a_registry_that_is_green(tmp_path: Path) -> None:
    codes = first_steps(ROOT / "docs/getting-started.md", tmp_path)

    assert len(codes) > 10
    assert failing(codes) == [("stocktake check", 1)]  # of the new record, until it has a waiver
    assert (tmp_path / "estate/adr/0002-keep-the-ledger-in-a-spreadsheet.md").exists()
    assert (tmp_path / "estate/build/site/asset/ledger.html").exists()


def test_what_the_readme_shows_can_be_done_and_says_what_it_says(tmp_path: Path, run: Run) -> None:
    page = ROOT / "README.md"
    shown = dict(BLOCK.findall(page.read_text("utf-8")))
    page_without_build = tmp_path / "README.md"
    page_without_build.write_text(re.sub(r"^(scripts/|stocktake build).*\n", "", page.read_text("utf-8"), flags=re.M))

    assert failing(first_steps(page_without_build, tmp_path)) == []
    (tmp_path / "estate/registry/assets/orders-db.yaml").write_text(shown["yaml"])
    said = run("check", "--today", "2026-11-25", "-C", str(tmp_path / "estate"))
    assert shown[""].strip() in said.lines


def test_a_new_registry_has_the_folders_that_its_readme_names(tmp_path: Path, run: Run) -> None:
    run("init", str(tmp_path / "estate"), "--today", "2026-11-25")

    (tmp_path / "estate/registry/assets/orders-db.yaml").write_text("name: Orders\ntype: relational-db\n")
    folders = {path.name for path in (tmp_path / "estate/registry").iterdir()}
    assert folders == {"assets", "dependencies", "systems", "teams", "waivers"}

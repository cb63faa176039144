"""The pages that walk through something show what the commands really print, and what how-to pages show can be done."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pages import BLOCK, apply, blocks
from registries import write
from test_documentation import ENVIRONMENT

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
HOW_TO = [DOCS / "checking.md", *sorted((DOCS / "how-to").glob("*.md"))]
LEFT_OUT = re.compile(r"scripts/|.* --watch")  # installs what is there already; goes on until somebody stops it
START: dict[str, dict[str, str | bytes]] = {
    "five-mistakes": {
        "registry/systems/shop.yaml": "name: Shop\nowner: maintainers\n",
        "registry/teams/maintainers.yaml": "name: Maintainers\n",
    },
    "tutorial": {},
}
ISSUE = (ROOT / "tests/cases/issues/good.md").read_text("utf-8")
CUT = "..."  # a line that stands for any others


def walked(page: str, folder: Path) -> str:
    """The page with the output of each command in the place of the one it shows; files are written as it shows them.

    What a console cuts short stays as it is where the lines that it shows were printed in that order.
    """
    here = folder

    def again(found: re.Match[str]) -> str:
        nonlocal here
        [block] = blocks(found[0])
        apply(block, folder)
        said: list[str] = []
        for line in block.commands:
            if line.startswith("cd "):
                here, printed = here / line.removeprefix("cd "), ""
            else:
                printed = printed_by(line, here)
            said += [f"$ {line}", *printed.rstrip().splitlines()]
        if block.language != "console" or is_cut(block.text.splitlines(), said):
            return found[0]
        return "\n".join(["````console", *said, "````"])

    return BLOCK.sub(again, page)


def printed_by(line: str, here: Path) -> str:
    """What a command says, results before complaints."""
    done = ran(line, here)
    return done.stdout + done.stderr


def ran(line: str, here: Path) -> subprocess.CompletedProcess[str]:
    """What became of a command; it must not break."""
    done = subprocess.run(["bash", "-c", line], cwd=here, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def is_cut(shown: list[str], said: list[str]) -> bool:
    """Whether something was cut short, and all that is shown was said in that order."""
    wanted = [line for line in shown if line != CUT]
    rest = iter(said)
    return len(wanted) < len(shown) and all(line in rest for line in wanted)


@pytest.mark.parametrize("name", sorted(START))
def test_the_page_shows_what_the_commands_print(name: str, tmp_path: Path, accept: bool) -> None:
    place = DOCS / f"{name}.md"
    page = place.read_text("utf-8")
    if START[name]:
        write(tmp_path, START[name])

    result = walked(page, tmp_path)

    if accept:
        place.write_text(result, "utf-8")
    assert page.count("\n$ stocktake ") >= 4
    assert place.read_text("utf-8") == result


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry that was just begun, beside the tree that it is about."""
    folder = tmp_path_factory.mktemp("begun")
    shutil.copytree(ROOT / "examples/bookshop", folder / "bookshop")
    ran("stocktake init estate --from bookshop", folder)
    begun = "GIT_AUTHOR_DATE=2026-06-29T12:00Z GIT_COMMITTER_DATE=2026-06-29T12:00Z git commit --quiet"
    ran(f"git add . && {begun} --message Begin && git tag v1.4", folder / "estate")
    ran("for _ in {1..20}; do git commit --quiet --allow-empty --message Later; done", folder / "estate")
    return folder


@pytest.mark.parametrize("page", HOW_TO, ids=lambda page: page.stem)
def test_what_a_how_to_page_shows_can_be_done(page: Path, estate: Path, tmp_path: Path) -> None:
    shutil.copytree(estate, tmp_path / "copy", symlinks=True)
    here = tmp_path / "copy/estate"
    shell = [line for block in blocks(page.read_text("utf-8")) if block.language == "sh" for line in block.commands]

    assert len(shell) > 3
    for line in shell:
        if line.startswith("cd "):
            here = (here / line.removeprefix("cd ")).resolve()
        elif not LEFT_OUT.match(line):
            if "issue.md" in line:
                (here / "issue.md").write_text(ISSUE)
                (here / "registry/teams/shop.yaml").write_text("name: Shop people\n")  # whom it names
            done = ran(line, here)
            assert done.returncode == 0 or (done.returncode == 1 and " check" in line), f"{line}\n{done.stderr}"


def test_an_output_that_was_not_printed_is_seen(tmp_path: Path) -> None:
    write(tmp_path, {})
    page = "````console\n$ stocktake check\nall is well\n````\n"

    assert "0 records" in walked(page, tmp_path)
    assert "0 records" in walked(page.replace("all", f"{CUT}\nall"), tmp_path)


def test_what_a_page_cuts_short_stays_where_the_rest_was_printed(tmp_path: Path) -> None:
    page = f"````console\n$ printf 'one\\ntwo\\nthree\\n'\none\n{CUT}\nthree\n````\n"

    assert walked(page, tmp_path) == page
    assert walked(page.replace("three\n````", "two\none\n````"), tmp_path) != page

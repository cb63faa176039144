"""Every command that the documentation shows exists, and those of the first steps were run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import click
import pytest

import reference
import render_estate
from registries import Run, runner
from render_site import site
from stocktake.cli.main import EXIT_CODES, cli
from stocktake.model.field import Field, fields
from stocktake.model.rule import Rule
from stocktake.model.rule_facts import facts, sections
from stocktake.rules.table import RULES

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


@pytest.mark.parametrize("name", reference.PAGES)
def test_the_reference_is_what_the_code_says(name: str, accept: bool) -> None:
    page = ROOT / "docs/reference" / name
    made = reference.pages()[name]

    if accept:
        page.write_text(made, "utf-8")
    assert page.read_text("utf-8") == made, f"{name} is not current: pytest tests/test_documentation.py --accept"


def test_no_page_of_the_reference_is_left_over() -> None:
    assert {path.name for path in (ROOT / "docs/reference").iterdir()} == reference.pages().keys()


def test_what_a_command_says_is_in_the_reference() -> None:
    option = click.Option(["--deep"], is_flag=True, help="Look below --today too.")
    [*_, table] = reference.commands_of({"dig": click.Command("dig", params=[option], help="Dig in PLACE.")})

    assert "| `--deep` | Look below `--today` too. |" in table


def test_every_command_and_option_says_what_it_does() -> None:
    assert list(reference.silent_commands(reference.verbs())) == []


def test_a_page_written_by_people_shows_every_command() -> None:
    written = [call for page in PAGES if page.parent.name != "reference" for call in calls(page)]

    assert list(reference.unshown(reference.verbs(), written)) == []


def test_the_page_on_checking_names_every_option_of_check() -> None:
    page = (ROOT / "docs/checking.md").read_text("utf-8")
    options = [option.opts[-1] for option in reference.verbs()["check"].params if isinstance(option, click.Option)]

    assert [option for option in options if not re.search(rf"(?<![\w-]){option}(?![\w-])", page)] == []


def test_every_setting_and_every_field_of_every_kind_says_what_it_means() -> None:
    kinds = render_estate.SCHEMAS.kinds()
    silent = [told for name, kind in kinds.items() for told in reference.silent_fields(name, fields(kind.shape))]

    assert silent == []
    assert list(reference.silent_fields("settings", reference.settings())) == []


def test_every_rule_says_what_is_wrong_why_it_matters_and_what_to_do() -> None:
    assert list(reference.silent_rules(RULES)) == []


def test_the_changelog_says_nothing_twice() -> None:
    entries = [line for line in (ROOT / "CHANGELOG.md").read_text("utf-8").splitlines() if line.startswith("- ")]

    assert sorted({entry for entry in entries if entries.count(entry) > 1}) == []


def test_the_table_of_exit_codes_is_whole() -> None:
    assert list(reference.silent_codes(reference.exit_codes(ROOT / "src/stocktake"), EXIT_CODES)) == []


def words(text: str) -> str:
    """What is left of Markdown, or of a page without its tags, when everything but its words is gone."""
    return re.sub(r"```\w*|[^\w]", "", text)


def test_the_site_of_every_team_has_a_page_for_every_rule_and_every_kind_with_all_its_fields() -> None:
    pages = {path: content.decode() for path, content in site(render_estate.shop(), {})}

    for rule in RULES:
        assert "What to do" in pages[f"docs/rule/{rule.id}.md"], rule.id
        told = words(unescape(re.sub(r"<[^>]+>", "", pages[f"docs/rule/{rule.id}.md"])))
        explained = [text for pair in (*facts(rule), *sections(rule)) for text in pair]
        assert [text for text in explained if words(text) not in told] == [], rule.id
    for name, kind in render_estate.SCHEMAS.kinds().items():
        page = pages[f"docs/schema/{name}.md"]
        assert [field.name for field in fields(kind.shape) if f"<code>{field.name}</code>" not in page] == [], name


def planted() -> dict[str, click.Command]:
    """A command that says nothing, with an option and an argument of which nothing is said."""

    @click.command("planted")
    @click.argument("place")
    @click.option("--deep", is_flag=True)
    def command(place: str, deep: bool) -> None: ...

    return {"planted": command}


def test_what_is_not_described_is_seen(tmp_path: Path) -> None:
    def rule(sheet: object, context: object) -> None:
        """Something is wrong.

        Why:
        It is.
        """

    silent_rule = Rule("INV999", rule, "low", "asset", None, (), (), "", "", False, False, ())  # type: ignore[arg-type]
    field = Field("owner", "", "", "one word", False, (("team", ""),))
    (tmp_path / "cli").mkdir()
    (tmp_path / "pipeline").mkdir()
    (tmp_path / "errors.py").write_text("class Refused(Exception):\n    exit_code = 9\n")
    (tmp_path / "cli/verb.py").write_text("def command(wrong) -> int:\n    return 7 if wrong else 0\n")

    assert list(reference.silent_commands(planted())) == [
        "planted does not say what it does",
        "planted does not say what PLACE is",
        "planted --deep does not say what it does",
    ]
    assert list(reference.unshown(planted(), [["check", "--fix"]])) == ["no page shows planted"]
    assert list(reference.silent_fields("asset", [field])) == [
        "asset: owner does not say what it means",
        "asset: owner does not say what team means",
    ]
    assert list(reference.silent_rules([silent_rule])) == ["INV999 has no Fix", "INV999 has no False positives"]
    assert list(reference.silent_codes(reference.exit_codes(tmp_path), {0: "", 4: ""})) == [
        "no table says what exit code 7 means",
        "no table says what exit code 9 means",
        "nothing ends with exit code 4",
    ]


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

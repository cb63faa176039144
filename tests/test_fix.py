"""`check --fix` mends what has one right answer, and nothing else in a file changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from registries import SETTINGS, STORE, Run, runner, write
from stocktake.edit.fix import tidy
from stocktake.load import yaml
from stocktake.load.files import Tree, schema_folder
from stocktake.load.record import check
from stocktake.load.schemas import Schemas, read_schemas
from stocktake.load.strict import parse
from stocktake.pipeline.fix import content
from stocktake.values.text import only_one

SCHEMA_CASES = Path(__file__).parent / "cases/schemas"
RECORD = "registry/assets/orders-db.yaml"
TODAY = ("--today", "2026-06-30")
HEAD = "name: Orders\ntype: relational-db\n"


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("name: Orders\ntype: relational_db # said\n", "name: Orders\ntype: relational-db # said\n"),
        ("name: Orders\ntype: 'relatonal-db'\n", "name: Orders\ntype: 'relational-db'\n"),
        (
            "{name: Orders, type: relatonal-db, criticality: hgh}\n",
            "{name: Orders, type: relational-db, criticality: high}\n",
        ),
        (f"{HEAD}version: 16.40\n", f'{HEAD}version: "16.40"\n'),
        (f"{HEAD}labels: {{a: 012, b: 1.10}}\n", f'{HEAD}labels: {{a: "012", b: "1.10"}}\n'),
        (f"{HEAD}reviewed: 2026-01-05 # by us\n", f'{HEAD}reviewed: "2026-01-05" # by us\n'),
        (f"{HEAD}reviewed: 2026-1-5\n", f'{HEAD}reviewed: "2026-01-05"\n'),
        (f"{HEAD}\n# said  \t\nowner:   shop  \n", f"{HEAD}\n# said\nowner:   shop\n"),
        ("name: Orders  \r\ntype: relational-db\r\n", "name: Orders\r\ntype: relational-db\r\n"),
        ("name: Orders\ntype: relational-db", HEAD),
        (f"{HEAD}\n\n\n", HEAD),
        (
            "type: cache\n\n# What it is called\nname: A # so\ntags: [a]\n",
            "# What it is called\nname: A # so\ntype: cache\n\ntags: [a]\n",
        ),
        (
            "# yaml-language-server: $schema=x\ntype: cache\ndescription: |\n  # No comment.\n  B\nname: A\n",
            "# yaml-language-server: $schema=x\nname: A\ndescription: |\n  # No comment.\n  B\ntype: cache\n",
        ),
        (
            "type: cache\nbackup:\n  # How much\n  rpo: PT1H\n\ntags: [a]\n# Whose\nowner: shop\nname: A\n\n# More\n",
            "name: A\ntype: cache\n# Whose\nowner: shop\nbackup:\n  # How much\n  rpo: PT1H\n\ntags: [a]\n\n# More\n",
        ),
        ("type: cache\n\nname: A", "name: A\ntype: cache\n"),
    ],
)
def test_what_has_one_right_answer_is_mended(tmp_path: Path, run: Run, before: str, after: str) -> None:
    write(tmp_path, {RECORD: before.encode(), "registry/teams/shop.yaml": "name: Shop\n"})

    said = run("check", "--fix", RECORD, "-C", str(tmp_path))

    assert (tmp_path / RECORD).read_bytes().decode() == after
    assert said == (0, f"mended {RECORD}\n1 file checked, nothing wrong\n", "")
    assert run("check", "--fix", RECORD, "-C", str(tmp_path)).lines == ["1 file checked, nothing wrong"]


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}criticality: nothing-like-it\n",
        f"{HEAD}monitoring:\n  layers: [app]\n",
        f"{HEAD}backup: {{rpo: 15}}\n",
        f"{HEAD}reviewed: 2026-13-5\n",
        "name: A\ndescription: |\n  A text with two spaces  \n  at the end of a line.\ntype: cache\n",
        'name: A\ndescription: "A text  \n  over two lines."\ntype: cache\n',
        "name: A\nowner: shop\n\n# What it is\n\ntype: cache\n",
        "name: A\ntype: cache\n\n# About some of these\n\ntags: [a]\nowner: shop\n",
        f"{HEAD}description: |+\n  With lines below.\n\n\n",
        "name: Orders\ntype: *x  \n",
        "# A store, or its type\ntype: cache\nname: A\n",
        "{type: cache, name: A}\n",
        "name: [Orders  \n",
        "- a  \n",
        "",
    ],
)
def test_what_might_mean_something_else_is_left_alone(tmp_path: Path, run: Run, text: str) -> None:
    write(tmp_path, {RECORD: text})

    run("check", "--fix", RECORD, "-C", str(tmp_path))

    assert (tmp_path / RECORD).read_text() == text


def test_of_a_decision_only_the_front_matter_and_the_end_are_mended(tmp_path: Path, run: Run) -> None:
    path = "adr/0001-x.md"
    before = "---\nname: X  \nstatus: acepted\ndate: 2026-01-05\n---\n\nA line  \nand another.\n\n\n"
    after = '---\nname: X\nstatus: accepted\ndate: "2026-01-05"\n---\n\nA line  \nand another.\n'
    write(tmp_path, {path: before})

    run("check", "--fix", path, "-C", str(tmp_path))

    assert (tmp_path / path).read_text() == after


def test_a_dry_run_shows_the_difference_and_writes_nothing(tmp_path: Path, run: Run) -> None:
    before = "name: Orders\ntype: relatonal-db\n"
    write(tmp_path, {RECORD: before})

    said = run("check", "--fix", "--dry-run", RECORD, "-C", str(tmp_path))

    assert said.lines[:6] == [
        f"--- a/{RECORD}",
        f"+++ b/{RECORD}",
        "@@ -1,2 +1,2 @@",
        " name: Orders",
        "-type: relatonal-db",
        "+type: relational-db",
    ]
    assert said.exit_code == 2
    assert (tmp_path / RECORD).read_text() == before


def test_the_whole_registry_is_mended_before_it_is_judged(tmp_path: Path, run: Run) -> None:
    write(
        tmp_path,
        {
            RECORD: "name: Orders\ntype: relatonal-db",
            "registry/teams/shop.yaml": "name: Shop  \n",
            "stocktake.yaml": f"{SETTINGS}gates: {{fail_on: citical}}\n",
        },
    )

    said = run("check", "--fix", *TODAY, "-C", str(tmp_path))

    assert said.lines[:3] == [f"mended {path}" for path in (RECORD, "registry/teams/shop.yaml", "stocktake.yaml")]
    assert said.exit_code == 1
    assert (tmp_path / RECORD).read_text() == STORE.replace("Orders\n", "Orders\n")


def test_a_new_registry_has_nothing_to_mend(tmp_path: Path, run: Run) -> None:
    run("init", str(tmp_path / "estate"), *TODAY)
    said = run("check", "--fix", "--dry-run", "-C", str(tmp_path / "estate"), *TODAY)

    assert "+++" not in said.out


def test_with_a_format_for_machines_nothing_else_is_printed(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {RECORD: "name: Orders\ntype: relatonal-db\n"})

    assert run("check", "--fix", RECORD, "--output-format", "gitlab", "-C", str(tmp_path)).out == "[]\n"


def test_a_file_that_cannot_be_mended_is_told_as_ever(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {"notes.md": ""})

    for path in ("../x.yaml", "registry/assets/gone.yaml", "notes.md"):
        assert run("check", "--fix", path, "-C", str(tmp_path)).exit_code == 2


@pytest.mark.parametrize("kind", sorted(path.name for path in SCHEMA_CASES.iterdir()))
def test_mending_adds_no_mistake_and_is_done_after_once(kind: str) -> None:
    schemas = read_schemas(Tree(schema_folder()))
    for path in sorted((SCHEMA_CASES / kind).rglob("*.yaml")):
        raw = path.read_bytes()
        after = content(raw, path.name, kind, schemas)

        assert content(after, path.name, kind, schemas) == after, path
        assert mistakes(after, kind, schemas) <= mistakes(raw, kind, schemas), path
        if path.parent.name == "valid":
            assert parse(after.decode()).data == parse(raw.decode()).data, path


def mistakes(raw: bytes, kind: str, schemas: Schemas) -> set[tuple[str, str]]:
    data, wrong = yaml.parse(raw, "")
    return {(one.field, one.message) for one in wrong or check(data, raw, "", kind, schemas)}


@pytest.mark.parametrize(
    ("word", "candidates", "meant"),
    [
        ("hgh", ["low", "high"], "high"),
        ("cod", ["cold", "code"], None),
        ("cold", ["cold", "code"], "cold"),
        ("x", ["low"], None),
    ],
)
def test_a_word_is_meant_only_where_no_other_is_as_near(word: str, candidates: list[str], meant: str | None) -> None:
    assert only_one(word, candidates) == meant


def test_lines_that_are_kept_keep_their_spaces() -> None:
    assert tidy("a  \nb  \n", {2}) == "a\nb  \n"

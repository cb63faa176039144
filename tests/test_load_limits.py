"""A file of nothing but mistakes costs little and is told in part."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import pytest

from registries import SETTINGS, write
from stocktake.load import record, yaml
from stocktake.load.files import TOLD_AT_MOST, Tree, schema_folder
from stocktake.load.schemas import read_schemas
from stocktake.pipeline.check_files import check_files

SCHEMAS = read_schemas(Tree(schema_folder()))
HEAD = "name: A\ntype: cache\n"
MANY = {
    "unknown keys": HEAD + "".join(f"unknown{number}: 1\n" for number in range(5_000)),
    "bad names of keys": HEAD + "labels:\n" + "".join(f"  BAD{number}: 1\n" for number in range(5_000)),
    "values outside a list": HEAD + "monitoring:\n  layers:\n" + "    - databas\n" * 5_000,
    "many mistakes each": HEAD
    + "backup:\n  plans:\n"
    + "".join(f"    p{i}: {{kind: x, y: z}}\n" for i in range(5_000)),
    "the same key": "a: 1\n" * 10_000,
    "hidden characters": HEAD + "# " + "\u200b" * 10_000,
    "anchors": HEAD + "".join(f"x{number}: &a{number} 1\n" for number in range(5_000)),
    "an alias bomb": "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [{f'*a{i - 1}, ' * 9}]\n" for i in range(1, 60)),
    "documents": HEAD + "---\n" * 5_000,
    "secrets": HEAD + "description: |\n" + "  password: hunter2abc\n" * 5_000,
}


@pytest.mark.parametrize("name", MANY)
def test_thousands_of_mistakes_are_told_soon_and_in_part(name: str) -> None:
    raw = MANY[name].encode()
    SCHEMAS.validator("asset")
    tracemalloc.start()
    begun = time.monotonic()

    _, problems = record.read(raw, "registry/assets/a.yaml", "asset", SCHEMAS)

    assert time.monotonic() - begun < 20
    assert tracemalloc.get_traced_memory()[1] < 200_000_000
    tracemalloc.stop()
    assert TOLD_AT_MOST < len(problems) <= 2 * TOLD_AT_MOST + 2
    assert any("more than 100 mistakes. Mend those above first" in problem.text() for problem in problems)


def test_a_long_list_with_an_entry_twice_is_told_soon() -> None:
    raw = f"{HEAD}tags:\n{''.join(f'  - t{number}' + chr(10) for number in range(10_000))}  - t7\n  - {{}}\n".encode()
    begun = time.monotonic()

    _, problems = record.read(raw, "registry/assets/a.yaml", "asset", SCHEMAS)

    assert time.monotonic() - begun < 20
    assert [problem.text() for problem in problems] == [
        "registry/assets/a.yaml:4:3: tags: names something twice",
        "registry/assets/a.yaml:10005:5: tags[10001]: a mapping stands where text is expected",
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD + "description: " + "x" * 10_000_000, ":0:0: is larger than 1,000,000 bytes"),
        (HEAD + "description: " + "x" * 900_000, ":3:14: description: is longer than 20000 characters"),
        (HEAD + "version: " + "9" * 900_000, ":3:10: version: a number of 900000 characters is too long"),
        (HEAD + "tags: " + "[" * 900_000, ":3:1006: not YAML: exceeded maximum nesting depth"),
        (HEAD + "tags:\n  " + "- " * 400_000, ":4:83: tags: nested deeper than 40 levels"),
        (HEAD + "x: " + "{a: " * 200_000, ":3:164: x: nested deeper than 40 levels"),
    ],
    ids=["10 MB", "scalar", "digits", "brackets", "hyphens", "braces"],
)
def test_one_huge_value_is_told_at_once(text: str, told: str) -> None:
    _, problems = record.read(text.encode(), "a.yaml", "asset", SCHEMAS)

    [problem] = problems
    assert f":{problem.line}:{problem.column}: {': '.join(filter(None, (problem.field, problem.message)))}".startswith(
        told
    )


def test_a_hundred_thousand_keys_are_read() -> None:
    text = HEAD + "labels:\n" + "".join(f"  k{number}: v\n" for number in range(60_000))
    data, problems = yaml.parse(text.encode(), "a.yaml")

    assert (problems, len(data["labels"])) == ([], 60_000)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("registry/flows/x.yaml", "name: X\nsteps:\n" + "".join(f"  - dependency: d{i}\n" for i in range(20_000))),
        ("registry/assets/x.yaml", f"{HEAD}instances:\n" + "".join(f"  e{i}: {{host: h}}\n" for i in range(30_000))),
        ("observed/x.json", '{"things": [' + "[],\n" * 100_000 + "[]]}"),
    ],
    ids=["steps", "environments", "observation"],
)
def test_thousands_of_references_to_nothing_are_told_soon_and_in_part(tmp_path: Path, path: str, text: str) -> None:
    write(tmp_path, {path: text, "stocktake.yaml": SETTINGS})
    begun = time.thread_time()

    problems, _ = check_files(Tree(str(tmp_path)), [path])

    assert time.thread_time() - begun < 5
    assert 0 < len(problems) <= 2 * TOLD_AT_MOST + 2

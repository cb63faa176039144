"""A file of nothing but mistakes costs little and is told in part."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from stocktake.load import record
from stocktake.load.files import TOLD_AT_MOST, Tree, schema_folder
from stocktake.load.schemas import read_schemas

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

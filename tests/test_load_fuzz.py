"""Whatever the bytes of a file are, loading ends soon and tells problems; nothing else ever happens."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from registries import write
from schema_validators import CASES
from stocktake.errors import InputError, Problem
from stocktake.load import known, observations, record, settings, yaml
from stocktake.load.files import Tree, schema_folder
from stocktake.load.schemas import read_schemas

SCHEMAS = read_schemas(Tree(schema_folder()))
VALID = sorted(CASES.glob("*/valid/full.yaml"))
ODD = [
    *"\x00\t\r\n\"'\\&*!|>%@`#,:?-[]{}~<.",
    *(
        "\u202e",
        "\u200b",
        "\ufeff",
        "\x85",
        "\ud800",
        "---\n",
        "...\n",
        "<<: *a",
        "&a ",
        "*a",
        "!!str ",
        "? ",
        ": ",
        "- ",
    ),
    *(
        ".nan",
        "-.inf",
        "1e999",
        "0x",
        "0o8",
        "1_0",
        "null",
        "true",
        "2026-02-30",
        '"\\u202e"',
        '"\\ud800"',
        "\n  ",
        "\n\t",
    ),
]


def mutations(text: str, count: int, seed: str) -> Iterator[bytes]:
    """Texts a few edits away: pieces put in, cut out, repeated, swapped, and single bytes changed."""
    dice = random.Random(seed)
    for _ in range(count):
        mutated = text
        for _ in range(dice.randint(1, 4)):
            start, size = dice.randrange(len(mutated) + 1), dice.choice([0, 0, 1, 3, 30])
            piece = dice.choice([dice.choice(ODD), mutated[start : start + size] * dice.choice([0, 2, 50])])
            mutated = mutated[:start] + piece + mutated[start + size :]
        raw = bytearray(mutated.encode("utf-8", "surrogatepass"))
        if raw and dice.random() < 0.2:
            raw[dice.randrange(len(raw))] = dice.randrange(256)
        yield bytes(raw)


def assert_told(problems: list[Problem]) -> None:
    for problem in problems:
        assert problem.text().startswith(problem.path)
        assert problem.message
        assert problem.line >= 0


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.parts[-3])
def test_a_mutated_record_is_read_or_told_what_is_wrong(path: Path) -> None:
    kind = path.parts[-3]
    begun = time.monotonic()
    for raw in mutations(path.read_text("utf-8"), 250, kind):
        data, problems = yaml.parse(raw, "a.yaml")
        slow = yaml.parse_strictly(raw, "a.yaml") if not yaml.encoding_problems(raw, "a.yaml") else (data, problems)
        problems = problems or record.check(data, raw, "a.yaml", kind, SCHEMAS)
        assert_told(problems + record.secrets(raw, "", "a.yaml", kind, SCHEMAS))
        assert slow[0] == data
    assert time.monotonic() - begun < 20


@pytest.mark.parametrize("kind", ["adr", "runbook"])
def test_a_mutated_page_with_front_matter_is_read_or_told_what_is_wrong(kind: str) -> None:
    text = f"---\n{(CASES / kind / 'valid/full.yaml').read_text('utf-8')}---\n\n# Title\n\n\tCode\n"
    for raw in mutations(text, 250, kind):
        _, problems = record.read(raw, "a/b.md", kind, SCHEMAS)
        assert_told(problems)


def observation(tree: Tree) -> Any:
    found, _, problems = observations.read_observations(tree, SCHEMAS)
    return found, problems


@pytest.mark.parametrize(
    ("path", "text", "read"),
    [
        (
            "observed/shop.json",
            (
                '{"schema": 1, "source": "shop", "collector": "discover", "version": "1", "status": "seen", "things": '
                '{"a": {"kind": "asset", "name": "A", "facts": {"type": "cache"}, "confidence": 0.5}}, "edges": []}\n'
            ),
            observation,
        ),
        ("observed/last-looked.json", '{"schema": 1, "sources": {"shop": "2026-02-28"}}\n', observation),
        (".stocktake/known.txt", "2026-01-31 INV001@asset/a\n2026-01-31 CFG003@asset/b/live#x%20y\n", known.read_known),
        (
            "stocktake.yaml",
            (
                "schema: 1\nname: Shop\nenvironments: {live: {}}\nsources:\n  shop: {path: shop, environment: live}\n"
                "freshness: P30D\ndistinct:\n  - [asset/a, asset/b]\n"
            ),
            lambda tree: settings.read_settings(tree, SCHEMAS),
        ),
    ],
    ids=["observation", "last looked", "known findings", "settings"],
)
def test_what_machines_wrote_and_somebody_edited_is_read_or_told(
    tmp_path: Path, path: str, text: str, read: Callable[[Tree], Any]
) -> None:
    write(tmp_path, {path: text})
    tree = Tree(str(tmp_path))
    assert read(tree)
    for raw in mutations(text, 250, path):
        (tmp_path / path).write_bytes(raw)
        try:
            read(tree)
        except InputError as error:
            assert_told(error.problems)

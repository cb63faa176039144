"""Copies of our schemas in a repository: one that differs from ours is a finding that says what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registries import Run, runner, write
from stocktake.load.copies import differing
from stocktake.load.files import Tree, schema_folder

OURS = Tree(schema_folder())
ASSET = "schemas/asset.schema.json"


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


def test_a_copy_that_says_the_same_is_no_difference_however_it_is_laid_out(tmp_path: Path) -> None:
    ours = OURS.read("asset.schema.json")
    laid_out = json.dumps(json.loads(OURS.read("team.schema.json")), indent=8).encode()
    folder = write(tmp_path, {ASSET: ours, "schemas/team.schema.json": laid_out})

    assert differing(OURS, Tree(str(folder))) == ()


@pytest.mark.parametrize("content", [b"{}", b"not JSON", b"\xff", b"[" * 100_000])
def test_a_copy_that_says_something_else_is_named(tmp_path: Path, content: bytes) -> None:
    folder = write(tmp_path, {ASSET: content, "schemas/printer.schema.json": b"{}"})

    assert differing(OURS, Tree(str(folder))) == (ASSET,)


def test_a_copy_that_somebody_changed_is_a_finding_and_judges_nothing(tmp_path: Path, run: Run) -> None:
    changed = json.loads(OURS.read("asset.schema.json"))
    changed["properties"]["cost_centre"] = {"type": "string"}
    folder = write(
        tmp_path,
        {
            ASSET: json.dumps(changed).encode(),
            "registry/assets/orders-db.yaml": "name: Orders\ntype: relational-db\n",
        },
    )

    said = run("check", "--output-format", "concise", "--select", "CFG009", "-C", str(folder))
    told = run("explain", "CFG009")

    assert said.lines[0] == f"{ASSET}: medium CFG009@registry#asset: the copy differs from the schema that judges"
    assert "stocktake upgrade" in told.out

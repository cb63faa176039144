"""What each gate takes for a weakening: cases of two sides in, the weakenings as text out."""

from __future__ import annotations

import json
from inspect import getdoc
from pathlib import Path
from typing import Any

import pytest
import yaml

from stocktake.analyse.gates.table import GATES, weakenings
from stocktake.load.files import Tree, schema_folder
from stocktake.load.flatten import flatten
from stocktake.load.schemas import read_schemas
from stocktake.model.weakening import Changed, Facts, Pair
from stocktake.values.text import hostile

CASES = sorted((Path(__file__).parent / "cases/gates").glob("*.yaml"))
SCHEMAS = read_schemas(Tree(schema_folder()))


def facts(address: str, data: dict[str, Any] | None) -> Facts | None:
    return None if data is None else flatten(data, SCHEMAS.shape(address.partition("/")[0]))


def changed(data: dict[str, Any]) -> Changed:
    records = data.get("records", {}).items()
    pairs = tuple(Pair(name, facts(name, two.get("before")), facts(name, two.get("after"))) for name, two in records)
    known = data.get("known", {})
    others = {name: (data.get(name, {}).get("before", {}), data.get(name, {}).get("after", {})) for name in _OTHERS}
    return Changed(pairs, known=(frozenset(known.get("before", ())), frozenset(known.get("after", ()))), **others)


_OTHERS = ("rules", "schemas", "settings", "signers")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_change_weakens_what_its_case_says(path: Path, accept: bool) -> None:
    found = weakenings(changed(yaml.safe_load(path.read_text("utf-8"))))
    said = "".join(f"{one.gate}: {one.text()}\n" for one in found)
    expected = path.with_suffix(".txt")
    if accept:
        expected.write_text(said, "utf-8")

    assert said == expected.read_text("utf-8")
    assert hostile(said) == []


def test_every_gate_has_a_case() -> None:
    told = {line.partition(":")[0] for path in CASES for line in path.with_suffix(".txt").read_text().splitlines()}

    assert told == set(GATES)


def test_the_settings_name_every_gate_in_its_own_words() -> None:
    schema = json.loads((Path(schema_folder()) / "settings.schema.json").read_text("utf-8"))
    named = schema["properties"]["gates"]["properties"]["approvers"]["properties"]

    assert sorted(named) == sorted([*GATES, "default"])
    assert {name: named[name]["description"] for name in GATES} == {
        name: " ".join((getdoc(GATES[name]) or "").partition("\n\n")[0].split()) for name in GATES
    }


def test_nothing_weakens_where_nothing_differs() -> None:
    assert weakenings(Changed(())) == ()

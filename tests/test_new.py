"""`new` writes a record that `check` accepts as it is, or says what must be written first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registries import Run, runner, write
from stocktake.load.files import Tree, schema_folder
from stocktake.load.schemas import read_schemas

KINDS = sorted(read_schemas(Tree(schema_folder())).kinds())
FULL: dict[str, str | bytes] = {
    "registry/assets/api.yaml": "name: API\ntype: api\n",
    "registry/assets/orders-db.yaml": "name: Orders\ntype: relational-db\n",
    "registry/teams/shop.yaml": "name: Shop\n",
}


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


def new(run: Run, folder: Path, *arguments: str) -> str:
    """The text of a record that was made and is accepted."""
    said = run("new", *arguments, "--today", "2026-06-30", "-C", str(folder))
    assert (said.exit_code, said.err) == (0, "")
    path = said.out.strip()
    assert run("check", f"{folder}/{path}", "-C", str(folder)).exit_code == 0
    return (folder / path).read_text("utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_a_new_record_of_every_kind_is_accepted_as_it_is(tmp_path: Path, run: Run, kind: str) -> None:
    assert new(run, write(tmp_path, FULL), kind, "something-new")


@pytest.mark.parametrize("kind", ["adr", "asset", "runbook", "system", "team"])
def test_what_names_nothing_can_be_the_first_record(tmp_path: Path, run: Run, kind: str) -> None:
    assert new(run, write(tmp_path, {}), kind, "first")


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("baseline", "A baseline says `asset`, and there is no asset that it could name."),
        ("dependency", "A dependency says `from`, and there is no asset that it could name."),
        ("finding", "A finding says `about`, and there is no asset that it could name."),
        ("waiver", "A waiver says `owner`, and there is no team that it could name."),
    ],
)
def test_what_must_be_written_first_is_said(tmp_path: Path, run: Run, kind: str, message: str) -> None:
    said = run("new", kind, "first", "-C", str(write(tmp_path, {})))

    assert (said.exit_code, said.out) == (2, "")
    assert message in said.err
    assert sorted(path.name for path in (tmp_path / "registry").iterdir()) == [".gitkeep"]


def test_a_dependency_is_not_drafted_from_an_asset_to_itself(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {"registry/assets/api.yaml": FULL["registry/assets/api.yaml"]})

    assert "A dependency says `to`, and there is no asset" in run("new", "dependency", "a", "-C", str(tmp_path)).err


def test_a_baseline_needs_an_environment(tmp_path: Path, run: Run) -> None:
    said = run("new", "baseline", "a", "-C", str(write(tmp_path, {**FULL, "stocktake.yaml": "schema: 1\n"})))

    assert said.exit_code == 2
    assert "stocktake.yaml names none" in said.err


def test_given_facts_are_written_with_the_type_that_the_schema_wants(tmp_path: Path, run: Run) -> None:
    facts = ["type=cache", "version=7.10", "tags=a, b", "backup.plans[nightly.eu].schedule=0 2 * * *", "owner=shop"]
    options = [part for fact in facts for part in ("--set", fact)]

    text = new(run, write(tmp_path, FULL), "asset", "sessions", "--within", "eu/shop", *options)

    assert text == (
        "# yaml-language-server: $schema=../../../../schemas/asset.schema.json\n"
        "name: Sessions\ntype: cache\nversion: '7.10'\ntags:\n  - a\n  - b\n"
        "backup:\n  plans:\n    nightly.eu:\n      schedule: 0 2 * * *\nowner: shop\n"
    )


def test_hostile_facts_are_written_as_text_or_refused(tmp_path: Path, run: Run) -> None:
    hostile = "{{ x }}: [*a, &b] # not a comment | `x` <script>"

    assert json.dumps(hostile)[1:-1] in new(run, write(tmp_path, FULL), "asset", "a", "--set", f"name={hostile}")
    said = run("new", "asset", "b", "--set", "name=a\u202eb", "-C", str(tmp_path))
    assert said.exit_code == 2
    assert "the character U+202E is not allowed" in said.err
    assert not (tmp_path / "registry/assets/b.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["assets", "a"], 'There is no kind "assets". Did you mean asset?'),
        (["thing", "a"], 'There is no kind "thing". Kinds are adr, asset, baseline'),
        (["asset", "Orders"], '"Orders" is not an id. Use small letters'),
        (["asset", "../a"], '"../a" is not an id'),
        (["asset", "a", "--within", "../.."], '"../.." is not a sub-folder of registry/assets'),
        (["asset", "orders-db"], "registry/assets/orders-db.yaml exists already"),
        (["asset", "orders-db", "--within", "eu"], "registry/assets/orders-db.yaml exists already"),
        (["asset", "a", "--set", "type"], '--set "type" is not NAME=VALUE'),
        (["asset", "a", "--set", "=x"], '--set "=x" is not NAME=VALUE'),
        (["asset", "a", "--set", "a[b=x"], '--set "a[b=x" is not NAME=VALUE'),
        (["asset", "a", "--set", "backup=x", "--set", "backup.rpo=PT1H"], 'gives "backup" both a value and parts'),
        (["asset", "a", "--set", "backup.rpo=PT1H", "--set", "backup=x"], 'gives "backup" both a value and parts'),
        (["asset", "a", "--set", "type=cach"], 'registry/assets/a.yaml:3:7: type: "cach" is not one of'),
        (["asset", "a", "--set", "owner=shopp"], 'owner: there is no team "shopp". Did you mean shop?'),
        (["asset", "a", "--set", "backup.rpo=15min"], "Did you mean PT15M?"),
        (["asset", "a", "--today", "2026-02-30"], '--today "2026-02-30" is not a day'),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_is_written(
    tmp_path: Path, run: Run, arguments: list[str], message: str
) -> None:
    before = files(write(tmp_path, FULL))

    said = run("new", *arguments, "-C", str(tmp_path))

    assert (said.exit_code, said.out) == (2, "")
    assert message in said.err
    assert files(tmp_path) == before


def test_a_dry_run_prints_the_record_and_writes_nothing(tmp_path: Path, run: Run) -> None:
    before = files(write(tmp_path, FULL))

    said = run("new", "team", "ops", "--dry-run", "-C", str(tmp_path))

    assert said.out == "# yaml-language-server: $schema=../../schemas/team.schema.json\nname: Ops\n"
    assert files(tmp_path) == before


def test_nothing_is_written_through_a_folder_that_leads_out(tmp_path: Path, run: Run) -> None:
    (tmp_path / "outside").mkdir()
    root = write(tmp_path / "root", {})
    (root / "registry/teams").symlink_to(tmp_path / "outside")

    assert run("new", "team", "ops", "-C", str(root)).exit_code == 2
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_kind_of_a_team_is_made_from_its_schema(tmp_path: Path, run: Run) -> None:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://stocktake.dev/schemas/printer.schema.json",
        "title": "Printer",
        "x-registry": {"folder": "registry/printers"},
        "type": "object",
        "properties": {
            "name": {"$ref": "common.schema.json#/$defs/base/properties/name"},
            "pages": {"type": "integer"},
            "owner": {"$ref": "common.schema.json#/$defs/id", "x-ref": "team"},
        },
        "required": ["name", "owner"],
        "unevaluatedProperties": False,
    }
    write(tmp_path, {**FULL, "schemas/printer.schema.json": json.dumps(schema)})

    assert new(run, tmp_path, "printer", "hall", "--set", "pages=5").endswith("name: Hall\nowner: shop\npages: 5\n")


def files(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.rglob("*"))

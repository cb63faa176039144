"""Tables for spreadsheets: what stands in them, that no cell is a formula, and that nothing is lost on the way."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registries import Run, runner, write
from stocktake.exchange import matrix
from stocktake.exchange.rfc4180 import cell, written
from stocktake.exchange.table import Table
from stocktake.model.graph import Edge, Entry, Graph
from stocktake.values.text import shown

TODAY = "2026-11-25"
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
FILES: dict[str, str | bytes] = {
    "stocktake.yaml": "schema: 1\nenvironments: {production: {}, staging: {}}\n",
    "registry/assets/orders-db.yaml": """name: Orders, all of them
type: relational-db
owner: shop
classification: confidential
description: |
  Two lines,
  with "quotes".
tags: [core, paid]
aliases: ["a; b", c]
reviewed: "2026-06-01"
backup:
  rpo: PT1H
  plans:
    nightly: {kind: full, schedule: "0 2 * * *"}
    weekly: {}
instances:
  production: {version: "16.4", host: db-1}
  staging: {version: "17.0", backup: {rpo: P1D}}
""",
    "registry/assets/shop.yaml": 'name: "=HYPERLINK(\\"http://example.org\\")"\ntype: service\n',
    "registry/teams/shop.yaml": 'name: Shop\nhandle: "@shop"\n',
    "registry/dependencies/shop-orders.yaml": (
        "name: Shop and orders\nfrom: shop\nto: orders-db\ntype: reads-writes\ncriticality: high\n"
    ),
}


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return write(tmp_path, FILES)


def rows(text: str) -> list[dict[str, str]]:
    """As a program that knows RFC 4180 reads it."""
    return list(csv.DictReader(StringIO(text, newline=""), strict=True))


def exported(run: Run, place: Path, table: str) -> list[dict[str, str]]:
    said = run("export", "csv", table, "--today", TODAY, "-C", str(place))
    assert said.exit_code == 0, said.err
    return rows(said.out)


def test_a_kind_has_a_row_for_each_record_in_each_environment(place: Path, run: Run) -> None:
    found = exported(run, place, "asset")

    assert [(row["id"], row["environment"], row["version"], row["backup.rpo"]) for row in found] == [
        ("orders-db", "", "", "PT1H"),
        ("orders-db", "production", "16.4", "PT1H"),
        ("orders-db", "staging", "17.0", "P1D"),
        ("shop", "", "", ""),
    ]
    assert found[0]["description"] == 'Two lines,\nwith "quotes".\n'


def test_a_mapping_whose_keys_people_chose_has_a_table_of_its_own(place: Path, run: Run) -> None:
    found = exported(run, place, "asset.backup.plans")

    assert list(found[0]) == ["id", "environment", "backup.plans[]", "kind", "schedule"]
    own = [row for row in found if not row["environment"]]
    assert [(row["backup.plans[]"], row["schedule"]) for row in own] == [("nightly", "0 2 * * *"), ("weekly", "")]


def test_texts_of_a_list_stand_behind_each_other_or_as_json(place: Path, run: Run) -> None:
    first = exported(run, place, "asset")[0]

    assert first["tags"] == "core; paid"
    assert json.loads(first["aliases"]) == ["a; b", "c"]


def test_text_that_would_be_a_formula_has_an_apostrophe_in_front(place: Path, run: Run) -> None:
    assert exported(run, place, "asset")[-1]["name"] == '\'=HYPERLINK("http://example.org")'
    assert exported(run, place, "team")[0]["handle"] == "'@shop"


def test_the_inventory_sheet_has_the_columns_of_the_plan_first(place: Path, run: Run) -> None:
    first, second = exported(run, place, "inventory")

    assert list(first)[:6] == ["asset", "type", "owner", "sensitivity", "backup status", "last reviewed"]
    known = ["orders-db", "relational-db", "shop", "confidential", "2 plans, never restored", "2026-06-01"]
    assert list(first.values())[:6] == known
    assert list(second.values())[:6] == ["shop", "service", "not known", "not known", "no store", "never"]
    assert first["environments"] == "production; staging"
    assert int(second["failures"]) > 0


def test_a_store_without_a_plan_is_told_apart_from_one_that_needs_none(place: Path, run: Run) -> None:
    write(place, {**FILES, "registry/assets/bare.yaml": "name: Bare\ntype: relational-db\n"})

    assert exported(run, place, "inventory")[0]["backup status"] == "no plan"


def test_rows_of_the_matrix_are_producers_and_columns_consumers(place: Path, run: Run) -> None:
    assert exported(run, place, "matrix") == [
        {"producer": "asset/orders-db", "asset/orders-db": "", "asset/shop": "reads-writes (high)"},
        {"producer": "asset/shop", "asset/orders-db": "reads-writes (high)", "asset/shop": ""},
    ]


def test_a_matrix_wider_than_a_spreadsheet_is_a_list() -> None:
    nodes = [Entry(f"asset/a{number}") for number in range(matrix.COLUMNS_AT_MOST + 2)]
    edges = [Edge(f"dependency/{one.address[6:]}", "asset/a0", one.address, "writes") for one in nodes[1:]]

    table = matrix.table(Graph(nodes, edges))

    assert table.columns == ("producer", "consumer", "type", "criticality", "dependency")
    assert len(list(table.rows)) == matrix.COLUMNS_AT_MOST + 1


def test_all_tables_go_into_a_folder_and_are_compared(place: Path, run: Run, tmp_path: Path) -> None:
    arguments = ("export", "csv", "--today", TODAY, "-C", str(place))
    assert run(*arguments, "--check").exit_code == 1
    assert run(*arguments).exit_code == 0
    assert run(*arguments, "--check") == (0, "", "")

    made = {path.name for path in (place / "build/export").iterdir()}
    assert made >= {"asset.csv", "asset.backup.plans.csv", "dependency.csv", "inventory.csv", "matrix.csv", "team.csv"}
    (place / "registry/assets/orders-db.yaml").write_text("name: Orders\ntype: relational-db\n")
    assert "asset.backup.plans.csv" in run(*arguments, "--check").lines
    run(*arguments)
    assert not (place / "build/export/asset.backup.plans.csv").exists()


def test_a_folder_that_somebody_named_keeps_what_else_is_in_it(place: Path, run: Run) -> None:
    (place / "out").mkdir()
    (place / "out/notes.txt").write_text("mine")

    assert run("export", "csv", "-o", "out", "-C", str(place)).exit_code == 0
    assert (place / "out/notes.txt").read_text() == "mine"
    assert run("export", "csv", "team", "-o", "out", "-C", str(place)).exit_code == 0
    assert run("export", "csv", "team", "-o", "teams.csv", "-C", str(place)).exit_code == 0
    assert (place / "teams.csv").read_bytes() == (place / "out/team.csv").read_bytes()


def test_the_same_registry_gives_the_same_bytes(place: Path) -> None:
    command = [sys.executable, "-m", "stocktake", "export", "csv", "asset", "--today", TODAY, "-C", str(place)]
    made = {
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("0", "1")
    }

    assert len(made) == 1
    assert made.pop().count(b"\r\n") == 5


def test_excel_gets_its_mark(place: Path, run: Run) -> None:
    run("export", "csv", "team", "--excel", "-o", "t.csv", "-C", str(place))

    assert (place / "t.csv").read_bytes().startswith(b"\xef\xbb\xbfid,")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("csv", "aset"), 'There is no table "aset". Did you mean asset?'),
        (("csv", "-o", "-"), "stdout takes one table"),
        (("csv", "team", "--check"), "--check compares with a file"),
        (("cvs",), "'cvs' is not 'csv'"),
    ],
)
def test_what_cannot_be_is_refused(place: Path, run: Run, arguments: tuple[str, ...], told: str) -> None:
    said = run("export", *arguments, "-C", str(place))

    assert (said.exit_code, told in said.err) == (2, True), said.err


def test_each_index_page_offers_its_tables(place: Path, run: Run) -> None:
    assert run("build", "--pages-only", "--today", TODAY, "-C", str(place)).exit_code == 0

    assert 'href="asset.csv"' in (place / "build/docs/asset/index.md").read_text()
    assert 'href="asset.backup.plans.csv"' in (place / "build/docs/asset/index.md").read_text()
    assert 'href="team.csv"' in (place / "build/docs/team/index.md").read_text()
    assert 'href="matrix.csv"' in (place / "build/docs/matrix.md").read_text()
    made = run("export", "csv", "inventory", "--today", TODAY, "-C", str(place)).out
    assert (place / "build/docs/inventory.csv").read_text() == made.replace("\r\n", "\n")

    write(place, {**FILES, "docs/asset/asset.csv": "mine"})
    assert "docs/asset/asset.csv: has the place of a generated page" in run("check", "-C", str(place)).out


@given(st.text())
def test_no_cell_is_a_formula_and_every_text_can_be_read_back(text: str) -> None:
    made = written(Table("t", ["a", "b"], [[text, 1]]))
    [_, [read, _]] = csv.reader(StringIO(made.decode(), newline=""), strict=True)

    assert not read.startswith(FORMULAS)
    assert (read[1:] if read.startswith("'") else read) == shown(text, multiline=True)


def test_numbers_are_no_text() -> None:
    assert [cell(value) for value in (-5, 1.5, True, None, "-5", "'x")] == ["-5", "1.5", "true", "", "'-5", "''x"]

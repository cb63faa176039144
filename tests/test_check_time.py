"""What time does to a check: a failure neither goes away nor appears because a look has become old."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from registries import Run, runner, write
from stocktake.load.observations import looked_text, text, to_data
from stocktake.model.digest import signed
from stocktake.model.observation import SEEN, Observation, Thing

RECORD = "registry/assets/orders-db.yaml"
STORE = """name: Orders
type: relational-db
engine: postgresql
version: "15"
host: db1.internal
identifiers: ["compose:shop/db"]
owner: shop
description: What was ordered.
criticality: low
classification: public
backup: {rpo: P1D, rto: P1D}
access: {method: password}
"""
DRIFT = "CFG003@asset/orders-db#version"
LOOKED, STALE = "2026-06-30", "2027-02-01"


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


@pytest.fixture
def drifted(tmp_path: Path) -> str:
    """A store that runs another version than its record says, seen on one day."""
    thing = Thing("db", "db", ("compose:shop/db",), facts={"version": "16"})
    seen = signed(Observation("shop", "discover", "1", SEEN, (thing,)))
    files: dict[str, str | bytes] = {
        "stocktake.yaml": "schema: 1\nsources: {shop: {path: shop}}\n",
        "registry/teams/shop.yaml": "name: Shop\nmembers: {dana: {}, emre: {}}\n",
        RECORD: STORE,
        ".stocktake/known.txt": "2026-01-31 BKP001@asset/orders-db\n2026-01-31 INV016@asset/orders-db\n",
        "observed/shop.json": text(to_data(seen)),
        "observed/last-looked.json": looked_text({"shop": date.fromisoformat(LOOKED)}),
    }
    return str(write(tmp_path, files))


def counted(run: Run, folder: str, *arguments: str) -> set[str]:
    data = json.loads(run("check", "--output-format", "json", *arguments, "-C", folder).out)
    return {one["identity"] for one in (*data["outcomes"], *data["as_last_seen"]) if one.get("counts")}


@pytest.mark.parametrize("today", [LOOKED, STALE])
def test_a_difference_counts_however_old_the_look_has_become(drifted: str, run: Run, today: str) -> None:
    assert counted(run, drifted, "--fail-on", "medium", "--today", today) == {DRIFT}


def test_a_difference_that_only_an_old_look_shows_is_told_as_such(drifted: str, run: Run) -> None:
    said = run("check", "--fail-on", "medium", "--today", STALE, "--output-format", "concise", "-C", drifted)

    [line] = [line for line in said.lines if "CFG003" in line]
    assert line.startswith(f"{RECORD}:4:1: medium CFG003@asset/orders-db#version: version: declared ")
    assert line.endswith(" (as last seen)")
    assert said.exit_code == 1
    annotated = run("check", "--fail-on", "medium", "--today", STALE, "--output-format", "github", "-C", drifted)
    assert any(line.startswith(f"::error file={RECORD},line=4,") for line in annotated.lines)


def test_with_timed_an_old_look_itself_counts_and_what_it_showed_is_unknown(drifted: str, run: Run) -> None:
    assert counted(run, drifted, "--timed", "--today", STALE) == {"INV006@registry#shop"}
    assert counted(run, drifted, "--timed", "--today", LOOKED) == set()


def test_with_only_timed_nothing_else_is_shown_or_counts(drifted: str, run: Run) -> None:
    said = run(
        "check", "--only-timed", "--fail-on", "low", "--today", STALE, "--output-format", "concise", "-C", drifted
    )
    fresh = run("check", "--only-timed", "--fail-on", "low", "--today", LOOKED, "-C", drifted)

    assert said.exit_code == 1
    assert {line.split()[2].rstrip(":") for line in said.lines} == {"INV006@registry#shop"}
    assert fresh.exit_code == 0
    assert "0 findings that only time has brought: 0 new, 0 known" in fresh.lines


def test_an_old_look_alone_fails_no_check(drifted: str, run: Run) -> None:
    Path(drifted, RECORD).write_text(STORE.replace("15", "16"))

    assert run("check", "--fail-on", "info", "--today", STALE, "-C", drifted).exit_code == 0


@pytest.mark.parametrize("days", [{}, {"shop": date(2099, 1, 1)}])
def test_a_day_that_was_changed_hides_no_difference(drifted: str, run: Run, days: dict[str, date]) -> None:
    Path(drifted, "observed/last-looked.json").write_bytes(looked_text(days))

    assert counted(run, drifted, "--fail-on", "medium", "--today", LOOKED) == {DRIFT, "GOV004@registry#shop"}


def test_an_edit_by_hand_of_what_was_seen_fails_the_check(drifted: str, run: Run) -> None:
    path = Path(drifted, "observed/shop.json")
    path.write_text(path.read_text().replace('"16"', '"15"'))

    said = run("check", "--today", LOOKED, "--output-format", "concise", "-C", drifted)

    assert said.exit_code == 1
    assert said.lines == [
        "observed/shop.json: high GOV003@registry#shop: shop was edited by hand: its digest is not that of its content"
    ]


def test_fix_keeps_a_known_difference_that_is_not_known_any_more(drifted: str, run: Run) -> None:
    known = Path(drifted, ".stocktake/known.txt")
    known.write_text(f"2026-01-31 {DRIFT}\n2026-01-31 INV001@asset/orders-db\n")

    run("check", "--fix", "--today", STALE, "-C", drifted)

    assert [line for line in known.read_text().splitlines() if line.startswith("20")] == [f"2026-01-31 {DRIFT}"]


def test_what_only_time_has_brought_is_counted_apart(drifted: str, run: Run) -> None:
    told = "1 that only time has brought counts with --timed"

    assert run("check", "--fail-on", "high", "--today", STALE, "-C", drifted).lines[-1] == told
    assert told not in run("check", "--fail-on", "high", "--today", LOOKED, "-C", drifted).lines
    assert told not in run("check", "--timed", "--today", STALE, "-C", drifted).lines

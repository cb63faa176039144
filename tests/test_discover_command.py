"""`stocktake discover` looks at the sources of a repository, keeps what it saw, and never hides that it saw nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registries import Run, Said, runner, write

DAY = ("--today", "2026-11-25")
COMPOSE = "services:\n  db:\n    image: postgres:16\n  api:\n    image: acme/api\n    environment: {DB_URL: postgres://u@db/x}\n"
SETTINGS = "schema: 1\nsources:\n  here: {path: here}\n  shop: {}\n"
ASSETS = {
    "registry/assets/db.yaml": 'name: Db\ntype: relational-db\nversion: "15"\nidentifiers: [compose:shop/db]\n',
    "registry/assets/api.yaml": "name: Api\ntype: api\nidentifiers: [compose:shop/api]\n",
    "registry/dependencies/api-db.yaml": "from: api\nto: db\ntype: calls\n",
}


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A repository beside the tree that one of its sources is."""
    write(tmp_path / "estate", {"stocktake.yaml": SETTINGS, "here/x.env": "A=1\n", **ASSETS})
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/compose.yaml").write_text(COMPOSE)
    return tmp_path


def discover(run: Run, place: Path, *arguments: str) -> Said:
    return run("discover", *arguments, "-C", str(place / "estate"), *DAY)


def observed(place: Path, name: str) -> dict[str, object]:
    data: dict[str, object] = json.loads((place / f"estate/observed/{name}.json").read_text())
    return data


def test_a_source_without_a_path_is_not_looked_at_and_that_is_said(run: Run, place: Path) -> None:
    said = discover(run, place)

    how = "stocktake.yaml gives no path: run `stocktake discover shop=PATH`"
    assert said.exit_code == 0
    assert said.lines[0] == f"not looked at: shop: {how}"
    assert observed(place, "last-looked")["sources"] == {"here": "2026-11-25"}


def test_a_source_that_lies_elsewhere_is_looked_at_where_the_user_says(run: Run, place: Path) -> None:
    said = discover(run, place, f"shop={place}/shop")

    assert said.exit_code == 0
    assert said.lines[-1] == "2 matched, 0 undocumented, 0 orphaned, 0 ambiguous, 2 differ"
    assert observed(place, "last-looked")["sources"] == {"shop": "2026-11-25"}


def test_its_identifiers_do_not_depend_on_how_its_folder_is_called(run: Run, place: Path) -> None:
    discover(run, place, f"shop={place}/shop")
    before = observed(place, "shop")
    (place / "shop").rename(place / "checkout")
    discover(run, place, f"shop={place}/checkout")

    assert observed(place, "shop") == before


def test_what_differs_is_said(run: Run, place: Path) -> None:
    lines = discover(run, place, f"shop={place}/shop").lines

    assert 'differs: asset/db: version: declared "15", seen "16", seen at compose.yaml:2' in lines
    seen = "dependency/api-db is seen as asset/api reads-writes asset/db"
    assert f"differs: {seen}, confidence high, seen at compose.yaml:6" in lines


def test_machines_are_told_what_differs_and_where_nobody_looked(run: Run, place: Path) -> None:
    (place / "estate/here/x.env").unlink()
    here = json.loads(discover(run, place, "--output-format", "json").out)
    shop = json.loads(discover(run, place, f"shop={place}/shop", "--output-format", "json").out)

    assert here["not_looked"] == [
        {"source": "here", "reason": "there is no file to read"},
        {"source": "shop", "reason": "no path"},
    ]
    assert [(one["address"], one["name"], one["declared"], one["observed"]) for one in shop["drift"]] == [
        ("asset/db", "version", "15", "16")
    ]
    assert [(one["address"], one["seen"]) for one in shop["edges_differ"]] == [("dependency/api-db", "reads-writes")]


@pytest.mark.parametrize("change", ["empty", "gone"])
def test_a_source_that_is_empty_or_gone_keeps_what_was_seen_of_it(run: Run, place: Path, change: str) -> None:
    discover(run, place, "--today", "2026-11-20")
    before = observed(place, "here")["things"], observed(place, "last-looked")
    (place / "estate/here/x.env").unlink()
    if change == "gone":
        (place / "estate/here").rmdir()
    said = discover(run, place)

    reason = "there is no file to read" if change == "empty" else "here is not a folder"
    assert said.exit_code == 4
    assert said.lines[0] == f"not looked at: here: {reason}; what was seen on 2026-11-25 is kept"
    assert "matched" not in said.out
    assert (observed(place, "here")["things"], observed(place, "last-looked")) == before
    assert (observed(place, "here")["status"], observed(place, "here")["reason"]) == ("not-looked", reason)


def test_a_look_that_failed_is_no_edit_by_hand(run: Run, place: Path) -> None:
    discover(run, place)
    (place / "estate/here/x.env").unlink()
    discover(run, place)

    assert "GOV003" not in run("check", "-C", str(place / "estate"), *DAY).out


def test_an_edit_by_hand_is_still_found_after_a_look_that_failed(run: Run, place: Path) -> None:
    discover(run, place, f"shop={place}/shop")
    path = place / "estate/observed/shop.json"
    path.write_text(path.read_text().replace('"16"', '"15"'))
    (place / "shop/compose.yaml").unlink()
    discover(run, place, f"shop={place}/shop")

    assert "GOV003" in run("check", "-C", str(place / "estate"), *DAY).out


def test_a_project_that_vanished_leaves_orphans_at_every_later_look(run: Run, place: Path) -> None:
    discover(run, place, f"shop={place}/shop")
    (place / "shop/compose.yaml").unlink()
    (place / "shop/other.env").write_text("A=1\n")
    looks = [discover(run, place, f"shop={place}/shop") for _ in range(2)]

    for said in looks:
        assert "orphaned: asset/db was not seen in shop as compose:shop/db" in said.lines
        assert said.lines[-1] == "0 matched, 0 undocumented, 2 orphaned, 0 ambiguous, 0 differ"


def test_an_observation_stays_when_its_source_is_not_named_any_more_and_is_a_finding(run: Run, place: Path) -> None:
    discover(run, place, f"shop={place}/shop")
    (place / "estate/stocktake.yaml").write_text("schema: 1\nsources:\n  here: {path: here}\n")
    discover(run, place)
    said = run("check", "-C", str(place / "estate"), *DAY)

    assert (place / "estate/observed/shop.json").is_file()
    assert "observed/shop.json: medium GOV005@registry#shop: nothing names the source shop" in said.out


@pytest.mark.parametrize(
    ("argument", "told"),
    [
        ("sho=.", "sho is not one of the `sources` in stocktake.yaml. Did you mean shop?"),
        ("shop=/no/such", "/no/such is not a folder. Name the folder that holds shop."),
        ("shop=", "nothing is not a folder. Name the folder that holds shop."),
        ("/no/such", "/no/such is not one of the `sources` in stocktake.yaml."),
    ],
)
def test_a_source_that_is_not_there_is_refused_and_nothing_is_written(
    run: Run, place: Path, argument: str, told: str
) -> None:
    said = discover(run, place, argument)

    assert said.exit_code == 2
    assert told in said.err
    assert not (place / "estate/observed").exists()


def test_a_path_that_leaves_the_repository_is_refused_with_what_to_do(run: Run, place: Path) -> None:
    (place / "estate/stocktake.yaml").write_text("schema: 1\nsources:\n  shop: {path: ../shop}\n")
    said = discover(run, place)

    assert said.exit_code == 2
    hint = "For a tree that lies elsewhere leave it out, and run `stocktake discover shop=PATH`."
    assert said.err.strip().endswith(hint)


def test_a_repository_inside_the_tree_is_no_part_of_it(run: Run, place: Path) -> None:
    (place / "estate/here/compose.yaml").write_text("services:\n  other:\n    image: mysql:8\n")
    discover(run, place, f"shop={place}")

    assert sorted(observed(place, "shop")["things"]) == ["api", "db"]  # type: ignore[call-overload]


def test_a_folder_that_is_no_source_is_only_reported_and_an_empty_one_was_not_looked_at(run: Run, place: Path) -> None:
    (place / "empty").mkdir()
    said = run("discover", str(place / "empty"), "-C", str(place / "estate"), *DAY)

    assert said.exit_code == 4
    assert said.lines == ["not looked at: empty: there is no file to read"]
    assert not (place / "estate/observed").exists()

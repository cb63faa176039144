"""What the benchmark measures is real: its registry is valid, its tables say what was measured."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import branch, commands, registry, site, source
from bench.accuracy import SECTIONS, Counts, Entry, accuracy, together
from bench.measure import Command, Run, Timing, by_turns, once
from bench.tables import NOT_MEASURED, accuracies, target, timings
from stocktake.load.files import Tree
from stocktake.pipeline.check_files import check_files
from stocktake.pipeline.diff import compare
from stocktake.pipeline.estate import open_estate

SCORER = """
import json, sys
from pathlib import Path
options = dict(zip(sys.argv[3::2], sys.argv[4::2]))
found = json.loads((Path(options["--output"]) / "shop.json").read_text())
names = sorted(store["name"] for store in found["stores"])
nothing = {"tp": [], "fp": [], "fn": []}
sections = dict.fromkeys(("components", "externals", "edges", "secrets"), nothing)
Path(options["--json"]).write_text(json.dumps({"shop": {"stores": {**nothing, "tp": names}, **sections}}))
"""


@pytest.mark.parametrize("count", [10, 137])
def test_the_measured_registry_has_as_many_records_as_asked_for_and_is_valid(tmp_path, count):
    assets = registry.write(tmp_path, count)
    opened = open_estate(Tree(str(tmp_path)))

    assert opened.problems == ()
    assert len(opened.estate.records) == count
    assert check_files(Tree(str(tmp_path)), assets) == ([], len(assets))


def test_the_measured_registry_is_green_with_its_list_of_known_findings(tmp_path):
    registry.write(tmp_path, 60)
    registry.accept(tmp_path)

    once(Command((commands.STOCKTAKE, "check"), tmp_path))

    assert len((tmp_path / ".stocktake/known.txt").read_text().splitlines()) > 10


def test_the_flat_schema_judges_as_the_schemas_do(tmp_path):
    import jsonschema_rs

    flat = commands.write_flat_schemas(tmp_path)
    asset = jsonschema_rs.Draft202012Validator(json.loads((flat / "asset.json").read_text()), offline=True)

    assert asset.is_valid({"name": "Orders", "type": "api", "links": ["https://wiki.example"]})
    assert not asset.is_valid({"name": "Orders", "type": "api", "links": ["javascript:x"]})
    assert not asset.is_valid({"name": "Orders", "type": "api", "backup": {"rpo": "15min"}})


def test_the_measured_source_tree_has_something_to_find(tmp_path):
    files = source.write(tmp_path / "source", 1)
    found = subprocess.run(
        [commands.STOCKTAKE, "discover", str(tmp_path / "source"), "--output-format", "json"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )

    assert files == len([path for path in (tmp_path / "source").rglob("*") if path.is_file()])
    assert {store["engine"] for store in json.loads(found.stdout)["stores"]} == {"postgresql", "redis", "rabbitmq"}


def test_commands_run_by_turns_and_a_failure_ends_the_measurement(tmp_path):
    note = [sys.executable, "-c", "import sys; open('log', 'a').write(sys.argv[1])"]
    found = by_turns({name: Command((*note, name), tmp_path) for name in "ab"}, 2)

    assert (tmp_path / "log").read_text() == "ababab"
    assert [len(timing.runs) for timing in found.values()] == [2, 2]
    with pytest.raises(SystemExit, match="ended with 7"):
        once(Command((sys.executable, "-c", "raise SystemExit(7)"), tmp_path))


def test_a_ratio_compares_within_each_round():
    slow = Timing((Run(2.0, 1.0, 0), Run(20.0, 10.0, 0), Run(3.0, 1.0, 0)))
    base = Timing((Run(1.0, 1.0, 0), Run(10.0, 2.0, 0), Run(1.0, 1.0, 0)))

    assert slow.over(base, "wall") == 2.0
    assert target("it", {"a": slow, "b": base}, "a", "b", 1.5) == ["it", "at most 1.5", "2.00", "no"]
    assert target("it", {"a": slow}, "a", "b", 1.5) == ["it", "at most 1.5", NOT_MEASURED, "-"]
    assert "| a | 3000.0 | 2000.0 | 1000.0 |" in timings({"a": slow}, {"b": "times b"}, 1e3, "ms")


def test_trees_are_added_up_before_they_are_averaged():
    first = Entry("one", True, dict.fromkeys(SECTIONS, Counts(1, 0, 0)))
    second = Entry("two", False, {**first.counts, "stores": Counts(0, 0, 2), "edges": Counts()})
    lines = accuracies([first, second]).splitlines()

    assert together([first, second], "stores") == Counts(1, 0, 2)
    assert "| two | 0.000 | 1.000 | 1.000 | - | 1.000 |" in lines
    assert "| **with a Compose file: 1 trees** | 1.000 | 1.000 | 1.000 | 1.000 | 1.000 |" in lines
    assert "| **all: 2 trees** | 0.500 | 1.000 | 1.000 | 1.000 | 1.000 |" in lines


def test_discovery_is_scored_by_the_scorer_of_the_truth(tmp_path):
    fixture = tmp_path / "truth/fixtures/shop"
    fixture.mkdir(parents=True)
    (fixture / "compose.yaml").write_text("services:\n  db:\n    image: postgres:16\n")
    (tmp_path / "truth/score.py").write_text(SCORER)

    [entry] = accuracy(tmp_path / "truth", tmp_path / "build")

    assert (entry.name, entry.has_compose, entry.counts["stores"]) == ("shop", True, Counts(1, 0, 0))


def test_starts_of_dot_are_counted(tmp_path):
    first, again = site.starts(tmp_path, 20)

    assert first > 1
    assert again == 0


def test_a_site_is_told_from_another_and_weighed(tmp_path):
    for path, text in {
        "asset/orders-db.html": "12345",
        "asset/index.html": "1234567",
        "search/search_index.json": "1",
    }.items():
        (tmp_path / "build/site" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "build/site" / path).write_text(text)
    (tmp_path / "registry/assets").mkdir(parents=True)
    (tmp_path / "registry/assets/orders-db.yaml").touch()
    before = site.digest(tmp_path)
    (tmp_path / "build/site/asset/index.html").write_text("7654321")

    assert site.weights(tmp_path) == (5, 7, 1)
    assert site.digest(tmp_path) != before


def test_a_page_keeps_what_was_not_measured():
    from bench.__main__ import PAGE, _between

    page = Path(PAGE).read_text()
    changed = _between(page, "speed", "| new |")

    assert "| new |" in changed
    assert changed.partition("\n## Discovery")[2] == page.partition("\n## Discovery")[2]
    assert _between(changed, "speed", "| new |") == changed


def test_the_measured_branch_changes_some_assets_of_a_green_registry(tmp_path):
    branch.prepare(tmp_path, 60)
    found = compare(Tree(str(tmp_path)), "main", "change", datetime.now(UTC).date()).comparison

    assert 0 < len(found.records) <= branch.CHANGED
    assert {one.kind for one in found.records} == {"asset"}
    assert {one.how for one in found.records} == {"changed"}

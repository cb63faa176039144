"""Records of older schemas become records of the present one, with every comment; made-up versions show the way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from registries import Run, runner, write
from stocktake.edit.follow import follow
from stocktake.edit.migrate import NEWEST, STEPS, Change, Step, called, due, listed, renamed, reworded
from stocktake.errors import InputError
from stocktake.load.files import Tree
from stocktake.load.strict import parse
from stocktake.pipeline.migrate import Migrated, migrate

CASES = Path(__file__).parent / "cases/migrate"
MADE_UP = (
    Step(2, "asset", "sensitivity became classification", renamed("sensitivity", "classification")),
    Step(3, "asset", "rpo moved into backup", renamed("rpo", "backup.rpo")),
    Step(3, "asset", "rto moved into backup", renamed("recovery.rto", "backup.rto")),
    Step(3, "asset", "every became schedule", renamed("backup.plans[].every", "backup.plans[].schedule")),
    Step(4, "asset", "rdbms became relational-db", reworded("type", {"rdbms": "relational-db"})),
    Step(4, "asset", "layers became a list", listed("monitoring.layers")),
    Step(4, "settings", "fail_on moved into gates", renamed("fail_on", "gates.fail_on")),
)


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


def texts(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


def moved(folder: Path, version: int) -> dict[str, str]:
    """All files of a made-up version, moved to the newest."""
    shutil.copytree(CASES / f"version-{version}", folder)
    changed = {one.path: one.after for one in migrate(Tree(str(folder)), MADE_UP, 4)}
    return {**texts(folder), **changed}


@pytest.mark.parametrize("version", [1, 2, 3])
def test_each_older_version_becomes_the_newest_with_every_comment(tmp_path: Path, version: int) -> None:
    assert moved(tmp_path / "old", version) == texts(CASES / "newest")


@pytest.mark.parametrize("version", [1, 2, 3])
def test_what_comes_of_it_is_valid(tmp_path: Path, run: Run, version: int) -> None:
    for path, text in moved(tmp_path / "old", version).items():
        (tmp_path / "old" / path).write_text(text.replace("schema: 4", "schema: 1"))
    (tmp_path / "old/registry/teams").mkdir()
    (tmp_path / "old/registry/teams/shop.yaml").write_text("name: Shop\n")

    said = run("check", ".", "-C", str(tmp_path / "old"))

    assert (said.exit_code, said.out) == (0, "4 files checked, nothing wrong\n")


def test_a_newest_registry_stays_as_it_is(tmp_path: Path) -> None:
    shutil.copytree(CASES / "newest", tmp_path / "new")

    assert migrate(Tree(str(tmp_path / "new")), MADE_UP, 4) == []


def test_it_says_what_was_done(tmp_path: Path) -> None:
    shutil.copytree(CASES / "version-3", tmp_path / "old")

    found = migrate(Tree(str(tmp_path / "old")), MADE_UP, 4)

    assert [(one.path, one.says) for one in found] == [
        ("registry/assets/orders-db.yaml", ("rdbms became relational-db", "layers became a list")),
        ("stocktake.yaml", ("fail_on moved into gates", "schema is 4")),
    ]


def test_steps_before_the_version_are_not_taken_and_those_of_the_newest_are_taken_again() -> None:
    assert [one.version for one in due(MADE_UP, 2, 4, "asset")] == [3, 3, 3, 4, 4]
    assert [one.version for one in due(MADE_UP, 4, 4, "asset")] == [4, 4]
    assert [one.says for one in due(MADE_UP, 1, 4, "settings")] == ["fail_on moved into gates"]


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (renamed("a", "b"), {"a": 1, "c": 2}, {"b": 1, "c": 2}),
        (renamed("a", "b"), {"a": 1, "b": 2}, {"a": 1, "b": 2}),
        (renamed("a", "b"), {"c": 1}, {"c": 1}),
        (renamed("a", "b.c"), {"a": 1}, {"b": {"c": 1}}),
        (renamed("a", "b.c"), {"a": 1, "b": {"c": 2}}, {"a": 1, "b": {"c": 2}}),
        (renamed("a", "b.c"), {"a": 1, "b": "text"}, {"a": 1, "b": "text"}),
        (renamed("a.b", "c"), {"a": {"b": 1, "d": 2}}, {"a": {"d": 2}, "c": 1}),
        (renamed("a.b", "c"), {"a": {"b": 1}}, {"c": 1}),
        (renamed("p[].a", "p[].b"), {"p": {"x": {"a": 1}, "y": {"a": 2}}}, {"p": {"x": {"b": 1}, "y": {"b": 2}}}),
        (
            reworded("a[]", {"x": "y"}),
            {"a": {"k": "x", "l": ["x", "z"], "m": 1}},
            {"a": {"k": "y", "l": ["y", "z"], "m": 1}},
        ),
        (listed("a"), {"a": "x"}, {"a": ["x"]}),
        (listed("a"), {"a": ["x"]}, {"a": ["x"]}),
        (called({"name", "owner"}), {"title": "T", "team": "x"}, {"name": "T", "owner": "x"}),
        (called({"name", "title"}), {"title": "T"}, {"title": "T"}),
        (called({"name"}), {"title": "T", "name": "N"}, {"title": "T", "name": "N"}),
        (called({"to"}), {"target": "T", "destination": "D"}, {"target": "T", "destination": "D"}),
    ],
)
def test_a_change_gives_new_data_and_leaves_the_old(change: Change, before: dict, after: dict) -> None:  # type: ignore[type-arg]
    kept = repr(before)

    assert change(before) == after
    assert repr(before) == kept


@pytest.mark.parametrize(
    ("text", "goal", "after"),
    [
        ('"a": 1 # one\n', {"b": 1}, "b: 1 # one\n"),
        ("a: 1\r\nc: 2 # two\r\n", {"b": 1, "c": 2}, "b: 1\r\nc: 2 # two\r\n"),
        ("a:\n  b: |\n    # no comment\n    x\n  # one\nc: 1\n", {"d": "# no comment\nx\n", "c": 1}, None),
        ("{a: 1, c: 2} # one\n", {"b": {"a": 1}, "c": 2}, "{c: 2, b: {a: 1}} # one\n"),
        ("x:\n    y: 1\na: 1 # one\n", {"x": {"y": 1, "b": 1}}, "x:\n    y: 1\n    b: 1 # one\n"),
        ("x: {y: 1}\na: 1 # one\n", {"x": {"y": 1, "b": 1}}, None),
        ("a: 1\n", {"b": 2}, None),
    ],
)
def test_a_text_follows_what_it_is_to_say_or_is_left(text: str, goal: dict, after: str | None) -> None:  # type: ignore[type-arg]
    found = follow(text, goal, parse)

    if found is not None:
        assert parse(found).data == goal
        assert found.count("#") == text.count("#")
    assert found == after or (after is None and found is not None and "#" in found)


@pytest.mark.parametrize(
    "path", sorted((CASES.parent / "schemas").glob("*/valid/full.yaml")), ids=lambda one: one.parts[-3]
)
def test_every_field_can_be_named_otherwise_and_back_with_the_same_bytes(path: Path) -> None:
    text = path.read_text()
    data = parse(text).data

    for key in data:
        there = follow(text, renamed(key, "other-name")(data), parse)
        assert there is not None
        assert there.count("\n") == text.count("\n")
        assert follow(there, data, parse) == text


def test_a_file_that_cannot_be_moved_stops_all_with_its_name(tmp_path: Path) -> None:
    shutil.copytree(CASES / "version-3", tmp_path / "old")
    (tmp_path / "old/registry/assets/broken.yaml").write_text("name: [Broken\n")
    (tmp_path / "old/registry/assets/same.yaml").write_text("name: A\nname: B\n")
    before = texts(tmp_path / "old")

    with pytest.raises(InputError) as told:
        migrate(Tree(str(tmp_path / "old")), MADE_UP, 4)

    assert [(one.path, one.line) for one in told.value.problems] == [
        ("registry/assets/broken.yaml", 1),
        ("registry/assets/same.yaml", 2),
    ]
    assert texts(tmp_path / "old") == before


def test_a_page_without_front_matter_is_left_to_the_check(tmp_path: Path) -> None:
    write(tmp_path, {"docs/runbooks/x.md": "title: no front matter\n", "registry/assets/a.yaml": ""})

    assert migrate(Tree(str(tmp_path))) == []


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ("schema: 5\n", "stocktake.yaml:1:9: schema: is 5, and this Stocktake knows versions up to 4. Install a newer"),
        ("name: X\n", "stocktake.yaml:1:1: schema: says no version. Write `schema: 4`"),
        ("schema: new\n", "stocktake.yaml:1:9: schema: says no version."),
    ],
)
def test_a_version_that_is_not_known_is_refused(tmp_path: Path, settings: str, told: str) -> None:
    tree = Tree(str(write(tmp_path, {"stocktake.yaml": settings})))

    with pytest.raises(InputError) as raised:
        migrate(tree, MADE_UP, 4)

    assert told in str(raised.value)


def test_names_of_other_tools_are_told_by_a_check_and_moved(tmp_path: Path, run: Run) -> None:
    record = "# ours\ntitle: Orders # as on the door\nkind: cache\n"
    write(tmp_path, {"registry/assets/orders.yaml": record})

    said = run("check", "--output-format", "concise", "-C", str(tmp_path))
    refused = "this key is not allowed here. It is called {}: `stocktake migrate` renames it."
    assert said.lines == [
        f"registry/assets/orders.yaml:2:1: title: {refused.format('name')}",
        f"registry/assets/orders.yaml:3:1: kind: {refused.format('type')}",
    ]
    assert run("migrate", "--check", "-C", str(tmp_path)) == (
        1,
        "registry/assets/orders.yaml: other names of fields became ours\n",
        "",
    )
    dry = run("migrate", "--dry-run", "-C", str(tmp_path))
    assert (dry.exit_code, "+name: Orders # as on the door" in dry.lines) == (0, True)
    assert (tmp_path / "registry/assets/orders.yaml").read_text() == record

    assert run("migrate", "-C", str(tmp_path)).exit_code == 0
    moved = "# ours\nname: Orders # as on the door\ntype: cache\n"
    assert (tmp_path / "registry/assets/orders.yaml").read_text() == moved
    assert run("check", "registry/assets/orders.yaml", "-C", str(tmp_path)).exit_code == 0
    assert run("migrate", "-C", str(tmp_path)).lines == ["every record is of the present schema"]


def test_settings_of_another_version_say_what_to_do(tmp_path: Path, run: Run) -> None:
    write(tmp_path, {"stocktake.yaml": "schema: 0\n"})
    assert "Run `stocktake migrate`." in run("check", "-C", str(tmp_path)).out
    assert run("migrate", "-C", str(tmp_path)).exit_code == 0
    assert (tmp_path / "stocktake.yaml").read_text() == f"schema: {NEWEST}\n"

    write(tmp_path, {"stocktake.yaml": "schema: 7\n"})
    assert "Install a newer Stocktake." in run("check", "-C", str(tmp_path)).out


def test_the_steps_are_in_order_and_lead_to_the_newest() -> None:
    versions = [one.version for one in STEPS]

    assert versions == sorted(versions)
    assert all(1 < version <= NEWEST for version in versions)
    assert isinstance(Migrated("a", "b", "c", ()).says, tuple)

"""A check of many records may use what was said the last time, and never says anything else for it."""

from __future__ import annotations

import json
import os
import shutil
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench import registry
from stocktake.cli.main import cli
from stocktake.pipeline import audit, cached, kept, many, spread


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch, tmp_path_factory):
    for module in (many, audit):
        monkeypatch.setattr(module, "MANY", 1)
    monkeypatch.setattr(many, "_AT_ONCE", 7)
    monkeypatch.setattr(spread, "_processors", lambda: 1)
    monkeypatch.setattr(kept, "tool", lambda: "this")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def root(tmp_path):
    registry.write(tmp_path, 25)
    return tmp_path


def said(root: Path, *options: str, today: str = "2026-06-01") -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["check", "-C", str(root), "--today", today, *options], standalone_mode=False)
    assert done.exception is None
    return done.return_value, done.output


def entries() -> list[Path]:
    return sorted(Path(os.environ["XDG_CACHE_HOME"]).rglob("*.json"))


def planted(text: str) -> None:
    """What is kept says something else from now on, properly sealed."""
    [path] = entries()
    found = json.loads(path.read_bytes()[cached._SEAL :])
    path.write_bytes(cached._sealed(json.dumps({**found, "lines": [text]}).encode()))


def test_what_was_said_is_said_again_while_nothing_changes(root):
    first = said(root)
    again = said(root)
    planted("from the cache")

    assert again == first
    assert said(root)[1] == "from the cache\n"
    assert said(root, "--no-cache") == first


EDITS = {
    "a record": lambda root: edit(next((root / "registry/assets").iterdir()), "criticality: ", "criticality:  "),
    "a new record": lambda root: (root / "registry/teams/new.yaml").write_text("name: New\n"),
    "a record that is gone": lambda root: next((root / "registry/dependencies").iterdir()).unlink(),
    "a name of a file": lambda root: os.rename(
        root / "registry/dependencies/edge-0.yaml", root / "registry/dependencies/edge-x.yaml"
    ),
    "two files that change places": lambda root: exchange(root / "registry/dependencies"),
    "a page": lambda root: (root / "docs/a.md").write_text("# A\n"),
    "the settings": lambda root: edit(root / "stocktake.yaml", "Measured", "Another"),
    "the known findings": lambda root: (root / ".stocktake/known.txt").write_text(
        "2026-01-01 INV001@asset/orders-db\n"
    ),
    "a schema of a team": lambda root: (root / "schemas/thing.schema.json").write_text(
        json.dumps({"x-registry": {"folder": "registry/things"}, "type": "object"})
    ),
    "what was seen": lambda root: (root / "observed/x.json").write_text("{}\n"),
    "a file that became a link": lambda root: linked(root / "registry/teams/team-0.yaml"),
}


def edit(path: Path, old: str, new: str) -> None:
    path.write_text(path.read_text().replace(old, new))


def exchange(folder: Path) -> None:
    one, other = sorted(folder.iterdir())[:2]
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def linked(path: Path) -> None:
    shutil.move(path, path.parent.parent.parent.parent / "elsewhere.yaml")
    path.symlink_to(path.parent.parent.parent.parent / "elsewhere.yaml")


@pytest.mark.parametrize("change", EDITS)
def test_whatever_changes_is_judged_anew(change, root):
    for folder in ("docs", "schemas", "observed", ".stocktake"):
        (root / folder).mkdir(exist_ok=True)
    said(root)
    planted("from the cache")
    EDITS[change](root)

    assert said(root) == said(root, "--no-cache")
    assert said(root)[1] != "from the cache\n"


@pytest.mark.parametrize(
    "option", [("--today", "2026-06-02"), ("--fail-on", "low"), ("--timed",), ("--only-timed",), ("--select", "BKP")]
)
def test_another_question_is_answered_anew(option, root):
    said(root)
    planted("from the cache")

    assert said(root, *option)[1] != "from the cache\n"


def test_another_version_judges_anew(root, monkeypatch):
    said(root)
    planted("from the cache")
    monkeypatch.setattr(kept, "tool", lambda: "that")

    assert said(root)[1] != "from the cache\n"


DAMAGES = {
    "nothing left": lambda path: path.write_bytes(b""),
    "half of it": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "one byte": lambda path: path.write_bytes(path.read_bytes()[:-9] + b"#" + path.read_bytes()[-8:]),
    "no JSON": lambda path: path.write_bytes(cached._sealed(b"[" * 100_000)),
    "gone": lambda path: path.unlink(),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
    "a pipe": lambda path: (path.unlink(), os.mkfifo(path)),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_not_believed(damage, root):
    first = said(root)
    planted("from the cache")
    DAMAGES[damage](entries()[0])

    assert said(root) == first


def test_nothing_is_kept_where_others_may_write(root):
    folder = Path(os.environ["XDG_CACHE_HOME"]) / "stocktake"
    folder.mkdir()
    folder.chmod(0o777)
    said(root)

    assert entries() == []


def test_what_is_kept_is_private(root):
    said(root)

    assert stat.S_IMODE(entries()[0].parent.stat().st_mode) == 0o700


def test_what_lies_in_the_repository_is_never_believed(root, monkeypatch):
    said(root)
    planted("from the cache")
    shutil.copytree(Path(os.environ["XDG_CACHE_HOME"]) / "stocktake", root / "build/stocktake")
    (root / "build/stocktake").chmod(0o700)
    monkeypatch.setenv("XDG_CACHE_HOME", str(root / "build"))

    assert said(root)[1] != "from the cache\n"


def test_nothing_is_kept_of_input_that_is_wrong(root):
    (root / "registry/teams/wrong.yaml").write_text("a: [\n")
    said(root)

    assert entries() == []


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["edit", "delete", "copy", "rename", "settings", "known", "schema", "day", "nothing"]),
        st.integers(0, 24),
        st.sampled_from(["low", "critical", "nobody", "team-0", "retired"]),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_happens_with_and_without_what_was_kept_say_the_same(steps, tmp_path_factory):
    root = tmp_path_factory.mktemp("kept")
    registry.write(root, 25)
    day = "2026-06-01"
    for what, number, word in steps:
        day = "2027-02-03" if what == "day" else day
        change(root, what, number, word)
        anew = said(root, "--no-cache", today=day)
        assert said(root, today=day) == anew
        assert said(root, today=day) == anew


def change(root: Path, what: str, number: int, word: str) -> None:
    every = sorted(path for path in (root / "registry").rglob("*.yaml"))
    path = every[number % len(every)]
    if what == "edit":
        edit(path, "criticality: medium", f"criticality: {word}")
        edit(path, "owner: team-", f"owner: {word}-")
    elif what == "delete" and len(every) > 5:
        path.unlink()
    elif what == "copy":
        shutil.copy(path, path.with_name(f"copy-{number}.yaml"))
    elif what == "rename":
        path.rename(path.with_name(f"renamed-{number}.yaml"))
    elif what == "settings":
        edit(root / "stocktake.yaml", "schema: 1", f"schema: 1\nlimits: {{review: P{number + 1}M}}")
    elif what == "known":
        (root / ".stocktake").mkdir(exist_ok=True)
        (root / ".stocktake/known.txt").write_text(f"2026-01-01 INV00{number % 9}@asset/order-cache-{number}\n")
    elif what == "schema":
        (root / "schemas").mkdir(exist_ok=True)
        (root / f"schemas/{word}.schema.json").write_text(json.dumps({"x-registry": {"folder": f"registry/{word}"}}))

"""A registry of many records is read by several processes and kept packed, and everything it says is the same."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench import registry
from stocktake.cli.formats import told
from stocktake.cli.formats.table import lines
from stocktake.load.files import Tree
from stocktake.pipeline import audit, check, many, spread
from stocktake.rules import engine

TODAY = date(2026, 6, 1)
EXTRA = {
    "registry/waivers/w.yaml": (
        "target: BKP001@asset/none\nreason: r\nowner: team-0\napprover: ada\nexpires: '2027-01-01'\n"
    ),
    "registry/baselines/b.yaml": "asset: {asset}\nenvironment: production\nsettings:\n  port: {{value: '1'}}\n",
    "registry/flows/f.yaml": "name: F\nsteps:\n  - {{dependency: edge-0}}\n  - {{dependency: edge-1}}\n",
}
BREACHES = {
    "nothing": lambda root, paths: None,
    "an owner who is not there": lambda root, paths: edit(root / paths[3], "owner: team-", "owner: nobody-"),
    "a backup on a component": lambda root, paths: edit(root / paths[1], "    target: ", "    target: billing-api-0 #"),
    "an environment that is not there": lambda root, paths: edit(root / paths[4], "  staging:", "  stagin:"),
    "an identifier twice": lambda root, paths: edit(
        root / paths[2], "identifiers: [", f'identifiers: ["compose:estate/{Path(paths[5]).stem}", '
    ),
    "a dependency twice": lambda root, paths: (root / "registry/dependencies/twin.yaml").write_bytes(
        (root / "registry/dependencies/edge-1.yaml").read_bytes()
    ),
    "a former id in use": lambda root, paths: edit(
        root / paths[2], "type:", f"formerly: [{Path(paths[5]).stem}]\ntype:"
    ),
    "a renamed record": lambda root, paths: edit(root / paths[2], "type:", "formerly: [old-one]\ntype:"),
    "a file that is no YAML": lambda root, paths: (root / paths[6]).write_text("a: [\n"),
    "a file that cannot be": lambda root, paths: os.symlink("/etc/hosts", root / "registry/teams/x.yaml"),
    "a live store": lambda root, paths: edit(root / paths[7], "engine: ", "connection: URL\nengine: "),
    "a team without a record": lambda root, paths: (root / "registry/teams/team-0.yaml").unlink(),
    "two files of one id": lambda root, paths: copied(root, paths[2]),
}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    path.write_text(text.replace(old, new))


def copied(root: Path, path: str) -> None:
    folder = root / "registry/assets/again"
    folder.mkdir()
    (folder / Path(path).name).write_bytes((root / path).read_bytes())


@pytest.fixture(params=[False, True], ids=["in one process", "in several"])
def forked(request, monkeypatch):
    """Whether work is really given to others; one processor would do it all itself."""
    if not request.param:
        monkeypatch.setattr(spread, "_processors", lambda: 1)
    return request.param


def said(tree: Tree, form: str, brief: bool = False) -> list[str]:
    report = check.check(tree, TODAY, everywhere=form != "concise", brief=brief)
    result = told.of_report(report, lambda path: tree.read(path).decode("utf-8", "replace"))
    return [*lines(form, result), str(result.exit_code), *report.bugs]


def as_many(monkeypatch) -> None:
    for module in (many, audit):
        monkeypatch.setattr(module, "MANY", 1)
    monkeypatch.setattr(many, "_AT_ONCE", 7)
    monkeypatch.setattr(engine, "_AT_ONCE", 5)


@pytest.mark.parametrize("breach", BREACHES)
def test_what_is_said_of_many_records_is_what_is_said_of_few(breach, tmp_path, monkeypatch, forked):
    paths = registry.write(tmp_path, 60)
    for path, text in EXTRA.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text.format(asset=Path(paths[1]).stem))
    BREACHES[breach](tmp_path, paths)
    tree = Tree(str(tmp_path))
    few = {form: said(tree, form) for form in ("json", "concise")}

    as_many(monkeypatch)

    assert said(tree, "json") == few["json"]
    assert said(tree, "concise", brief=True) == few["concise"]


CHANGES = st.lists(
    st.tuples(
        st.integers(0, 24),
        st.sampled_from(["owner: ", "type: ", "engine: ", "lifecycle: ", "rpo: ", "criticality: ", "system: "]),
        st.sampled_from(["team-0", "service", "redis", "retired", "PT1H", "low", "system-1", "nothing-of-all"]),
    ),
    max_size=4,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=CHANGES)
def test_whatever_is_changed_many_and_few_agree(changes, tmp_path_factory):
    root = tmp_path_factory.mktemp("many")
    paths = registry.write(root, 60)
    for number, key, value in changes:
        path = root / paths[number]
        path.write_text("".join(changed(line, key, value) for line in path.read_text().splitlines(keepends=True)))
    tree = Tree(str(root))
    few = said(tree, "json")

    with pytest.MonkeyPatch.context() as patch:
        as_many(patch)
        patch.setattr(spread, "_processors", lambda: 1)
        assert said(tree, "json") == few


def changed(line: str, key: str, value: str) -> str:
    start, found, _ = line.partition(key)
    return f"{start}{key}{value}\n" if found and not start.strip() else line


def test_work_that_is_spread_comes_back_in_order():
    assert [*spread.spread(lambda part: part * 2, range(20))] == [*range(0, 40, 2)]


def test_a_mistake_elsewhere_is_raised_here():
    with pytest.raises(ZeroDivisionError):
        [*spread.spread(lambda part: 1 // part, [1, 0, 1])]

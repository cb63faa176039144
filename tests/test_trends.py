"""How an estate was at its revisions: which are chosen, what is counted of each, and what is kept."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocktake.analyse.sampled import sampled
from stocktake.history.revisions import past
from stocktake.load.files import Tree
from stocktake.load.held import Held
from stocktake.model.trend import Figures, Moment, Point, Trend
from stocktake.pipeline.audit import Revision, audit
from stocktake.pipeline.estate import open_estate
from stocktake.pipeline.trends import KEPT, NO_GIT, OFF, PARTIAL, SHALLOW, trends
from stocktake.render.charts import Chart, Series, chart
from test_history import Repository

DAY = 86_400
SETTINGS = "schema: 1\nenvironments: {production: {}}\n"
STORE = "name: Orders\ntype: relational-db\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A registry of one store, committed on the first of January 2026."""
    found = Repository(tmp_path / "repository")
    (found.folder / ".gitignore").write_text("build/\n")
    (found.folder / "stocktake.yaml").write_text(SETTINGS)
    found.commit("registry/assets/orders.yaml", content=STORE)
    return found


def shown(repository: Repository, today: str = "2026-02-01", keep: bool = False) -> Trend:
    """The trends of what lies in the folder, as of a day."""
    tree = Tree(str(repository.folder))
    estate = open_estate(tree).sound()
    commit = repository.git("rev-parse", "HEAD") if (repository.folder / ".git").exists() else ""
    judged, bugs = audit(estate, date.fromisoformat(today), tree, Revision(commit=commit))
    assert not bugs
    return trends(tree, judged, keep=keep)


def older(trend: Trend) -> list[Figures]:
    """The figures of all points but the present one."""
    return [point.figures for point in trend.points[:-1]]


def test_each_revision_is_counted_as_it_was(repository: Repository) -> None:
    repository.commit("registry/assets/bills.yaml", content=STORE)
    repository.commit("registry/assets/notes.yaml", content=STORE)
    found = shown(repository)

    assert [point.figures.assets for point in found.points] == [1, 2, 3]
    assert [point.day for point in found.points] == ["2026-01-01", "2026-01-01", "2026-02-01"]
    assert found.points[-1].commit == ""
    assert found.points[0].figures.open < found.points[-1].figures.open


def test_each_revision_is_judged_on_its_own_day(repository: Repository) -> None:
    waiver = "target: BKP001@asset/orders\nreason: Not yet.\nowner: data\napprover: Bo\nexpires: 2026-01-10\n"
    repository.commit("registry/teams/data.yaml", content="name: Data\ncontact: data@example.org\n")
    repository.commit("registry/waivers/w.yaml", content=waiver)
    repository.time += 20 * DAY
    repository.commit("registry/assets/orders.yaml", content=f"{STORE}description: The same.\n")
    repository.commit("registry/assets/orders.yaml", content=STORE)
    before, after = older(shown(repository))[-2:]

    assert (before.waived, after.waived) == (1, 0)


def test_settings_of_today_judge_the_past(repository: Repository) -> None:
    strict = [one.low for one in shown(repository).points and older(shown(repository))]
    repository.commit("stocktake.yaml", content=f"{SETTINGS}rules: {{select: [BKP001]}}\n")
    repository.commit("registry/assets/orders.yaml", content=f"{STORE}description: One.\n")

    assert strict == []
    assert {one.questions for one in older(shown(repository))} == {1}


def test_what_todays_schemas_refuse_is_counted_apart(repository: Repository) -> None:
    repository.commit("registry/assets/old.yaml", content=f"{STORE}kind_of_thing: [1, {{a: b}}]\nowner: [no, team]\n")
    repository.commit("observed/shop.json", content="{broken")
    repository.commit("registry/nothing/x.yaml", content="a: b\n")
    repository.git("rm", "-q", "-r", "registry/nothing", "observed", "registry/assets/old.yaml")
    repository.commit("registry/assets/other.yaml", content=STORE)
    found = older(shown(repository))

    assert [one.unread for one in found] == [0, 1, 2, 2]
    assert {one.records for one in found} == {1}


def test_references_to_nothing_do_not_keep_a_revision_from_being_judged(repository: Repository) -> None:
    edge = "from: orders\nto: gone\ntype: reads\n"
    repository.commit("registry/dependencies/d.yaml", content=edge)
    repository.commit("registry/assets/orders.yaml", content=f"{STORE}owner: nobody\nsystem: none\n")
    repository.commit("registry/assets/sub/orders.yaml", content=STORE)
    repository.git("rm", "-q", "-r", "registry/assets/sub", "registry/dependencies")
    repository.commit("registry/assets/orders.yaml", content=STORE)

    assert [one.records for one in older(shown(repository))] == [1, 2, 2, 2]


def test_links_in_a_revision_lead_nowhere(repository: Repository, tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(STORE)
    os.symlink(outside, repository.folder / "registry/assets/link.yaml")
    repository.commit("registry/assets/b.yaml", content=STORE)
    repository.git("rm", "-q", "registry/assets/link.yaml")
    repository.commit("registry/assets/c.yaml", content=STORE)

    assert [one.records for one in older(shown(repository))] == [1, 2]


def test_a_branch_that_was_merged_counts_once(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "other")
    repository.commit("registry/assets/b.yaml", content=STORE)
    repository.commit("registry/assets/c.yaml", content=STORE)
    repository.git("checkout", "-q", "main")
    repository.commit("registry/assets/d.yaml", content=STORE)
    repository.git("merge", "-q", "--no-ff", "-m", "Merge", "other")
    repository.commit("registry/assets/e.yaml", content=STORE)

    assert [one.records for one in older(shown(repository))] == [1, 2, 4]


def test_without_a_past_the_reason_is_told(repository: Repository, tmp_path: Path) -> None:
    repository.commit("registry/assets/b.yaml", content=STORE)
    shallow, partial = Repository(tmp_path / "shallow"), Repository(tmp_path / "partial")
    for clone, option in ((shallow, "--depth=1"), (partial, "--filter=blob:none")):
        source = f"file://{repository.folder}"
        repository.git("config", "uploadpack.allowFilter", "true")
        clone.git("-C", str(tmp_path), "clone", "-q", option, source, f"{clone.folder.name}-clone")
        clone.folder = tmp_path / f"{clone.folder.name}-clone"
    bare = Repository(tmp_path / "none")
    (bare.folder / "registry").mkdir()
    (bare.folder / "stocktake.yaml").write_text(SETTINGS)
    (bare.folder / ".git").rename(tmp_path / "gone")

    assert (shown(shallow).told, len(shown(shallow).points)) == (SHALLOW, 1)
    assert (shown(partial).told, len(shown(partial).points)) == (PARTIAL, 1)
    assert (shown(bare).told, len(shown(bare).points)) == (NO_GIT, 1)


def test_settings_can_ask_for_fewer_or_none(repository: Repository) -> None:
    for number in range(6):
        repository.time += 7 * DAY
        repository.commit(f"registry/assets/b{number}.yaml", content=STORE)
    repository.commit("stocktake.yaml", content=f"{SETTINGS}trends: {{revisions: 2}}\n")
    few = shown(repository, "2026-03-01")
    repository.commit("stocktake.yaml", content=f"{SETTINGS}trends: {{revisions: 0}}\n")
    none = shown(repository, "2026-03-01")

    assert (len(few.points), few.revisions) == (3, 8)
    assert (none.told, len(none.points)) == (OFF, 1)


def test_what_was_counted_is_read_again_until_the_judge_changes(repository: Repository) -> None:
    repository.commit("registry/assets/b.yaml", content=STORE)
    first = shown(repository, keep=True)
    kept = repository.folder / KEPT
    data = json.loads(kept.read_text())
    commit = first.points[0].commit
    data["figures"][commit][0] = 77
    kept.write_text(json.dumps(data))
    again = shown(repository)
    repository.commit("stocktake.yaml", content=f"{SETTINGS}gates: {{fail_on: low}}\n")
    other = shown(repository)

    assert again.points[0].figures.critical == 77
    assert other.points[0] == first.points[0]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"judge": 1}', '{"judge": "JUDGE", "figures": {"a": ["x"]}}'])
def test_what_was_kept_and_is_damaged_is_counted_again(repository: Repository, content: str) -> None:
    repository.commit("registry/assets/b.yaml", content=STORE)
    first = shown(repository, keep=True)
    kept = repository.folder / KEPT
    kept.write_text(content.replace("JUDGE", json.loads(kept.read_text())["judge"]))

    assert shown(repository) == first


def test_a_registry_below_the_top_of_a_repository_has_its_own_past(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "whole")
    repository.commit("elsewhere/registry/assets/x.yaml", content=STORE)
    repository.commit("a b*/registry/assets/y.yaml", content=STORE)
    repository.commit("a b*/registry/assets/z.yaml", content=STORE)
    with past(str(repository.folder / "a b*"), ("registry", "stocktake.yaml")) as found:
        assert found
        revisions = found.revisions()
        files = found.files(revisions[-1].commit)
        content = found.read(files["registry/assets/z.yaml"])

    assert len(revisions) == 2
    assert sorted(files) == ["registry/assets/y.yaml", "registry/assets/z.yaml"]
    assert content.decode() == STORE


def test_no_clock_of_a_commit_runs_backwards_or_out_of_the_calendar(repository: Repository) -> None:
    repository.time = 4_000_000_000
    repository.commit("registry/assets/b.yaml", content=STORE)
    repository.time = 1_767_225_600 + DAY
    repository.commit("registry/assets/c.yaml", content=STORE)
    repository.commit("registry/assets/d.yaml", content=STORE)
    found = shown(repository)

    assert [point.time for point in found.points] == sorted(point.time for point in found.points)
    assert len(found.points) == 4


@given(st.lists(st.integers(0, 10**9), max_size=300), st.integers(1, 60))
def test_few_of_many_revisions_stay_the_same_while_a_history_grows(times: list[int], at_most: int) -> None:
    revisions = [Moment(str(number), time) for number, time in enumerate(sorted(times))]
    chosen = sampled(revisions, at_most)
    fewer = sampled(revisions, max(1, at_most // 2))

    assert len(chosen) <= at_most
    assert set(fewer) <= set(chosen) <= set(revisions)
    assert chosen == tuple(sorted(chosen, key=lambda one: (one.time, int(one.commit))))
    assert chosen[-1:] == tuple(revisions[-1:])


def test_held_files_are_walked_and_read_like_a_folder(tmp_path: Path) -> None:
    files = {"registry/b/x.yaml": b"1", "registry/a.yaml": b"22", "registry/.hidden": b"", "top": b"333"}
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    held, disk = Held({path: len(content) for path, content in files.items()}, files.__getitem__), Tree(str(tmp_path))

    assert list(held.walk("")) == list(disk.walk(""))
    assert list(held.walk("registry")) == list(disk.walk("registry"))
    assert held.names("registry") == disk.names("registry")
    assert held.names(".") == disk.names(".")
    assert [held.has_folder(name) for name in ("registry", "top", "x")] == [True, False, False]
    assert len(held.read("top", 2)) == len(disk.read("top", 2)) == 3


def test_a_line_breaks_where_nothing_is_known() -> None:
    series = Series("now", "known", [10, None, 30, 40], ["a", "b", "c", "d"])
    drawn = chart(Chart("x", "Share", "told", [0, 1, 2, 3], [series], top=100))

    assert drawn.count("st-line") == 2
    assert "<title>a</title>" in drawn
    assert "<title>b</title>" not in drawn


def test_a_chart_of_one_moment_and_of_nothing_is_drawn() -> None:
    for values in ([0], [None], [1]):
        drawn = chart(Chart("x", "Share", "told", [5], [Series("now", "low", values, ["a"])], is_stacked=True))

        assert "nan" not in drawn.lower()


def test_figures_add_up() -> None:
    assert Point("", 0, "", Figures(1, 2, 3, 4, 5)).figures.open == 15


def test_a_repository_in_which_nothing_was_committed_has_no_past(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "new")
    (repository.folder / "stocktake.yaml").write_text(SETTINGS)

    with past(str(repository.folder), ["registry"]) as found:
        assert found is not None
        assert found.revisions() == ()

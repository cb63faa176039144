"""The audit plan is answered by what is there: not by a list of known findings, nor by what nobody said."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import render_estate
from stocktake.cli.main import main
from stocktake.load.files import find
from stocktake.model.audit import Audit
from stocktake.model.estate import Change, Estate
from stocktake.model.settings import Source
from stocktake.pipeline.audit import Revision, audit
from stocktake.pipeline.estate import open_estate
from stocktake.render.pages.plan import pages, states
from stocktake.render.plan.lines import LINES
from stocktake.render.plan.measures import ANSWERED, NOT_YET, PARTLY, Count
from stocktake.render.view import View

ROOT = Path(__file__).parents[1]
STORE = {"name": "Orders", "type": "relational-db", "criticality": "high", "retention": "P10Y"}
NIGHTLY = {"kind": "full", "schedule": "0 2 * * *", "target": "b"}


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    """What `init --from` makes of the bookshop, committed and not touched."""
    folder = tmp_path_factory.mktemp("scan") / "estate"
    with pytest.raises(SystemExit, match="0"):
        main(["init", str(folder), "--from", str(ROOT / "examples" / "bookshop"), "--today", "2026-11-24"])
    tree = find(str(folder))
    estate = open_estate(tree).sound()
    [seen] = estate.observations
    estate.settings = estate.settings._replace(sources=(Source(seen.source, ""),))
    change = Change("Ada", 1_795_000_000, "0123456789abcdef", "Start the registry")
    judged, _ = audit(estate, render_estate.TODAY, tree, Revision({one.path: change for one in estate.records}))
    return judged


def counts(audit_: Audit) -> dict[str, Count]:
    view = View(audit_, {})
    return {line.id: line.measure.measured(view) for line in LINES}


def judged(*records: tuple[str, Mapping[str, Any]], **more: Any) -> Audit:
    return render_estate.judged([render_estate.record(address, data) for address, data in records], **more)


def with_known(records: Iterable[tuple[str, Mapping[str, Any]]]) -> Audit:
    """The same, with every failure on the list of known findings."""
    loaded = [render_estate.record(address, data) for address, data in records]
    first = render_estate.judged(loaded)
    known = {one.identity: "2026-11-24" for one in first.outcomes if one.state == "fail"}
    estate = Estate(loaded, first.estate.kinds, first.estate.groups, first.estate.settings, (), known)
    return audit(estate, render_estate.TODAY)[0]


def test_a_fresh_scan_answers_what_machines_see_and_nothing_else(scanned: Audit) -> None:
    found = states(View(scanned, {}))

    assert [line for line, state in found.items() if state == ANSWERED] == [
        "P0.6",  # configuration files were read
        *("P0.7", "P0.8", "P0.9", "P0.10"),  # components, stores, flows and external systems were seen
        *("P1.11", "P1.12"),  # and compared with their records
        "P2.5",  # dependencies by a tool
        *("B.1", "B.2"),  # records in Git, seen by machines
    ]


def test_a_line_without_an_artifact_is_never_answered(scanned: Audit) -> None:
    found = states(View(scanned, {}))

    assert {found[line.id] for line in LINES if not line.page} == {NOT_YET}
    assert not [line.id for line in LINES if line.missing and found[line.id] == ANSWERED]


def test_a_stale_look_answers_nothing(scanned: Audit) -> None:
    later, _ = audit(scanned.estate, date(2027, 3, 1))
    found = states(View(later, {}))

    assert [line for line, state in found.items() if state == ANSWERED] == []


def test_a_failure_on_the_list_of_known_findings_is_not_tracked() -> None:
    store = ("asset/a", STORE)
    tracked = {"about": "asset/a", "severity": "high", "status": "open", "identity": "BKP001@asset/a"}

    assert counts(with_known([store]))["P8.6"].known == 0
    assert counts(judged(store, ("finding/f", tracked)))["P8.6"].known == 1
    assert counts(judged(store, ("finding/f", {**tracked, "status": "dismissed"})))["P8.6"].known == 0


def test_a_tracked_finding_needs_an_owner_and_a_ticket_to_be_a_remediation() -> None:
    line = next(line for line in LINES if line.id == "P6.8")

    assert "`owner` and `ticket`" in line.measure.words


def test_the_retention_of_a_backup_is_not_that_of_the_data() -> None:
    planned = {**STORE, "backup": {"plans": {"nightly": {**NIGHTLY, "immutability": "P7D"}}}}
    kept = {**STORE, "backup": {"plans": {"nightly": {**NIGHTLY, "immutability": "P7D", "retention": "P30D"}}}}
    target = ("asset/b", {"name": "B", "type": "backup-repository"})

    assert counts(judged(("asset/a", planned), target))["P4.4"].known == 0
    assert counts(judged(("asset/a", kept), target))["P4.4"].known == 1


def test_a_store_without_a_plan_counts_against_every_line_about_plans() -> None:
    planned = {**STORE, "backup": {"plans": {"nightly": {**NIGHTLY, "method": "pg_dump"}}}}
    found = counts(judged(("asset/a", planned), ("asset/b", STORE), ("asset/c", STORE)))

    assert found["P4.3"] == Count(1, 3)
    assert {line: found[line].total for line in ("P4.2", "P4.4", "P4.5", "P4.6", "P4.7", "P4.8", "P4.11", "P4.12")} == (
        dict.fromkeys(("P4.2", "P4.4", "P4.5", "P4.6", "P4.7", "P4.8", "P4.11", "P4.12"), 3)
    )


@pytest.mark.parametrize("line", ["P3.1", "P3.2", "P3.3", "P3.5", "P3.7", "P3.8", "P3.9", "P3.10"])
def test_a_store_without_a_baseline_counts_against_every_line_about_baselines(line: str) -> None:
    found = counts(judged(("asset/a", STORE), ("asset/b", STORE)))

    assert found[line].known == 0
    assert found[line].total >= 2


@pytest.mark.parametrize("left_out", ["owner", "scope", "sensitivity", "update_process"])
def test_a_setting_is_documented_only_with_all_that_the_line_names(left_out: str) -> None:
    stated = {
        "value": "on",
        "plane": "runtime",
        "owner": "t",
        "scope": "all",
        "sensitivity": "public",
        "update_process": "by hand",
    }
    some = {name: value for name, value in stated.items() if name != left_out}
    found = [
        counts(
            judged(
                ("asset/a", {**STORE, "instances": {"production": {"host": "x"}}}),
                ("baseline/a", {"asset": "a", "environment": "production", "settings": {"ssl": setting}}),
            )
        )
        for setting in (stated, some)
    ]

    assert [one["P3.5"] for one in found] == [Count(1, 1), Count(0, 1)]
    assert [one["P3.2"] for one in found] == [Count(1, 1), Count(1, 1)]


def test_what_is_not_rated_counts_as_critical_and_as_sensitive() -> None:
    unrated = {"name": "A", "type": "relational-db"}
    found = counts(
        judged(("asset/a", unrated), ("asset/b", {**unrated, "criticality": "low", "classification": "public"}))
    )

    assert found["P5.2"] == Count(0, 1)
    assert found["P6.5"] == Count(0, 1)


def test_masking_and_deletion_are_asked_of_every_dataset() -> None:
    line = next(line for line in LINES if line.id == "P6.6")
    whole = {"masking": "hashed", "deletion": "by hand", "retention": "P1Y"}
    stores = [
        {**STORE, "datasets": {"one": whole, "two": two}}
        for two in (whole, {"masking": "hashed"}, {"deletion": "by hand"})
    ]
    asked = line.measure._replace(facts=[fact for fact in line.measure.facts if fact.startswith("datasets")])  # type: ignore[attr-defined]
    found = [asked.measured(View(judged(("asset/a", store)), {})) for store in stores]

    assert found == [Count(1, 1), Count(0, 1), Count(0, 1)]


def test_a_fact_of_one_environment_does_not_speak_for_another() -> None:
    two = {**STORE, "instances": {"production": {"host": "x"}, "staging": {"version": "1"}}}
    both = {**STORE, "host": "y", "instances": {"production": {"host": "x"}, "staging": {"version": "1"}}}

    assert counts(judged(("asset/a", two)))["P1.7"] == Count(0, 1)
    assert counts(judged(("asset/a", both)))["P1.7"] == Count(1, 1)


def test_a_line_of_which_a_part_is_missing_is_partly_answered_and_says_which(scanned: Audit) -> None:
    [(_, page)] = pages(View(scanned, {}))

    assert counts(scanned)["P0.3"] == Count(1, 1)
    assert states(View(scanned, {}))["P0.3"] == PARTLY
    assert b"Terraform, Kubernetes and other infrastructure code is not read yet." in page


def test_reviews_changes_and_interviews_answer_their_lines_and_old_ones_do_not() -> None:
    review = {"type": "audit", "period": "2026-10-01/2026-10-09", "state": "done", "debrief": "Told."}
    change = {"about": ["asset/orders"], "review": "pr/1", "tests": ["a"], "rollout": ["b"]}
    asked = {"method": "interview", "about": ["asset/orders"]}
    held = counts(judged(("asset/orders", STORE), ("review/r", review), ("change/c", change), ("source/s", asked)))
    old = counts(judged(("asset/orders", STORE), ("review/r", {**review, "period": "2020-01-01/2020-01-02"})))

    assert (held["P8.1"], held["P8.2"], held["P8.5"]) == (Count(1, 7), Count(1, 1), Count(1, 1))
    assert (held["P7.3"], held["P7.6"]) == (Count(1, 1), Count(0, 1))
    assert held["P1.2"] == Count(1, 1)
    assert (old["P8.1"], old["P8.5"], old["P7.3"]) == (Count(0, 7), Count(0, 1), Count(0, 0))

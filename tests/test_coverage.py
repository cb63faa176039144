"""How much is known: where each fact comes from, what each part of the estate was asked, and what runs out when."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from registries import Run, runner, write
from render_estate import TODAY, judged, record
from stocktake.model.audit import Audit
from stocktake.model.coverage import DECLARED, DECLARED_ONLY, OBSERVED, STALE, UNKNOWN, Coverage
from stocktake.model.estate import Change
from stocktake.model.observation import SEEN, Evidence, Observation, SeenEdge, Thing
from stocktake.pipeline.coverage import coverage
from stocktake.render.pages import coverage as page
from stocktake.render.view import View

LATELY, LONG_AGO = date(2026, 11, 20), date(2026, 9, 1)
STORE: Mapping[str, Any] = {"name": "Orders", "type": "relational-db", "owner": "shop", "system": "web"}


def seen(source: str, looked: date, things: Mapping[str, Mapping[str, Any]], edges: bool = False) -> Observation:
    """What one look showed of the stores with these names."""
    found = tuple(
        Thing(name, name, (f"compose:{source}/{name}",), facts=facts, evidence=(Evidence("compose.yaml", 3),))
        for name, facts in things.items()
    )
    first, second = sorted(things)[:2] if edges else ("", "")
    between = (SeenEdge(first, second, "reads"),) if edges else ()
    return Observation(source, "compose", "1", SEEN, found, between, looked=looked)


def states(found: Coverage, address: str) -> dict[str, str]:
    [one] = [known for known in found.records if known.address == address]
    return {fact.name: fact.state for fact in one.facts}


def test_each_fact_says_who_knows_it_and_who_could_refute_it() -> None:
    audit = judged(
        [
            record("asset/a", {**STORE, "engine": "postgresql", "identifiers": ["compose:new/a"]}),
            record("asset/b", {**STORE, "engine": "mysql", "identifiers": ["compose:old/b"]}),
            record("asset/c", {**STORE, "engine": "mariadb", "backup": {"plans": {"nightly": {}}}}),
        ],
        (seen("new", LATELY, {"a": {"engine": "postgresql"}}), seen("old", LONG_AGO, {"b": {"engine": "mysql"}})),
    )
    found = coverage(audit)

    assert states(found, "asset/a")["engine"] == OBSERVED
    assert states(found, "asset/b")["engine"] == STALE
    assert states(found, "asset/c")["engine"] == DECLARED
    assert {states(found, f"asset/{name}")["owner"] for name in "abc"} == {DECLARED_ONLY}
    assert states(found, "asset/a")["settings[fsync].value"] == UNKNOWN
    assert found.refuted_by["asset", "engine"] == ("compose",)
    assert ("asset", "owner", 3) in found.unrefuted()
    assert [one.stale_since for one in found.records] == [None, LONG_AGO, None]


def test_a_seen_dependency_has_its_ends_and_its_type_from_a_machine() -> None:
    audit = judged(
        [
            *(record(f"asset/{name}", {**STORE, "identifiers": [f"compose:new/{name}"]}) for name in "ab"),
            record("dependency/a-b", {"from": "a", "to": "b", "type": "reads", "protocol": "sql"}),
        ],
        (seen("new", LATELY, {"a": {}, "b": {}}, edges=True),),
    )
    [facts] = [states(coverage(audit), "dependency/a-b")]

    assert {name: facts[name] for name in ("from", "to", "type")} == dict.fromkeys(("from", "to", "type"), OBSERVED)
    assert facts["protocol"] == DECLARED_ONLY


def parts() -> Audit:
    return judged(
        [
            record("asset/a", STORE),
            record("asset/b", {**STORE, "system": "back", "owner": "ops"}),
            record("asset/c", {"name": "C", "type": "cache"}),
            record("dependency/a-b", {"from": "a", "to": "b", "type": "reads"}),
            record("system/web", {"name": "Web"}),
            record("system/back", {"name": "Back"}),
            record("team/shop", {"name": "Shop"}),
            record("team/ops", {"name": "Ops"}),
        ]
    )


def test_each_record_and_each_question_is_counted_to_one_system_and_one_team() -> None:
    audit = parts()
    found = coverage(audit)
    about_records = [rule.id for rule in audit.rules if rule.kind and not rule.after]
    asked = {name: audit.tallies[name].asked for name in about_records if audit.tallies[name].asked}

    for what in ("system", "team"):
        mine = [part for part in found.parts if part.what == what]
        sums: dict[str, int] = {}
        for rule in [rule for part in mine for rule in part.rules]:
            sums[rule.rule] = sums.get(rule.rule, 0) + rule.asked
        assert sum(part.records for part in mine) == found.parts[0].records == 8
        assert sums == asked


def test_what_names_no_system_is_counted_to_where_it_begins() -> None:
    records = {(part.what, part.id): part.records for part in coverage(parts()).parts}

    assert records["system", "web"] == 3
    assert records["system", "back"] == 2
    assert records["system", ""] == 3
    assert records["team", "shop"] == 3


def test_a_question_without_an_answer_is_asked_and_not_answered() -> None:
    whole = coverage(parts()).parts[0]
    unknown = sum(tally.unknown for tally in parts().tallies.values())

    assert unknown
    assert whole.asked - whole.answered == unknown


def test_what_runs_out_is_told_by_its_day() -> None:
    drill = {"asset": "a", "environment": "live", "plan": "p", "evidence": "observed/drills/a.jsonl"}
    open_, done = {"status": "open", "due": "2026-12-10"}, {"status": "done", "due": "2026-12-10"}
    audit = judged(
        [
            record("asset/a", {**STORE, "reviewed": "2025-12-24"}),
            record("waiver/old", {"target": "INV001@asset/x", "expires": "2026-11-23"}),
            record("waiver/today", {"target": "INV001@asset/y", "expires": "2026-11-24"}),
            record("finding/open", {"status": "open", "about": "asset/a", "due": "2027-01-23"}),
            record("finding/resolved", {"status": "resolved", "about": "asset/a", "due": "2027-01-23"}),
            record("incident/one", {"about": ["asset/a"], "actions": {"x": open_, "y": done}}),
            record("drill/first", {**drill, "finished": "2026-01-01T00:00:00Z", "next_due": "2026-12-01"}),
            record("drill/second", {**drill, "finished": "2026-02-01T00:00:00Z", "next_due": "2027-02-22"}),
        ],
        (seen("new", LATELY, {}),),
    )
    told = {(one.address, one.name): one.days for one in coverage(audit).expiries}

    assert told == {
        ("waiver/old", "expires"): -1,
        ("waiver/today", "expires"): 0,
        ("incident/one", "actions[x].due"): 16,
        ("seen/new", "looked"): 26,
        ("asset/a", "reviewed"): 30,
        ("finding/open", "due"): 60,
        ("drill/second", "next_due"): 90,
    }
    assert [len(coverage(audit).between(*days)) for days in ((0, 30), (31, 60), (61, 90))] == [4, 1, 1]
    assert [one.address for one in coverage(audit).overdue] == ["waiver/old"]


def test_the_page_shows_the_figures_of_the_whole_estate() -> None:
    audit = parts()
    found = coverage(audit)
    [(path, content)] = page.pages(View(audit, {}, coverage=found))
    whole = found.parts[0]

    assert path == "docs/coverage.md"
    assert f'<strong>{whole.answered}</strong><span class="st-of"> of {whole.asked:,}</span>' in content.decode()
    assert content.decode().count("in no team") == 1


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


@pytest.fixture
def estate(tmp_path: Path) -> str:
    files: dict[str, str | bytes] = {
        "registry/assets/db.yaml": "name: Orders\ntype: relational-db\nowner: shop\nengine: postgresql\n",
        "registry/teams/shop.yaml": "name: Shop\n",
        "registry/waivers/w.yaml": (
            "target: INV001@asset/db\nreason: x\nowner: shop\napprover: Ada\nexpires: 2026-12-10\n"
        ),
    }
    return str(write(tmp_path, files))


def test_the_command_says_what_is_known_and_judges_nothing(estate: str, run: Run) -> None:
    said = run("check", "--coverage", "--today", TODAY.isoformat(), "-C", estate)

    assert (said.exit_code, said.err) == (0, "")
    assert said.lines[0] == "Coverage as at 2026-11-24"
    assert [line.split()[:2] for line in said.lines[3:6]] == [["estate", "3"], ["no", "system"], ["team", "shop"]]
    assert "  asset engine: 1" in said.lines
    [alike] = [line for line in said.lines if line.startswith("  PG001 and ")]
    assert alike.endswith(": each asked of 1, answered by 0")
    assert "Runs out in 0 to 30 days: 1" in said.lines
    assert "  2026-12-10 waiver/w expires" in said.lines


def test_the_command_tells_machines_every_fact(estate: str, run: Run) -> None:
    said = run("check", "--coverage", "--output-format", "json", "--today", TODAY.isoformat(), "-C", estate)
    found = json.loads(said.out)

    assert found["schema"] == 1
    assert found["parts"][0]["asked"] >= found["parts"][0]["answered"] > 0
    [store] = found["records"]
    assert {fact["name"]: fact["state"] for fact in store["facts"]}["engine"] == DECLARED_ONLY
    assert [one["day"] for one in found["expires"]] == ["2026-12-10"]


def test_the_form_for_machines_is_what_its_schema_says(estate: str, run: Run) -> None:
    own = str(Path(__file__).parents[1])
    schema = json.loads(Path(own, "docs/coverage.schema.json").read_text())
    found = [run("check", "--coverage", "--output-format", "json", "-C", folder).out for folder in (estate, own)]

    assert [
        error.message for text in found for error in Draft202012Validator(schema).iter_errors(json.loads(text))
    ] == []


def test_each_fact_says_since_when_it_is_so() -> None:
    audit = judged(
        [record("asset/a", {**STORE, "engine": "postgresql", "identifiers": ["compose:new/a"]})],
        (seen("new", LATELY, {"a": {"engine": "postgresql"}}),),
    )
    path = audit.estate.by_address["asset/a"].path
    written = datetime(2026, 10, 3, 12, tzinfo=UTC)
    found = coverage(audit._replace(history={path: Change("Dana", int(written.timestamp()), "c0ffee", "Write it")}))
    [one] = found.records

    assert one.written == written.date()
    assert {fact.name: fact.since for fact in one.facts if fact.name in ("engine", "owner")} == {
        "engine": LATELY,
        "owner": written.date(),
    }
    assert {fact.since for fact in one.facts if fact.state == UNKNOWN} == {None}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--fix"], "--coverage judges nothing: --fix means nothing beside it. Leave --fix out."),
        (["--output-format", "sarif"], "--coverage knows no format sarif. Use one of text, json."),
        (["registry/assets/db.yaml"], "The coverage is that of a whole registry. Leave --coverage out, or FILES."),
    ],
)
def test_what_makes_no_sense_with_coverage_is_refused(
    estate: str, run: Run, arguments: list[str], message: str
) -> None:
    said = run("check", "--coverage", *arguments, "-C", estate)

    assert (said.exit_code, said.out) == (2, "")
    assert said.err == f"error: {message}\n"

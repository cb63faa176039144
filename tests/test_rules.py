"""Every rule on its cases: records and observations in, an answer out, through the whole of loading and judging."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
import yaml

from live_cases import STORES, whole
from stocktake import rules
from stocktake.load.files import Tree, schema_folder
from stocktake.load.observations import from_data
from stocktake.load.schemas import read_schemas
from stocktake.load.settings import settings
from stocktake.model.digest import signed
from stocktake.model.estate import Estate
from stocktake.model.looks import ENGINES
from stocktake.model.outcome import FAIL, NOT_APPLICABLE, PASS, UNKNOWN
from stocktake.model.record import Record
from stocktake.model.rule import FAMILIES, Rule
from stocktake.observe.probes.table import PROBES
from stocktake.pipeline.audit import audit
from stocktake.rules.explain import page
from stocktake.rules.table import BY_ID, RULES

CASES = Path(__file__).parent / "cases/rules"
TODAY = date(2026, 11, 24)
SCHEMAS = read_schemas(Tree(schema_folder()))
BLANK = {
    "schema": 1,
    "source": "tree",
    "collector": "files",
    "version": "1",
    "status": "seen",
    "things": {},
    "edges": [],
}
FIELDS = {"name", "records", "settings", "observed", "looked", "evidence", "expect", "identity", "message", "timed"}


ALL = [
    (path.stem, whole(path.stem, case))
    for path in sorted(CASES.glob("*.yaml"))
    for case in yaml.load(path.read_text(), yaml.CSafeLoader)
]


def observation(data):
    """A valid observation of today, of which a case says only what matters."""
    whole = {name: value for name, value in (BLANK | data).items() if value is not None}
    looked = date.fromisoformat(whole.pop("looked", TODAY.isoformat()))
    whole["things"] = {key: {"kind": "asset", "confidence": 1} | thing for key, thing in whole["things"].items()}
    whole["edges"] = [{"confidence": 1} | edge for edge in whole["edges"]]
    assert list(SCHEMAS.validator("observation").faults(whole)) == []
    seen = from_data(whole)._replace(looked=looked)
    return seen if "digest" in data else signed(seen)


def record(address, data):
    """A valid record."""
    kind, _, identity = address.partition("/")
    assert list(SCHEMAS.validator(kind).faults(data)) == [], address
    return Record(kind, identity, f"{kind}/{identity}.yaml", data)


def judged(case):
    """The estate of a case as judged today."""
    records = [record(address, data) for address, data in case.get("records", {}).items()]
    observed = tuple(observation(data) for data in case.get("observed", ()))
    said = settings({"schema": 1, **case.get("settings", {})})
    days = case.get("looked")
    looked = None if days is None else {source: date.fromisoformat(day) for source, day in days.items()}
    estate = Estate(
        records, SCHEMAS.kinds(), SCHEMAS.groups, said, observed, evidence=case.get("evidence"), looked=looked
    )
    found, bugs = audit(estate, TODAY)
    assert bugs == ()
    return found


@pytest.mark.parametrize(("rule", "case"), ALL, ids=[f"{rule}: {case['name']}" for rule, case in ALL])
def test_a_rule_answers_as_its_case_says(rule, case):
    found = judged(case)
    every = [(name, outcome) for outcome in found.outcomes for name in outcome.identities]
    answers = {name: outcome for name, outcome in every if name.startswith(f"{rule}@")}

    assert set(case) <= FIELDS
    if case["expect"] in (PASS, NOT_APPLICABLE):
        assert answers == {}
        assert bool(found.tallies[rule].passed) == (case["expect"] == PASS)
        return
    answer = answers[case["identity"]] if "identity" in case else next(iter(answers.values()))
    assert answer.state == case["expect"]
    assert answer.message == case.get("message", answer.message)
    assert answer.timed == case.get("timed", answer.timed)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_cases_for_every_kind_of_answer(rule):
    expected = {case["expect"] for name, case in ALL if name == rule.id}

    assert expected >= {PASS, FAIL} | ({UNKNOWN} if rule.needs or rule.sees else set())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_page_of_a_rule_is_complete(rule):
    privilege = ["Privilege"] if rule.family in STORES else []

    assert list(rule.sections()) == ["Why", "Fix", "False positives", *privilege, "Example"]
    assert all(text.endswith((".", "```")) for text in rule.sections().values())
    assert rule.doc.partition("\n")[0].endswith(".")
    assert rule.controls
    assert rule.family in FAMILIES


def test_every_rule_of_every_family_is_asked_and_has_an_id_of_its_own():
    modules = [import_module(found.name) for found in walk_packages(rules.__path__, "stocktake.rules.")]
    made = {value.id for module in modules for value in vars(module).values() if isinstance(value, Rule)}

    assert [rule.id for rule in RULES] == sorted(made)
    assert len(BY_ID) == len(RULES)


def test_live_stores_are_asked_at_least_forty_questions():
    assert sum(rule.family in STORES for rule in RULES) >= 40


def test_a_look_is_expected_of_every_engine_that_has_a_probe():
    assert set(PROBES) == ENGINES


def test_the_cases_are_of_rules_that_exist():
    assert {path.stem for path in CASES.glob("*.yaml")} == set(BY_ID)


def test_a_page_says_what_the_rule_needs_and_of_what_it_is_asked():
    text = page(BY_ID["BKP004"])

    assert text.startswith("# BKP004 A backup runs less often than the recovery point objective asks for\n")
    assert "Asked of: each asset that it makes sense for, once for each entry of `backup.plans`, in each env" in text
    assert "Needs to know: `schedule`, `backup.rpo`;" in text
    assert "- ISO/IEC 27001:2022 A.8.13\n" in text

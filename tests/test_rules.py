"""Every rule on its cases: records and observations in, an answer out, through the whole of loading and judging."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
import yaml

from live_cases import STORES, whole
from stocktake import __version__, rules
from stocktake.load.files import Tree, schema_folder
from stocktake.load.schemas import read_schemas
from stocktake.model.looks import ENGINES
from stocktake.model.plan_lines import ASKED, lines_of
from stocktake.model.rule import FAMILIES, Rule
from stocktake.observe.probes.table import PROBES
from stocktake.pipeline.cases import Case, untested, wrong
from stocktake.render.plan.lines import LINES
from stocktake.rules.explain import page
from stocktake.rules.table import BY_ID, RULES, newer_than

CASES = Path(__file__).parent / "cases/rules"
SCHEMAS = read_schemas(Tree(schema_folder()))

ALL = [
    Case(path.stem, whole(path.stem, case))
    for path in sorted(CASES.glob("*.yaml"))
    for case in yaml.load(path.read_text(), yaml.CSafeLoader)
]


@pytest.mark.parametrize("case", ALL, ids=str)
def test_a_rule_answers_as_its_case_says(case):
    assert wrong(case, SCHEMAS) == []


def test_every_rule_has_cases_for_every_kind_of_answer():
    assert untested(RULES, ALL) == []


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


def test_a_page_says_what_the_rule_needs_and_of_what_it_is_asked():
    text = page(BY_ID["BKP004"])

    assert text.startswith("# BKP004 A backup runs less often than the recovery point objective asks for\n")
    assert "Asked of: each asset that it makes sense for, once for each entry of `backup.plans`, in each env" in text
    assert "Needs to know: `schedule`, `backup.rpo`;" in text
    assert "- ISO/IEC 27001:2022 A.8.13\n" in text


def test_an_upgrade_can_ask_which_rules_are_newer_than_the_scaffold_of_a_repository():
    assert newer_than("0.0.9") == RULES
    assert newer_than(__version__) == ()


def test_every_rule_about_records_asks_after_a_line_of_the_audit_plan():
    of_records = [rule.id for rule in RULES if rule.family not in STORES]

    assert [rule for rule in of_records if not lines_of(rule)] == []
    assert {rule for rules in ASKED.values() for rule in rules} <= set(BY_ID)
    assert set(ASKED) <= {line.id for line in LINES}


def test_each_family_asks_at_least_five_questions_that_records_alone_answer():
    counts = Counter(rule.family for rule in RULES if rule.family not in STORES and not rule.sees)

    assert set(counts) == set(FAMILIES) - set(STORES)
    assert min(counts.values()) >= 5
    assert sum(counts.values()) >= 60

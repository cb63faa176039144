"""The rules are asked in the cheapest order, which changes no answer."""

from datetime import date
from random import Random

import pytest

from stocktake.model.graph import Graph, Index
from stocktake.model.outcome import FAIL
from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import engine_of, facts_of
from stocktake.rules.docket import Waiver
from stocktake.rules.engine import judge
from stocktake.rules.rule import rule
from stocktake.rules.table import RULES

CONTEXT = Context(date(2026, 6, 1), Index((), ()), Graph((), ()), {}, {})
OF_ONE_ENGINE = [one for one in RULES if engine_of(one.when)]
EVERYTHING = {
    "lifecycle": "production",
    "version": "16",
    "backup.plans[a].kind": "log",
    "backup.plans[a].method": "dump",
    "members[b].role": "replica",
}


@pytest.mark.parametrize("one", OF_ONE_ENGINE, ids=lambda one: one.id)
def test_a_condition_about_one_engine_holds_on_no_other(one):
    assert one.when is not None
    for engine in ("", "other", *{engine_of(other.when) for other in OF_ONE_ENGINE} - {engine_of(one.when)}):
        assert not one.when(Sheet("asset/a", None, {**EVERYTHING, "engine": engine}), CONTEXT)


@rule("INV990", severity="low", kind="asset")
def fails_twice_and_doubts(asset, context):
    """Two failures and a doubt."""
    yield Hit("one", detail="one")
    yield Hit("two", detail="two")
    yield Unknown("who knows", detail="three")


@rule("INV991", severity="low", kind="asset", needs=("owner",))
def needs_an_owner(asset, context):
    """A doubt without an owner, else a failure."""
    yield Hit("owned")


@rule("INV992", severity="low", kind="asset", each="plans[]", needs=("kind",))
def of_each_plan(plan, context):
    """A failure of each plan that says its kind."""
    yield Hit("a plan")


SHEETS = {
    f"asset/{name}": (Sheet(f"asset/{name}", None, facts),)
    for name, facts in (
        ("a", {}),
        ("b", {"owner": "x", "plans[p].kind": "full", "plans[q].kind": "log", "plans[r].x": 1}),
        ("c", {"owner": "x"}),
    )
}


@pytest.mark.parametrize("waivers", [(), (Waiver("w", "INV992@asset/b#q", "2027-01-01"),)], ids=["none", "one"])
@pytest.mark.parametrize("known", [(), ("INV990@asset/a#one", "INV991@asset/b", "INV992@asset/b#p")])
def test_a_brief_answer_holds_the_new_failures_and_all_counts(waivers, known):
    rules = (fails_twice_and_doubts, needs_an_owner, of_each_plan)
    full = judge(rules, SHEETS, CONTEXT, waivers, known)

    brief = judge(rules, SHEETS, CONTEXT, waivers, known, brief=True)

    assert brief.outcomes == tuple(one for one in full.outcomes if one.state == FAIL and not one.known)
    assert {name: vars_of(one) for name, one in brief.tallies.items()} == {
        name: vars_of(one) for name, one in full.tallies.items()
    }
    assert sum(one.known for one in brief.left_out.values()) == sum(one.known for one in full.outcomes)
    assert sum(one.waived for one in brief.left_out.values()) == sum(one.state == "waived" for one in full.outcomes)
    assert (brief.bugs, full.bugs) == ((), ())


def vars_of(tally):
    return {name: getattr(tally, name) for name in tally.__slots__}


@rule("INV993", severity="low", kind="asset")
def says_the_same_twice(asset, context):
    """A rule of ours with a mistake."""
    yield Hit("one")
    yield Hit("two")


def test_a_brief_answer_tells_a_rule_that_says_the_same_twice():
    known = ("INV993@asset/a",)
    full = judge((says_the_same_twice,), SHEETS, CONTEXT, (), known)

    brief = judge((says_the_same_twice,), SHEETS, CONTEXT, (), known, brief=True)

    assert len(full.bugs) == 3
    assert brief.bugs == full.bugs


WORDS = {
    "classification": ("public", "internal", "confidential", "restricted"),
    "criticality": ("low", "medium", "high", "critical"),
    "engine": ("postgresql", "sqlite", "kafka"),
    "lifecycle": ("proposed", "production", "deprecated", "retired"),
    "status": ("open", "resolved"),
    "type": ("relational-db", "cache", "api", "library", "external-saas", ["a list"]),
}
TYPES = {
    "stores": frozenset({"relational-db", "cache"}),
    "components": frozenset({"api", "library"}),
    "externals": frozenset({"external-saas"}),
}


def test_sheets_that_agree_are_asked_the_same_rules_and_each_is_counted():
    draw = Random(1)
    names = sorted({name for one in RULES for name in one.needs if "[" not in name})
    sheets = {}
    for number in range(400):
        facts = {name: draw.choice(words) for name, words in WORDS.items() if draw.random() < 0.8}
        facts.update({name: "x" for name in names if name not in WORDS and draw.random() < 0.5})
        kind = draw.choice(("asset", "dependency", "review"))
        own = Sheet(f"{kind}/n{number}", None, {**facts, "from": "n1", "to": "n2"})
        sheets[own.address] = (own, Sheet(own.address, "production", {**dict(own.items()), "host": "h"}, like=own))
    context = CONTEXT._replace(types=TYPES)
    full, brief = (judge(RULES, sheets, context, brief=brief) for brief in (False, True))
    assert {name: vars_of(one) for name, one in brief.tallies.items()} == {
        name: vars_of(one) for name, one in full.tallies.items()
    }
    assert sum(one.unknown for one in brief.tallies.values()) > 1_000


class Watched(Sheet):
    """Remembers what it was asked for."""

    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.asked = set()
        self.get = self.watched

    def watched(self, name, default=None):
        self.asked.add(name)
        return self._facts.get(name, default)


@pytest.mark.parametrize("one", [one for one in RULES if facts_of(one.when)], ids=lambda one: one.id)
def test_a_condition_looks_at_no_other_facts_than_it_says(one):
    draw = Random(2)
    context = CONTEXT._replace(types=TYPES, index=None, graph=None)
    for _ in range(100):
        sheet = Watched("asset/a", None, {name: draw.choice(words[:4]) for name, words in WORDS.items()})
        one.when(sheet, context)
        assert sheet.asked <= set(facts_of(one.when))

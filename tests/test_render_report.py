"""The audit report: an opinion that follows from the answers, and findings told as auditors tell them."""

from collections.abc import Mapping
from typing import Any

import pytest

import render_estate
import render_site
from render_estate import HOSTILE
from stocktake.model.audit import Audit
from stocktake.render.pages import report
from stocktake.render.report.findings import groups
from stocktake.render.report.opinion import ADVERSE, DISCLAIMED, QUALIFIED, UNQUALIFIED, opinion
from stocktake.render.view import View

TEAM = {"name": "Data", "contact": "data@example.org", "handle": "@data", "members": {"ada": {"role": "Lead"}}}
STORE = {"name": "Orders", "type": "relational-db", "owner": "data"}
OWN: Mapping[str, Any] = {
    "identity": "BKP001@asset/orders",
    "about": "asset/orders",
    "severity": "critical",
    "status": "in-progress",
    "owner": "data",
    "due": "2026-11-01",
    "ticket": "https://tickets.example/7",
    "cause": "It was made by hand.",
    "response": "We copy it from *February* on.",
}


def judged(*records: tuple[str, Mapping[str, Any]]) -> Audit:
    return render_estate.judged([render_estate.record(address, data) for address, data in records])


def read(audit: Audit) -> str:
    [(_, content)] = report.pages(View(audit, {}))
    return content.decode()


def test_nothing_is_concluded_where_nothing_was_asked() -> None:
    found = opinion(View(render_estate.empty(), {}))

    assert found.word == DISCLAIMED
    assert "Nothing was asked" in found.reason


def test_a_critical_finding_makes_the_opinion_adverse_even_if_it_is_known() -> None:
    audit = judged(("team/data", TEAM), ("asset/orders", STORE))
    audit = audit._replace(outcomes=tuple(one._replace(known=True) for one in audit.outcomes))

    assert opinion(View(audit, {})).word == ADVERSE


@pytest.mark.parametrize(
    ("states", "severity", "expected"),
    [
        ({"passed": 9, "unknown": 1}, "low", UNQUALIFIED),
        ({"passed": 9, "unknown": 1}, "high", QUALIFIED),
        ({"passed": 1, "unknown": 1}, "low", DISCLAIMED),
        ({"passed": 1, "failed": 1}, "high", QUALIFIED),
        ({"passed": 1, "failed": 1}, "medium", UNQUALIFIED),
    ],
)
def test_the_opinion_follows_from_the_answers(states: dict[str, int], severity: str, expected: str) -> None:
    audit = judged(("team/data", TEAM), ("asset/orders", STORE))
    one = audit.outcomes[0]
    tally = audit.tallies[one.rule]
    for name in type(tally).__slots__:
        setattr(tally, name, states.get(name, 0))
    state = "fail" if "failed" in states else "unknown"
    small = audit._replace(outcomes=(one._replace(severity=severity, state=state),), tallies={one.rule: tally})

    assert opinion(View(small, {})).word == expected


def test_what_was_not_looked_at_is_said_with_its_denominator() -> None:
    text = read(render_estate.shop())

    assert "Questions without an answer" in text
    assert "Sources not seen whole and lately" in text
    assert "later was never looked at" in text


def test_a_finding_that_somebody_took_on_says_cause_answer_and_that_it_is_late() -> None:
    text = read(judged(("team/data", TEAM), ("asset/orders", STORE), ("finding/one", OWN)))

    assert "It was made by hand." in text
    assert "from <em>February</em> on" in text
    assert 'href="https://tickets.example/7"' in text
    assert "overdue" in text


def test_a_finding_of_nobody_says_how_to_take_it_on() -> None:
    text = read(judged(("team/data", TEAM), ("asset/orders", STORE)))

    assert "stocktake new finding ID" in text
    assert "Not established" in text


def test_what_a_person_found_stands_among_the_findings_until_it_is_closed() -> None:
    own = {"name": "Everybody is root", "about": "asset/orders", "severity": "high", "status": "open"}
    records = ("team/data", TEAM), ("asset/orders", STORE)

    assert "Everybody is root" in read(judged(*records, ("finding/two", own)))
    assert "Everybody is root" not in read(judged(*records, ("finding/two", {**own, "status": "dismissed"})))


def test_findings_of_one_rule_stand_together_the_gravest_first() -> None:
    view = View(judged(("asset/a", STORE), ("asset/b", STORE)), {})
    found = groups(view)

    assert found[0][1][0].severity == "critical"
    assert [rule for rule, _ in found] == list(dict.fromkeys(rule for rule, _ in found))
    assert {one.subject for one in found[0][1]} == {"asset/a", "asset/b"}


def test_the_report_shows_hostile_text_and_no_element_of_it() -> None:
    text = read(render_estate.hostile())

    assert HOSTILE[:30] not in text
    assert "<script" not in text
    assert "&lt;script&gt;window.canary" in text


def test_the_report_shows_how_findings_and_answers_went() -> None:
    view = View(render_estate.shop(), {})
    before = dict(report.pages(view))["docs/report.md"]
    view.trend = render_site.TREND
    after = dict(report.pages(view))["docs/report.md"]

    assert b"Open findings" not in before
    assert b"Open findings" in after
    assert b"Questions answered" in after

"""What the pages of risks, incidents, changes, decisions, findings, reviews, drills, waivers, flows and edges tell."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

import render_estate
from render_estate import HOSTILE
from stocktake.render import risk_levels
from stocktake.render.anatomy import ANATOMIES, body
from stocktake.render.anatomy.affected import assets_of
from stocktake.render.escape.html import Markup, plain
from stocktake.render.pages import kinds, records
from stocktake.render.view import View, page_of

TEAM = {"name": "Data", "handle": "@data"}
RECORDS: Mapping[str, Mapping[str, Any]] = {
    "team/data": TEAM,
    "system/shop": {"name": "Shop", "owner": "data"},
    "asset/db": {"name": "Orders", "type": "relational-db", "system": "shop", "owner": "data", "criticality": "high"},
    "asset/api": {"name": "API", "type": "api", "system": "shop", "owner": "data"},
    "asset/web": {"name": "Website", "type": "website", "owner": "data"},
    "asset/report": {"name": "Report", "type": "batch-job"},
    "dependency/api-db": {"from": "api", "to": "db", "type": "reads-writes", "criticality": "critical"},
    "dependency/web-api": {"from": "web", "to": "api", "type": "calls"},
    "dependency/report-db": {"from": "report", "to": "db", "type": "reads", "fallback": "It can be written later"},
    "flow/order": {
        "steps": [{"dependency": "web-api", "description": "Sends"}, {"dependency": "api-db", "description": "Writes"}],
        "data_classes": ["orders"],
    },
    "risk/lost": {
        "statement": "Because of one disk, all may be lost.",
        "about": ["asset/db"],
        "likelihood": "likely",
        "impact": "severe",
        "inherent": "critical",
        "status": "open",
        "vulnerabilities": {
            "one-disk": {"status": "open", "finding": "one"},
            "no-copy": {"status": "resolved"},
        },
    },
    "finding/one": {
        "about": "asset/db",
        "severity": "high",
        "status": "resolved",
        "identity": "BKP001@asset/db",
        "opened": "2026-11-01",
    },
    "incident/down": {
        "about": ["asset/db"],
        "severity": "high",
        "status": "closed",
        "started": "2026-09-15T07:41Z",
        "detected": "2026-09-15T08:15Z",
        "resolved": "2026-09-15T08:41Z",
        "timeline": [
            {"at": "2026-09-15T07:41Z", "what": "It fell"},
            {"at": "2026-09-15T08:41Z", "what": "It stands"},
        ],
        "caused_by": "key",
        "actions": {
            "late": {"description": "Watch it", "status": "open", "owner": "data", "due": "2026-10-01"},
            "over": {"description": "Mend it", "status": "done", "due": "2026-10-01"},
        },
    },
    "change/key": {"about": ["system/shop"], "type": "normal", "risk": "high", "decision": "0001-one"},
    "change/mend": {"about": ["asset/db"], "type": "emergency", "incident": "down", "rollback": ["Take it back"]},
    "adr/0001-one": {"name": "One", "status": "superseded", "date": "2025-01-01", "about": ["asset/db"]},
    "adr/0002-two": {"name": "Two", "status": "accepted", "date": "2026-01-01", "supersedes": ["0001-one"]},
    "review/cycle": {
        "type": "audit",
        "scope": ["system/shop"],
        "state": "in-progress",
        "phases": ["P2"],
        "checklist": {"P2.8": {"result": "pass"}, "Of our own": {}},
    },
    "waiver/report": {"target": "INV001@asset/report", "reason": "It goes away.", "expires": "2027-01-01"},
    "waiver/before": {"target": "INV001@asset/web", "approver": "Ada", "expires": "2025-01-01"},
    "source/talk": {"method": "interview", "where": "Ada", "when": "2026-11-14", "claims": ["It is so."]},
}


@pytest.fixture(scope="module")
def view() -> View:
    return View(render_estate.judged([render_estate.record(where, data) for where, data in RECORDS.items()]), {})


def told(view: View, address: str) -> str:
    return "\n".join(body(view, page_of(address), view.estate.by_address[address]))


def test_an_incident_says_how_long_it_went_unnoticed_and_how_long_it_took(view: View) -> None:
    text = told(view, "incident/down")

    assert "34 minutes after it began" in text
    assert "1 hour after it began" in text
    assert "+ 1 hour" in text


def figures_of(view: View, kind: str) -> dict[str, str]:
    """What the cards above a list say, by their titles."""
    page = next(raw.decode() for path, raw in kinds.pages(view) if path == f"docs/{kind}/index.md")
    return {
        plain(Markup(title)): plain(Markup(figure)) + " | " + plain(Markup(detail))
        for title, figure, detail in re.findall(
            r'st-card-title">(.*?)</div><div class="st-card-figure">(.*?)</div><div class="st-card-detail">(.*?)</div>',
            page,
        )
    }


def test_the_lists_of_changes_incidents_and_reviews_begin_with_what_is_open(view: View) -> None:
    changes, incidents, reviews = (figures_of(view, kind) for kind in ("change", "incident", "review"))

    assert changes["Not agreed to"] == "2 of 2 | 0 of them carried out"
    assert changes["Without a way back"] == "1 of 2 | no steps to take it back"
    assert incidents["Still to do"] == "1 of 2 actions | 1 overdue"
    assert incidents["Until somebody noticed"] == "34 minutes | the middle one; known of 1 of 1"
    assert reviews["Points that failed"] == "0 of 2 points | 1 not looked at"
    assert reviews["Last whole audit"] == "never | no review of type audit is done"


def test_a_waiver_says_what_it_accepts_why_and_until_when(view: View) -> None:
    now, before = (plain(Markup(told(view, f"waiver/{name}"))) for name in ("report", "before"))

    assert "AcceptsINV001 of Report" in re.sub(r"\s*(Accepts)\s*", r"\1", now)
    assert "It goes away." in now
    assert "nobody" in now
    assert "1 finding accepted today" in now
    assert "2025-01-01 expired" in before
    assert "matches nothing" in before


def test_only_an_action_that_is_not_over_is_late(view: View) -> None:
    text = told(view, "incident/down")

    assert text.count("overdue") == 1
    assert "1 of 2 actions done or dropped." in text


def test_an_incident_leads_to_the_change_before_and_the_change_after_it(view: View) -> None:
    text = told(view, "incident/down")

    assert 'href="../change/key.html"' in text
    assert 'href="../change/mend.html"' in text
    assert 'href="../incident/down.html"' in told(view, "change/key")
    assert 'href="../incident/down.html"' in told(view, "change/mend")


def test_the_reach_is_counted_with_what_stops_and_what_goes_on_with_less(view: View) -> None:
    text = told(view, "incident/down")

    assert "1 asset named, 2 more stop with them, 1 go on with less: 4 of 4" in text
    assert "It can be written later" in text


def test_a_system_stands_for_its_assets_and_a_dependency_for_what_stops(view: View) -> None:
    assert assets_of(view, ["system/shop", "asset/gone", "flow/order"]) == ["asset/api", "asset/db"]
    assert assets_of(view, ["dependency/web-api"]) == ["asset/web"]


def test_a_dependency_says_what_stops_with_it_and_where_to_see_it(view: View) -> None:
    text = told(view, "dependency/api-db")

    assert ">API</a>, and 1 more with it, " in text
    assert "dependencies.html#focus=asset/api" in text
    assert "nothing, as far as is declared" in told(view, "dependency/report-db")


def test_a_change_of_high_risk_is_asked_for_tests_steps_and_a_decision(view: View) -> None:
    assert "3 of 8 points are there" in told(view, "change/key")
    assert "2 of 5 points are there" in told(view, "change/mend")


def test_the_work_on_a_risk_is_counted_and_a_closed_finding_closes_its_weakness(view: View) -> None:
    text = told(view, "risk/lost")

    assert "2 of 2 weaknesses resolved or dismissed" in text
    assert "100 %" in text
    assert "not rated" in text


@pytest.mark.parametrize(
    ("likelihood", "impact", "level"),
    [
        ("rare", "severe", "medium"),
        ("rare", "major", "low"),
        ("unlikely", "severe", "high"),
        ("possible", "severe", "critical"),
        ("almost-certain", "negligible", "medium"),
        ("", "severe", ""),
    ],
)
def test_the_level_of_a_risk_follows_from_likelihood_and_impact(likelihood: str, impact: str, level: str) -> None:
    assert risk_levels.level(likelihood, impact) == level


def test_a_superseded_decision_says_what_holds_now(view: View) -> None:
    text = told(view, "adr/0001-one")

    assert "Superseded." in text
    assert 'href="0002-two.html"' in text
    assert 'href="../change/key.html"' in text


def test_a_tracked_finding_says_what_its_rule_answers_today(view: View) -> None:
    text = told(view, "finding/one")

    assert "still fails" in text
    assert ", 23 days ago" in text


def test_a_review_names_lines_of_the_plan_and_what_nobody_looked_at(view: View) -> None:
    text = told(view, "review/cycle")

    assert "Phase 2: Dependency mapping" in text
    assert "nobody looked yet" in text
    assert "../plan.html" in text


def test_a_flow_says_what_stops_it(view: View) -> None:
    text = told(view, "flow/order")

    assert "2 of 2 dependencies have no fallback" in text
    assert "it stops" in text


def test_what_is_told_above_is_not_told_again_in_the_table_of_facts(view: View) -> None:
    found = {path: content.decode() for path, content in records.pages(view)}

    assert "<code>caused_<wbr>by</code>" not in found["docs/incident/down.md"]
    assert "<code>criticality</code>" in found["docs/dependency/api-db.md"]


def test_every_kind_shows_hostile_text_and_no_element_of_it() -> None:
    view = View(render_estate.hostile(), {})
    seen = set()
    for record in view.estate.records:
        if record.kind in ANATOMIES:
            text = told(view, record.address)
            seen.add(record.kind)
            assert "<script" not in text
            assert HOSTILE[:30] not in text

    assert seen == {*ANATOMIES}

"""The registers that people go through line by line: risks, access, decisions, findings and backups."""

from collections.abc import Mapping
from typing import Any

import pytest

import render_estate
from stocktake.model.audit import Audit
from stocktake.render.access_decisions import identity
from stocktake.render.copies import further
from stocktake.render.pages import access_review, adr, backups, findings, risks
from stocktake.render.pages.access_review import ORPHAN, PAST, PRIVILEGED, flags
from stocktake.render.principals import doors, principals
from stocktake.render.view import View

STORE = {"name": "Orders", "type": "relational-db", "owner": "data"}
RISK = {"statement": "It may be lost.", "status": "open"}


def judged(*records: tuple[str, Mapping[str, Any]]) -> View:
    return View(render_estate.judged([render_estate.record(address, data) for address, data in records]), {})


def read(pages: Any, view: View) -> str:
    return "\n".join(content.decode() for path, content in pages(view) if path.endswith(".md"))


def test_a_risk_stands_in_the_cell_of_its_likelihood_and_impact() -> None:
    rated = {**RISK, "likelihood": "possible", "impact": "severe"}
    text = read(risks.pages, judged(("risk/one", rated)))

    assert (
        '<td class="st-heat st-heat-critical"><div><a href="one.html">one</a></div><small>critical</small></td>' in text
    )


def test_a_risk_that_nobody_rated_stands_beside_the_matrix_and_first_in_the_register() -> None:
    rated = {**RISK, "likelihood": "possible", "impact": "severe", "residual": "critical"}
    text = read(risks.pages, judged(("risk/one", rated), ("risk/two", RISK)))

    assert "likelihood or impact is missing: <a" in text
    register = text.partition("## Register")[2]
    assert register.index("two.html") < register.index("one.html")


def test_a_closed_risk_is_in_no_figure_and_in_no_cell() -> None:
    closed = {**RISK, "status": "closed", "likelihood": "possible", "impact": "severe", "review_date": "2020-01-01"}
    text = read(risks.pages, judged(("risk/one", closed)))

    assert '<td class="st-heat st-heat-critical">' not in text
    assert "overdue" not in text.partition("## Register")[2]


def test_a_finding_says_how_long_it_is_open_when_it_is_due_and_who_works_on_it() -> None:
    own = {
        "identity": "BKP001@asset/orders",
        "about": "asset/orders",
        "severity": "critical",
        "status": "confirmed",
        "opened": "2026-11-14",
        "due": "2026-11-20",
        "ticket": "OPS-7",
        "cause": "It was made by hand.",
    }
    text = read(findings.pages, judged(("asset/orders", STORE), ("finding/one", own)))
    row = next(line for line in text.split("<tr>") if "BKP001@asset/orders" in line)

    assert ">10</td>" in row
    assert "overdue" in row
    assert "confirmed" in row
    assert "OPS-7" in row
    assert "It was made by hand." in row
    assert 'data-told="BKP001"' in row
    assert 'id="told-bkp001"' in text


def test_nobody_knows_how_long_a_finding_is_open_that_nobody_wrote_down() -> None:
    text = read(findings.pages, judged(("asset/orders", STORE)))
    row = next(line for line in text.split("<tr>") if "BKP001@asset/orders" in line)

    assert "nobody yet" in row
    assert "Not established" in text.partition('id="told-bkp001"')[2]
    assert 'data-sort="-1"' in row


def test_accepted_findings_stand_apart_with_what_is_done_instead() -> None:
    waiver = {**render_estate.waiver("BKP001@asset/orders", "2027-01-01"), "compensating_control": "A copy elsewhere."}
    text = read(
        findings.pages, judged(("asset/orders", STORE), ("team/data", {"name": "Data"}), ("waiver/one", waiver))
    )
    apart, _, rest = text.partition("## Accepted for a time")[2].partition("## All of them")

    assert "A copy elsewhere." in apart
    assert "BKP001@asset/orders" not in rest


def test_the_timeline_of_decisions_begins_with_the_newest_and_says_what_holds_now() -> None:
    text = read(adr.pages, View(render_estate.shop(), {})).partition("## All decisions")[0]

    assert text.index("2026-01") < text.index("2025-01")
    assert "now </span><a" in text or 'now <a href="0002-two.html">' in text


def test_a_copy_that_is_copied_on_says_where_to() -> None:
    plan = {"backup": {"plans": {"nightly": {"kind": "full", "target": "vault"}}}}
    vault = {"name": "Vault", "type": "object-store", "backup": {"plans": {"weekly": {"target": "tape"}}}}
    view = judged(
        ("asset/orders", {**STORE, **plan}),
        ("asset/vault", vault),
        ("asset/tape", {"name": "Tape", "type": "backup-repository"}),
        ("asset/mirror", {"name": "Mirror", "type": "object-store"}),
        ("dependency/mirror", {"from": "vault", "to": "mirror", "type": "replicates-to"}),
    )

    assert further(view, "asset/vault") == ["asset/mirror", "asset/tape"]
    assert further(view, "asset/tape") == []


def test_hundreds_of_plans_leave_the_page_of_backups_light() -> None:
    plan = {"backup": {"plans": {"nightly": {"kind": "full"}}}}
    [(_, content)] = backups.pages(judged(*((f"asset/s{number}", {**STORE, **plan}) for number in range(300))))

    assert content.count(b"and 200 more. ") == 2
    assert len(content) < 300_000


def reviewed(*points: tuple[str, str, Mapping[str, Any]]) -> Audit:
    """The shop, with a review of access for each (state, last day, checklist)."""
    audit = render_estate.shop()
    reviews = [
        render_estate.record(
            f"review/{number}",
            {
                "type": "access",
                "state": state,
                "period": f"2026-01-01/{day}",
                "participants": ["Ada"],
                "checklist": told,
            },
        )
        for number, (state, day, told) in enumerate(points)
    ]
    estate = audit.estate
    records = [*estate.records, *reviews]
    audit.estate.records = tuple(sorted(records, key=lambda one: one.address))
    audit.estate.by_address |= {one.address: one for one in reviews}
    return audit


def test_a_reviewer_is_told_what_to_look_out_for() -> None:
    view = View(render_estate.shop(), {})
    people = {identity(one): flags(view, one) for door in doors(view) for one in principals(door)}

    assert people["asset/orders-db/production#reporting"] == [PRIVILEGED, PAST, ORPHAN]
    assert people["asset/orders-db/production#orders_api"] == []


def test_the_latest_review_decides_and_one_that_was_cancelled_does_not() -> None:
    point = "asset/orders-db/production#reporting"
    view = View(
        reviewed(
            ("done", "2026-05-01", {point: {"result": "pass"}}),
            ("done", "2026-02-01", {point: {"decision": "revoke"}}),
            ("cancelled", "2026-08-01", {point: {"decision": "change"}}),
        ),
        {},
    )
    sheet = dict(access_review.pages(view))["docs/access-review-sheet.csv"].decode()

    assert f"{point},reporting" in sheet
    assert "not known,keep,Ada,2026-05-01," in sheet
    assert "revoke" not in sheet
    assert "change" not in sheet


def test_what_only_a_baseline_says_is_not_known_without_one() -> None:
    text = read(access_review.pages, View(render_estate.shop(), {}))
    row = next(line for line in text.split("<tr>") if "development" in line)

    assert row.count('title="not known"') == 3


@pytest.mark.parametrize("pages", [access_review.pages, adr.pages, findings.pages, risks.pages])
def test_a_register_shows_hostile_text_and_no_element_of_it(pages: Any) -> None:
    text = read(pages, View(render_estate.hostile(), {}))

    assert "<script>" not in text
    assert "&lt;script&gt;window.canary" in text


@pytest.mark.parametrize("pages", [access_review.pages, adr.pages, risks.pages])
def test_an_empty_register_says_what_to_do(pages: Any) -> None:
    assert "stocktake " in read(pages, View(render_estate.empty(), {}))

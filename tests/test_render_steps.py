"""What stands in order is shown in order, and what nobody asks of is not shown as if it were well."""

from __future__ import annotations

import re
from typing import Any

from render_estate import dependency, judged, record
from stocktake.render import facts
from stocktake.render.pages import records, risks
from stocktake.render.view import View

HERE = "flow/order.md"
STEPS = [
    {"dependency": "api-orders", "description": "Writes it"},
    {"dependency": "gone"},
    {"dependency": "api-orders", "retries": 3, "description": "Writes it again"},
]
TIMELINE = [{"at": "2026-10-14T03:05Z", "what": "The disk is full"}, {"at": "2026-10-14T03:35Z", "what": "An alarm"}]


def view(**flow: Any) -> View:
    return View(
        judged(
            [
                record("asset/api", {"name": "API", "type": "api"}),
                record("asset/orders", {"name": "Orders", "type": "relational-db"}),
                record("dependency/api-orders", {"name": "API stores", **dependency("api", "orders", "writes")}),
                record("flow/order", {"name": "Order", **flow}),
                record("risk/small", {"name": "Small", "statement": "It may.", "status": "open", "residual": "low"}),
                record(
                    "risk/large", {"name": "Large", "statement": "It may.", "status": "open", "residual": "critical"}
                ),
            ]
        ),
        {},
    )


def test_steps_are_numbered_and_link_to_what_they_name() -> None:
    shown = str(facts.value(view(steps=STEPS), HERE, "flow", "steps", STEPS))

    assert shown.startswith(
        '<ol class="st-steps"><li><a href="../dependency/api-orders.html">API stores</a>: Writes it<'
    )
    assert shown.count("<li>") == 3
    assert "<code>retries</code> 3, Writes it again</li></ol>" in shown


def test_a_timeline_is_numbered_with_moment_and_words() -> None:
    shown = str(facts.value(view(steps=STEPS), HERE, "incident", "timeline", TIMELINE))

    assert "<li>2026-10-14T03:05Z: The disk is full</li><li>2026-10-14T03:35Z: An alarm</li>" in shown


def test_sentences_are_not_run_together() -> None:
    shown = str(facts.value(view(steps=STEPS), HERE, "change", "rollout", ["Stop it", "Start it"]))

    assert shown == '<ol class="st-steps"><li>Stop it</li><li>Start it</li></ol>'


def test_more_steps_than_anybody_reads_are_counted() -> None:
    shown = str(facts.value(view(steps=STEPS), HERE, "flow", "steps", STEPS * 50))

    assert shown.count("<li>") == 60
    assert "and 90 more" in shown


def test_a_kind_of_which_no_rule_asks_anything_has_no_heading_for_findings() -> None:
    pages = dict(records.pages(view(steps=STEPS)))

    assert b"## Findings" in pages["docs/asset/api.md"]
    assert b"## Findings" not in pages["docs/flow/order.md"]


def test_levels_of_risk_sort_by_size_and_not_by_letter() -> None:
    page = dict(risks.pages(view(steps=STEPS)))["docs/risk/index.md"].decode()

    orders = [re.search(rf'data-sort="(\d+)"[^>]*><span[^>]*>{level}<', page) for level in ("critical", "low")]

    assert [found and found[1] for found in orders] == ["0", "3"]

"""Controls: each that a rule names is told in words, with the answers of its rules and no claim beyond them."""

from __future__ import annotations

import re

import render_estate
from stocktake.model.controls import about, split
from stocktake.render.pages.controls import pages
from stocktake.render.view import View
from stocktake.rules.table import RULES


def test_every_control_that_a_rule_names_is_told_in_words() -> None:
    named = {control for rule in RULES for control in rule.controls}

    assert sorted(control for control in named if not about(*split(control))) == []
    assert len(named) > 60


def test_a_framework_shows_its_controls_in_their_order_with_rules_and_answers() -> None:
    found = dict(pages(View(render_estate.shop(), {})))["docs/control/iso-iec-27001-2022.md"].decode()

    numbers = re.findall(r"<code>(A\.[0-9.]+)</code>", found)
    assert numbers.index("A.5.9") < numbers.index("A.5.12") < numbers.index("A.8.13")
    assert "../rule/BKP001.html" in found
    assert "something fails" in found
    assert "one piece of evidence" in found


def test_a_record_that_names_a_control_is_listed() -> None:
    finding = {"about": "asset/a", "severity": "high", "status": "open", "controls": ["NIST CSF 2.0 PR.DS-01"]}
    records = [
        render_estate.record("asset/a", {"name": "A", "type": "cache"}),
        render_estate.record("finding/f", finding),
    ]
    found = dict(pages(View(render_estate.judged(records), {})))["docs/control/nist-csf-2-0.md"].decode()

    assert "../finding/f.html" in found

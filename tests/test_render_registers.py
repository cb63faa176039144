"""The registers that people go through line by line: risks, access, decisions, findings and backups."""

from collections.abc import Mapping
from typing import Any

import pytest

import render_estate
from stocktake.render.pages import risks
from stocktake.render.view import View

RISK = {"statement": "It may be lost.", "status": "open"}


def judged(*records: tuple[str, Mapping[str, Any]]) -> View:
    return View(render_estate.judged([render_estate.record(address, data) for address, data in records]), {})


def read(pages: Any, view: View) -> str:
    return "\n".join(content.decode() for _, content in pages(view))


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


@pytest.mark.parametrize("pages", [risks.pages])
def test_a_register_shows_hostile_text_and_no_element_of_it(pages: Any) -> None:
    text = read(pages, View(render_estate.hostile(), {}))

    assert "<script>" not in text
    assert "&lt;script&gt;window.canary" in text


@pytest.mark.parametrize("pages", [risks.pages])
def test_an_empty_register_says_what_to_do(pages: Any) -> None:
    assert "stocktake " in read(pages, View(render_estate.empty(), {}))

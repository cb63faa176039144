"""Figures that stand side by side add up: questions with their answers, findings with their list."""

import re
from collections.abc import Iterator

import pytest

import render_estate
from stocktake.model.audit import Audit
from stocktake.model.estate import Estate
from stocktake.pipeline.audit import audit
from stocktake.render.pages import home
from stocktake.render.view import View


@pytest.fixture(scope="module")
def young() -> Audit:
    """The shop with every failure on the list of known findings but one."""
    shop = render_estate.shop()
    failures = [one.identity for one in shop.outcomes if one.state == "fail"]
    old = shop.estate
    known = dict.fromkeys(failures[1:], "2026-11-01")
    estate = Estate(old.records, old.kinds, old.groups, old.settings, old.observations, known)
    return audit(estate, render_estate.TODAY)[0]


def page(audit_: Audit) -> str:
    [(_, content)] = home.pages(View(audit_, {}))
    return content.decode()


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def numbers(html: str, caption: str) -> Iterator[list[str]]:
    """The rows of a table as texts."""
    body = html.split(f">{caption}</caption>")[1].split("</table>")[0]
    for row in re.findall(r"<tr>(.*?)</tr>", body, re.DOTALL):
        yield [words(cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)]


def test_the_card_counts_what_the_list_below_it_counts(young: Audit) -> None:
    shown = words(page(young))
    total = sum(one.state == "fail" for one in young.outcomes)
    serious = sum(one.state == "fail" and one.severity in ("critical", "high") for one in young.outcomes)

    assert f"Findings {total} open {total - 1} known, {serious} critical or high" in shown
    assert f"All {total} open findings" in shown


def test_the_answers_add_up_to_the_questions(young: Audit) -> None:
    html = page(young)
    asked = sum(tally.asked for tally in young.tallies.values())
    legend = html.split('class="st-legend"')[1].split("</ul>")[0]

    assert f"asked {asked} questions" in words(html)
    assert sum(int(number) for number in re.findall(r"<b>(\d+)</b>", legend)) == asked


def test_the_tables_of_owners_and_families_count_the_same_findings_and_doubts(young: Audit) -> None:
    html = page(young)
    cells = [cell for row in numbers(html, "Findings and doubts by owner and family of rules") for cell in row]
    owned = [sum(int(n) for cell in cells for n in re.findall(rf"(\d+) {word}", cell)) for word in ("finding", "doubt")]
    head, *families, total = numbers(html, "Answers by family of rules")
    columns = [head.index(name) for name in ("Findings", "Doubts")]

    assert owned == [int(total[column]) for column in columns]
    assert owned == [sum(int(row[column]) for row in families) for column in columns]
    assert owned == [sum(one.state == state for one in young.outcomes) for state in ("fail", "unknown")]


def test_a_new_finding_is_not_called_open_beside_known_ones_that_are_open_too(young: Audit) -> None:
    assert "1 new finding of severity" in words(page(young))

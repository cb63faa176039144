"""Heatmaps: their cells add up to what they count, and lead to lists that hold as much."""

from __future__ import annotations

import csv
import io
import re
from urllib.parse import parse_qs, urlsplit

import pytest

import render_estate
from render_site import site
from stocktake.analyse.coverage import homes
from stocktake.model.outcome import FAIL, UNKNOWN
from stocktake.model.settings import Settings
from stocktake.pipeline.coverage import coverage
from stocktake.render import grids
from stocktake.render.finding_rows import HEADERS, row
from stocktake.render.table import facet
from stocktake.render.taken import is_taken
from stocktake.render.view import View

HERE = "heatmaps.md"


@pytest.fixture(scope="module")
def view() -> View:
    return View(render_estate.shop(), {})


def cells(one: grids.Grid) -> list[grids.Spot]:
    """All cells that say something."""
    return [spot for _, spots in one.rows for spot in spots if spot]


def said(spot: grids.Spot, what: str) -> int:
    """How many of something a cell says there are."""
    found = re.search(rf"([0-9,]+) {what}", spot.words)
    return int(found[1].replace(",", "")) if found else 0


def test_findings_and_doubts_by_criticality_are_all_there_are(view: View) -> None:
    spots = cells(grids.by_criticality(view, HERE))
    states = [outcome.state for outcome in view.audit.outcomes]

    assert sum(said(spot, "finding") for spot in spots) == states.count(FAIL)
    assert sum(said(spot, "doubt") for spot in spots) == states.count(UNKNOWN)


def test_a_cell_leads_to_as_many_rows_as_it_counts(view: View) -> None:
    columns = {header.title.lower(): number for number, header in enumerate(HEADERS)}
    rows = [row(view, HERE, one) for one in view.audit.outcomes if one.state in (FAIL, UNKNOWN)]
    for spot in (one for one in cells(grids.by_criticality(view, HERE)) if one.url):
        wanted = {name: values[0] for name, values in parse_qs(urlsplit(spot.url).query).items()}
        listed = [one for one in rows if all(facet(one[columns[name]]) == value for name, value in wanted.items())]

        assert wanted.keys() == {"rule", "criticality"}
        assert len(listed) == said(spot, "finding") + said(spot, "doubt")


def test_answers_by_owner_are_those_of_the_coverage(view: View) -> None:
    found = coverage(view.audit)
    spots = cells(grids.answers(view, HERE, found))
    teams = [part for part in found.parts if part.what == "team"]

    assert sum(int(spot.below.split(" of ")[1].replace(",", "")) for spot in spots) == sum(one.asked for one in teams)
    assert all(spot.tone == "unknown" for spot in spots if not spot.words.startswith("100"))


def test_who_answers_for_a_finding_is_the_team_to_which_its_questions_are_counted(view: View) -> None:
    teams = {address: team for address, (_, team) in homes(view.audit).items()}

    assert {address: view.owner(address) for address in teams} == teams
    assert any(team for address, team in teams.items() if not view.entry(address).owner)


def test_assets_that_fail_are_counted_once_by_type_and_family(view: View) -> None:
    spots = cells(grids.by_type(view, HERE))
    entries = {record.address: view.entry(record.address).type for record in view.estate.of("asset")}
    found = {
        (entries[one.subject], one.rule.rstrip("0123456789"), one.subject)
        for one in view.audit.outcomes
        if one.state == FAIL and one.subject in entries
    }

    assert sum(said(spot, "of [0-9]+ fail") for spot in spots) == len(found)
    assert all(int(total) <= len(entries) for spot in spots for total in re.findall("of ([0-9]+)", spot.words))


def test_each_asset_has_one_last_look(view: View) -> None:
    spots = cells(grids.freshness(view, HERE))

    assert sum(said(spot, "asset") for spot in spots) == len(view.estate.of("asset"))


def test_what_nobody_asked_reads_otherwise_than_what_passed() -> None:
    records = [
        render_estate.record("team/data", {"name": "Data"}),
        render_estate.record("asset/db", {"name": "DB", "type": "relational-db", "owner": "data"}),
        render_estate.record("asset/api", {"name": "API", "type": "api", "owner": "data"}),
    ]
    audit = render_estate.judged(records, settings=Settings(select=("INV", "BKP001", "DEP002")))
    page = dict(site(audit, {}, coverage=coverage(audit)))["docs/heatmaps.md"].decode()
    by_owner, by_criticality, _, by_type, freshness = page.split("</table>")[:5]

    assert re.search(r"1 finding<br><small>critical, of 1 asked</small>", by_owner)
    assert '<td class="st-heat-unasked"><span>not asked</span></td>' in by_owner
    assert "<td><span>0</span></td>" in by_criticality
    assert "1 asked</span>" in by_criticality
    assert "<td><span>0 of 1</span></td>" in by_type
    assert '<td class="st-heat-unasked"><span>not asked</span></td>' in by_type
    assert "0 assets<br><small>0 % of 2</small>" in freshness
    assert "<td></td>" not in page


def test_where_no_rule_asks_the_page_does_not_say_that_all_is_well() -> None:
    audit = render_estate.judged(
        [render_estate.record("team/data", {"name": "Data"})], settings=Settings(select=("BKP001",))
    )

    assert "No rule asked anything" in dict(site(audit, {}))["docs/heatmaps.md"].decode()


def test_without_a_record_the_page_says_what_to_do() -> None:
    page = dict(site(render_estate.empty(), {}))["docs/heatmaps.md"].decode()

    assert "stocktake discover" in page


def test_every_heatmap_the_risk_matrix_and_the_rules_can_be_taken_along_as_tables() -> None:
    rated = {"name": "Loss", "status": "open", "likelihood": "likely", "impact": "major"}
    audit = render_estate.judged([*render_estate.shop().estate.records, render_estate.record("risk/loss", rated)])
    made = {path.removeprefix("docs/"): raw.decode() for path, raw in site(audit, {}, coverage=coverage(audit))}
    names = ("owners", "criticality", "answers", "types", "freshness")
    tables = {f"heatmaps-{name}.csv": "heatmaps.md" for name in names}
    tables |= {"risk/index-matrix.csv": "risk/index.md", "rule/rule.csv": "rule/index.md"}
    rows = {path: list(csv.reader(io.StringIO(made[path]))) for path in tables}

    assert [path for path, page in tables.items() if f'href="{path.rpartition("/")[2]}"' not in made[page]] == []
    assert [path for path, found in rows.items() if len({len(row) for row in found}) != 1] == []
    assert ["likely", "low", "medium", "high", "Loss critical", "critical"] in rows["risk/index-matrix.csv"]
    assert [row[0] for row in rows["rule/rule.csv"][1:]] == sorted(rule.id for rule in audit.rules)
    assert ["nobody", "0 assets 0 % of 1", "0 assets 0 % of 1", "1 asset 100 % of 1"] in rows["heatmaps-freshness.csv"]
    assert all(is_taken(path, audit.estate.kinds, lambda address: False) for path in tables)

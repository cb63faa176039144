"""What stands on the pages of assets, systems, teams and environments, on the sheet, in the glossary; as of when."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from html import unescape

import pytest

import render_estate
from render_estate import HOSTILE, judged, record
from stocktake.model.audit import Audit
from stocktake.model.estate import Change
from stocktake.model.inventory import COLUMNS
from stocktake.model.settings import Settings
from stocktake.pipeline.audit import Revision
from stocktake.render import asof, unsupported
from stocktake.render.diagram.catalogue import catalogue
from stocktake.render.document import Page
from stocktake.render.pages import (
    backups,
    environment,
    findings,
    glossary,
    guides,
    home,
    inventory,
    kinds,
    records,
    rules,
)
from stocktake.render.pages import catalogue as catalogue_page
from stocktake.render.pages import plan as plan_page
from stocktake.render.view import View
from stocktake.values.text import shown

BLOCKS = (
    *("Findings", "Facts", "Neighbourhood", "Backup and drills", "Access as observed", "Configuration"),
    *("Changes, incidents, decisions and risks", "Declared and observed by"),
)


Make = Callable[[View], Iterator[Page]]


def pages(audit: Audit, *makes: Make, read: Callable[[str], str] | None = None) -> dict[str, str]:
    """The Markdown of some pages, by their paths below docs; without a choice those of records."""
    view = View(audit, {})
    view.read = read
    view.diagrams = catalogue(view) if environment.pages in makes else {}
    found = asof.stamped(view, (page for make in makes or (records.pages,) for page in make(view)))
    return {path.removeprefix("docs/"): raw.decode() for path, raw in found if path.endswith(".md")}


def words(page: str) -> str:
    """What a reader sees, on one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def headings(page: str) -> list[str]:
    return re.findall(r"^## (.*?)(?: \{.*)?$", page, re.MULTILINE)


@pytest.fixture(scope="module")
def shop() -> dict[str, str]:
    makes = (records.pages, environment.pages, inventory.pages, catalogue_page.pages, glossary.pages, home.pages)
    return pages(render_estate.shop(), *makes)


@pytest.fixture(scope="module")
def hostile() -> dict[str, str]:
    return pages(render_estate.hostile(), environment.pages)


def test_the_blocks_of_an_asset_stand_in_their_order(shop: dict[str, str]) -> None:
    found = [title for title in headings(shop["asset/orders-db.md"]) if title in BLOCKS]

    assert found == list(BLOCKS)


def test_an_asset_leads_to_itself_on_the_map(shop: dict[str, str]) -> None:
    assert 'href="../dependencies.html#focus=asset/orders-db"' in shop["asset/orders-db.md"]


STORE = {"name": "DB", "type": "relational-db", "instances": {"production": {"connection": "DB_URL"}}}


def test_a_store_that_nobody_looked_at_says_what_to_do() -> None:
    found = words(pages(judged([record("asset/db", STORE)]))["asset/db.md"])

    assert "Nobody has looked: stocktake observe db" in found
    assert "never looked stocktake observe db --environment production" in found


def test_what_names_an_asset_or_its_system_stands_newest_first() -> None:
    named = [
        record("system/shop", {"name": "Shop"}),
        record("asset/db", {"name": "DB", "type": "relational-db", "system": "shop"}),
        record("change/new", {"name": "New key", "about": ["asset/db"], "done": "2026-05-02", "outcome": "succeeded"}),
        record("incident/old", {"name": "Old fall", "about": ["asset/db"], "started": "2026-03-01T10:00:00Z"}),
        record("risk/lost", {"name": "Host is lost", "about": ["system/shop"], "review_date": "2026-09-01"}),
    ]
    found = pages(judged(named))["asset/db.md"]
    found = words(found[found.index("## Changes, incidents") : found.index("## Declared and observed")])

    assert [found.index(name) for name in ("Host is lost", "New key", "Old fall")] == sorted(
        found.index(name) for name in ("Host is lost", "New key", "Old fall")
    )
    assert "review due 2026-09-01 risk Host is lost" in found
    assert "its system, Shop" in found


def test_the_file_of_a_record_is_shown_as_it_is_and_only_where_it_may_be_read(shop: dict[str, str]) -> None:
    read = pages(render_estate.shop(), read=lambda path: f"name: {path}\nevil: {HOSTILE}\n")

    assert "The file as it is" not in shop["asset/api.md"]
    assert "name: registry/assets/api.yaml" in words(read["asset/api.md"])
    assert "<script" not in read["asset/api.md"]
    assert "&lt;script&gt;window.canary=1" in read["asset/api.md"]


def test_a_long_file_is_cut_so_that_the_page_stays_light() -> None:
    found = pages(judged([record("asset/db", STORE)]), read=lambda path: "key: value\n" * 20_000)["asset/db.md"]

    assert 30_000 < len(found) < 40_000
    assert "Cut for lack of room; the whole is registry/ assets/ db.yaml" in words(found)


def test_many_findings_of_one_record_are_told_in_short() -> None:
    instances = {f"e{number}": {"host": f"h{number}"} for number in range(30)}
    found = pages(judged([record("asset/db", {"name": "DB", "type": "relational-db", "instances": instances})]))

    assert found["asset/db.md"].count('class="st-finding ') == 5
    assert re.search(r"and \d+ more: .* all of them among the findings", words(found["asset/db.md"]))


def test_a_system_counts_its_parts_and_shows_its_border() -> None:
    named = [
        record("system/a", {"name": "A", "environments": ["production"]}),
        record("system/b", {"name": "B"}),
        record("asset/db", {"name": "DB", "type": "relational-db", "system": "a"}),
        record("asset/api", {"name": "API", "type": "api", "system": "b"}),
        record("dependency/one", render_estate.dependency("api", "db", "reads", fallback="Waits.")),
    ]
    found = words(pages(judged(named))["system/a.md"])

    assert "Assets 1 of 2 of the whole estate" in found
    assert "Stores without a backup plan 1 of 1" in found
    assert "Seen lately by a machine 0 of 1" in found
    assert "API reads DB B" in found
    assert "production yes 0 of 1" in found


@pytest.mark.parametrize("switched_off", ["BKP001", "BKP"])
def test_where_no_rule_asks_for_a_backup_plan_no_page_says_that_none_is_missing(switched_off: str) -> None:
    named = [
        record("system/shop", {"name": "Shop"}),
        record("asset/finder", {"name": "Index", "type": "search-index", "system": "shop"}),
        record("asset/hub", {"name": "Hub", "type": "api"}),
    ]
    audit = judged(named, settings=Settings(disable=(switched_off,)))
    made = (home, records, backups, catalogue_page, inventory, plan_page)
    site = {path: words(text) for one in made for path, text in pages(audit, one.pages).items()}
    off = "Stores without a backup plan 1 of 1 of all stores: BKP001, which says who needs one, is switched off"

    assert off in site["index.md"]
    assert off in site["system/shop.md"]
    assert "Stores with a plan 0 of 1 of all stores" in site["backups.md"]
    assert "Whether it needs one is not judged" in site["asset/finder.md"]
    assert all("no plan, not judged" in site[path] for path in ("backups.md", "catalogue.md", "inventory.md"))
    assert not [path for path, text in site.items() if "none asked for" in text or "needs none" in text]


def test_a_rule_that_is_switched_off_keeps_its_page_and_says_by_which_setting() -> None:
    named = [record("asset/finder", {"name": "Index", "type": "search-index"})]
    site = pages(judged(named, settings=Settings(disable=("BKP001",))), rules.pages)
    chosen = pages(judged(named, settings=Settings(select=("BKP", "INV001"))), rules.pages)
    row = next(row for row in site["rule/index.md"].split("<tr>") if ">BKP001<" in row)

    assert "1 of them switched off here" in words(site["rule/index.md"])
    assert words(row).endswith("switched off critical Backup and recovery not asked – – – –")
    assert "This rule is switched off here. It is named under rules.disable in" in words(site["rule/BKP001.md"])
    assert "Answers" not in words(site["rule/BKP001.md"])
    assert "switched off" not in words(site["rule/BKP002.md"])
    assert "It is not named under rules.select in" in words(chosen["rule/INV002.md"])
    assert "switched off" not in words(chosen["rule/BKP001.md"])


def test_the_page_of_a_rule_says_how_to_accept_what_it_finds() -> None:
    told = words(pages(judged(()), rules.pages)["rule/BKP001.md"])

    assert "one finding with a waiver ( stocktake new waiver ID --set target=BKP001@... )" in told
    assert "no longer ask it with rules: {disable: [BKP001]} in stocktake.yaml" in told


def test_a_team_lists_what_it_answers_for(shop: dict[str, str]) -> None:
    found = words(shop["team/data.md"])

    assert "Assets 3 of 4 of the whole estate" in found
    assert "Tracked findings 1 of 1" in found


def test_every_environment_has_a_page_and_the_index_counts(shop: dict[str, str]) -> None:
    index = words(shop["environment/index.md"])

    assert {f"environment/{name}.md" for name in ("development", "production", "staging")} <= shop.keys()
    assert "2 of 4 assets say where they run" in index
    assert "production nobody said 2 1 of 2" in index
    assert "Assets run here 2 of 4" in words(shop["environment/production.md"])
    assert 'href="../architecture.html#deployment"' in shop["environment/production.md"]


def test_an_environment_says_who_never_looked_and_what_to_do_where_nothing_runs() -> None:
    settings = Settings(environments=("production", "staging"), described={"staging": ("Staging", "For *trying*.")})
    found = pages(judged([record("asset/db", STORE)], settings=settings), environment.pages)

    assert "never looked stocktake observe db --environment production" in words(found["environment/production.md"])
    assert "Nothing is said to run here" in words(found["environment/staging.md"])
    assert "No machine looks here" in words(found["environment/staging.md"])
    assert ">Staging</h1>" in found["environment/staging.md"]
    assert "For <em>trying</em>." in found["environment/staging.md"]


def test_without_environments_the_index_says_how_to_name_one() -> None:
    assert "Name them under environments in stocktake.yaml" in words(
        pages(render_estate.empty(), environment.pages)["environment/index.md"]
    )


def test_hostile_names_of_environments_have_pages_of_plain_names(hostile: dict[str, str]) -> None:
    found = [name for name in hostile if name.startswith("environment/_")]
    literal = " ".join(shown(HOSTILE, multiline=True).split())[:60]

    assert found
    assert all(re.fullmatch(r"environment/_[0-9a-f]{16}(_\d+)?\.md", name) for name in found)
    assert all(literal in words(hostile[name]) for name in found)


def test_the_sheet_begins_with_exactly_the_columns_of_the_plan(shop: dict[str, str]) -> None:
    titles = re.findall(r'<th scope="col"[^>]*>(?:<abbr[^>]*>)?([^<]*)', shop["inventory.md"])

    assert titles[:6] == ["Asset", "Type", "Owner", "Sensitivity", "Backup status", "Last reviewed"]
    assert [title.casefold() for title in titles[1:]] == [name for name in COLUMNS[1:] if name != "name"]


def test_the_sheet_never_says_restored_of_an_environment_in_which_nothing_was(shop: dict[str, str]) -> None:
    assert re.search(r"orders-db relational-db Data confidential 1 plan restored \S+: \w+", words(shop["inventory.md"]))
    assert "never in" in words(shop["inventory.md"])


def test_the_catalogue_misses_a_backup_plan_only_where_one_is_asked_for() -> None:
    stores = {
        "asset/index": {"name": "Index", "type": "search-index", "criticality": "high"},
        "asset/copies": {"name": "Copies", "type": "backup-repository"},
        "asset/free": {"name": "Free", "type": "search-index", "criticality": "high"},
        "waiver/free": render_estate.waiver("BKP001@asset/free", "2027-01-01"),
    }
    audit = judged(record(where, data) for where, data in stores.items())
    shown = words(pages(audit, catalogue_page.pages)["catalogue.md"])

    assert re.search(r"Copies asset/copies .*? none asked for", shown)
    assert re.search(r"Free asset/free .*? no plan, waived", shown)
    assert re.search(r"Index asset/index .*? no plan ", shown)


def test_headings_explain_themselves_and_the_glossary_has_a_place_for_each_word(shop: dict[str, str]) -> None:
    assert '<abbr title="The team that answers for it.">Owner</abbr>' in shop["catalogue.md"]
    for place in ("unknown", "rpo", "failure-domain", "kind-asset"):
        assert f'id="{place}"' in shop["glossary.md"]


CHANGES = {
    "registry/assets/db.yaml": Change("Ada", 1_700_000_000, "a" * 40, "Begin"),
    "registry/teams/ops.yaml": Change("Ada", 1_750_000_000, "b" * 40, "Call it Ops"),
    "registry/systems/far.yaml": Change("Ada", 1_790_000_000, "c" * 40, "Elsewhere"),
    "docs/guide.md": Change("Ada", 1_799_000_000, "d" * 40, "Write a guide"),
}


def dated(history: dict[str, Change], commit: str, shallow: bool = False) -> dict[str, str]:
    named = (
        record("asset/db", {"name": "DB", "type": "relational-db", "owner": "ops"}),
        record("team/ops", {"name": "Ops"}),
        record("system/far", {"name": "Far"}),
    )
    judged_ = judged(named, revision=Revision(history, commit, "2026-10-01", shallow))
    return pages(judged_, records.pages, kinds.pages, findings.pages, guides.pages, home.pages)


def test_a_page_says_as_of_the_last_change_that_changed_what_it_shows() -> None:
    found = dated(CHANGES, "d" * 40)

    assert "As of 2025-06-15, commit bbbbbbbbbb : the last change" in words(found["asset/db.md"])
    assert "commit cccccccccc" in words(found["system/far.md"])
    assert "commit aaaaaaaaaa" in words(found["asset/index.md"])
    assert "commit cccccccccc" in words(found["findings.md"])
    assert "commit dddddddddd" in words(found["guides.md"])
    assert "As of" not in words(found["index.md"])


def test_where_git_does_not_know_a_page_says_so() -> None:
    assert "nobody can say which change this page shows" in words(dated({}, "")["asset/db.md"])
    assert "What this page shows is not in Git yet" in words(dated({}, "d" * 40)["asset/db.md"])
    assert "or before, since this clone is shallow" in words(dated(CHANGES, "d" * 40, True)["asset/db.md"])


def test_the_first_page_tells_what_changed_since_the_last_audit() -> None:
    history = {
        "registry/assets/db.yaml": Change("Ada", 1_780_000_000, "a" * 40, "Give it an owner"),
        "registry/teams/ops.yaml": Change("Ada", 1_700_000_000, "b" * 40, "Begin"),
    }
    named = [
        record("asset/db", {"name": "DB", "type": "relational-db", "owner": "ops"}),
        record("team/ops", {"name": "Ops"}),
        record("review/may", {"name": "May", "type": "audit", "period": "2026-05-01/2026-05-15", "state": "done"}),
        record("review/june", {"name": "June", "type": "access", "period": "2026-06-01/2026-06-02", "state": "done"}),
        record("change/one", {"name": "One", "done": "2026-05-20"}),
        record("change/two", {"name": "Two", "done": "2026-05-10"}),
    ]
    revision = Revision(history, "a" * 40, "2026-06-01")
    found = pages(judged(named, revision=revision, today=date(2026, 6, 10)), home.pages)["index.md"]

    assert "What changed since the last audit" in headings(found)
    assert "Since May , which ended on 2026-05-15" in words(found)
    assert "Changes carried out 1 of 2 One" in words(found)
    assert "1 of 6 records changed since then" in words(found)
    assert "Give it an owner" in words(found)


def test_without_an_audit_the_first_page_says_how_to_record_one() -> None:
    assert "No audit is recorded as done yet" in words(pages(render_estate.empty(), home.pages)["index.md"])


def test_the_worst_stands_first_whether_it_is_known_or_not(shop: dict[str, str]) -> None:
    part = shop["index.md"].partition("## Needs attention first")[2].partition("\n## ")[0]
    found = re.findall(r"st-badge st-sev-(\w+)", part)

    assert found == sorted(found, key=("critical", "high", "medium", "low", "info").index)


def test_the_page_on_quality_says_what_nothing_stands_behind() -> None:
    named = [
        record("asset/bare", {"name": "Bare", "type": "cache"}),
        record("asset/told", {"name": "Told", "type": "cache"}),
        record("asset/reviewed", {"name": "Reviewed", "type": "cache", "reviewed": "2026-01-01"}),
        record("source/talk", {"name": "Talk", "method": "interview", "about": ["asset/told"]}),
    ]
    view = View(judged(named, settings=Settings(disable=("BKP001",))), {})
    found = words("".join(block for block in unsupported.blocks(view, "coverage.md")))

    assert "1 of 3 assets: seen by no machine lately" in found
    assert "Bare cache" in found
    assert "Told cache" not in found
    assert "Switched off: BKP001 ." in found
    assert "No machine looks at all" in found

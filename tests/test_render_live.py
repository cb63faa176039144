"""Pages of what runs: drift, environments, access, backups and looks, each with its figures and its unknowns."""

from pathlib import Path

import pytest

import render_estate
import render_live
import render_site
from render_estate import TODAY, judged, record
from render_site import site
from stocktake.model.audit import Audit
from stocktake.model.observation import SEEN
from stocktake.render.diagram.dot import dot
from stocktake.render.environments import DIFFERS, EQUAL, EXPECTED, UNKNOWN, matrices
from stocktake.render.pages import drift
from stocktake.render.principals import doors, holder, principals
from stocktake.render.recovery import APART, TOGETHER, distance, needy, plans, unplanned
from stocktake.render.recovery import UNKNOWN as NOT_KNOWN
from stocktake.render.topology import topologies
from stocktake.render.view import View

PAGES = ("access", "backups", "drift", "environments", "observations")


@pytest.fixture(scope="module")
def shop() -> Audit:
    return render_estate.shop()


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a reader sees of each page, in the shop and in an empty registry."""
    found = {}
    for name, audit in (("shop", render_estate.shop()), ("empty", render_estate.empty())):
        folder = render_site.write(tmp_path_factory.mktemp(name), audit, drawn=False) / "build" / "docs"
        for page in (*PAGES, "asset/orders-db", "plan"):
            if (folder / f"{page}.md").exists():
                found[f"{name}/{page}"] = " ".join(" ".join(render_site.Page(folder / f"{page}.md").words).split())
    return found


def test_a_difference_is_told_in_words_with_both_sides_and_the_two_commands(words: dict[str, str]) -> None:
    text = words["shop/drift"]

    assert 'setting max_connections should be "100" and is "200" settings[max_connections].value 100 200' in text
    assert "accept it stocktake baseline accept orders-db --environment production --only max_connections" in text
    assert "stocktake new finding max-connections --set 'identity=CFG005@baseline/orders#max_connections' --set" in text


def test_what_waits_for_a_restart_counts_by_itself(words: dict[str, str]) -> None:
    assert "wal_level was changed and waits for a restart" in words["shop/drift"]
    assert "pending restart 1 0 0 1 of 21" in words["shop/drift"]


def test_a_difference_says_since_when_nothing_else_was_known(words: dict[str, str]) -> None:
    assert "fresh orders-db-production, 2026-11-24" in words["shop/drift"]
    assert "2026-11-24 since 2026-11-18 or before" in words["shop/drift"]


def test_an_expected_difference_stands_apart_with_its_reason_and_end(words: dict[str, str]) -> None:
    before, _, expected = words["shop/drift"].rpartition("Expected differences")

    assert 'setting work_mem should be "4MB" and is "8MB" More memory until the report is rewritten. 2026' in expected
    assert "work_mem" not in before


def test_what_was_not_compared_is_listed_with_its_reason(words: dict[str, str]) -> None:
    assert "access.grants not compared the baseline names no grants" in words["shop/drift"]


def test_the_page_of_drift_leads_to_the_comparison_of_environments(shop: Audit) -> None:
    made = {path: raw.decode() for path, raw in drift.pages(View(shop, {}))}

    assert '<a href="environments.html">environments compared</a>' in made["docs/drift.md"]


def test_a_value_that_looks_like_a_secret_is_never_shown() -> None:
    secret = "postgres://app:" + "hunter22hunter22" + "@db/orders"
    facts = {"engine": "postgresql", **render_live.setting("x.dsn", secret, source="configuration file")}
    records = [
        record(
            "asset/a", {"name": "A", "type": "relational-db", "engine": "postgresql", "instances": {"p": {}, "q": {}}}
        ),
        record("baseline/b", {"asset": "a", "environment": "p", "settings": {"x.dsn": {"value": "none"}}}),
    ]
    audit = judged(records, (render_live.seen("a", "p", facts, TODAY, SEEN),))
    pages = b"".join(content for path, content in site(audit, {}) if path.removeprefix("docs/")[:-3] in PAGES)

    assert b"x.dsn" in pages
    assert b"hunter22" not in pages


def test_an_empty_registry_says_what_to_do_and_calls_nothing_fine(words: dict[str, str]) -> None:
    for page, told in {
        "access": "Nobody has looked yet. Name an environment variable",
        "backups": "No backup plan is recorded. State it under backup.plans",
        "drift": "No baseline is recorded, so nothing was compared. stocktake observe looks",
        "environments": "No asset has several environments, so there is nothing to compare. State them",
        "observations": "Nothing is configured to be looked at: name trees under sources",
    }.items():
        assert told in words[f"empty/{page}"]


def test_parameters_are_equal_different_expected_or_unknown(shop: Audit) -> None:
    found = {matrix.asset.address: matrix for matrix in matrices(View(shop, {}))}
    states = {one.name: one.state for one in found["asset/orders-db"].parameters}

    assert states["max_connections"] == EXPECTED
    assert states["shared_buffers"] == EQUAL  # 256MB, and 32768 of 8kB
    assert states["version"] == EQUAL  # 16, and 16.4
    assert states["work_mem"] == DIFFERS
    assert {one.state for one in found["asset/index"].parameters} == {UNKNOWN}


def test_an_expectation_that_has_expired_excuses_nothing() -> None:
    baseline = {**render_live.BASELINE, "expected_differences": {}}
    late = {"environment": "staging", "reason": "A tenth of the traffic.", "expires": "2026-01-01"}
    records = [
        record("asset/orders-db", render_estate.ORDERS),
        record("baseline/orders", {**baseline, "expected_differences": {"max_connections": late}}),
    ]
    [matrix] = matrices(View(judged(records, render_live.shop(TODAY)), {}))
    [parameter] = [one for one in matrix.parameters if one.name == "max_connections"]

    assert parameter.state == DIFFERS
    assert [one.expires for one in parameter.reasons] == ["2026-01-01"]


@pytest.mark.parametrize(
    ("grant", "who"),
    [
        ("SELECT ON TABLE orders.public.books TO reporting", "reporting"),
        ('SELECT ON TABLE orders.public."a TO b" TO "old ""admins" WITH GRANT OPTION', 'old "admins'),
        ("USAGE ON SCHEMA orders.public TO PUBLIC", "PUBLIC"),
        ('EXECUTE ON FUNCTION orders.public.f(text) TO "x TO y"', "x TO y"),
        ("nonsense", ""),
    ],
)
def test_a_grant_tells_who_holds_it(grant: str, who: str) -> None:
    assert holder(grant) == who


def test_power_through_another_role_is_power(shop: Audit) -> None:
    [door] = [door for door in doors(View(shop, {})) if door.asset.address == "asset/orders-db" and door.seen]
    found = {one.name: one for one in principals(door)}

    assert (found["postgres"].rank, found["postgres"].through) == (0, "")
    assert (found["reporting"].rank, found["reporting"].through) == (0, "old admins")
    assert found["orders_api"].rank == 2
    assert (found["auditor"].declared, found["old admins"].declared) == ("declared, not there", "not declared")


def test_roles_that_are_members_of_each_other_do_not_loop() -> None:
    facts = {**render_live.role("a", roles=["b"]), **render_live.role("b", roles=["a"], superuser=True)}
    audit = judged([record("asset/x", {"type": "relational-db"})], (render_live.seen("x", "p", facts, TODAY),))
    [door] = doors(View(audit, {}))

    assert [(one.name, one.rank, one.through) for one in principals(door)] == [("a", 0, "b"), ("b", 0, "")]


def test_stores_that_nobody_looked_at_come_first(shop: Audit) -> None:
    looks = [door.seen for door in doors(View(shop, {}))]
    ages = [None if seen is None else seen.fresh for seen in looks]

    assert ages == [None, None, False, True]


def test_a_drill_without_evidence_of_its_own_does_not_count(words: dict[str, str], shop: Audit) -> None:
    counted = {plan.environment: plan.drill and plan.drill.id for plan in plans(View(shop, {}))}

    assert counted == {"production": "orders-production-2026-11-20", "staging": None}
    assert "corruption RTO not measured" in words["shop/backups"]
    assert "does not count" in words["shop/backups"]


def test_promised_and_measured_stand_beside_each_other(words: dict[str, str]) -> None:
    assert "PT10M 10 minutes PT12M 12 minutes missed" in words["shop/backups"]
    assert "PT8H 8 hours PT7H 7 hours met" in words["shop/backups"]
    assert "never drilled" in words["shop/backups"]


def test_stores_without_a_plan_are_named(shop: Audit) -> None:
    found = [(bare.asset.address, bare.environment, bare.state) for bare in unplanned(View(shop, {}))]

    assert found == [("asset/index", "development", "fail"), ("asset/index", "production", "fail")]


def test_what_only_holds_copies_needs_no_plan_of_its_own() -> None:
    view = View(judged([record("asset/c", {"type": "cache"}), record("asset/d", {"type": "relational-db"})]), {})

    assert [(bare.asset.address, bare.state) for bare in unplanned(view)] == [("asset/d", "fail"), ("asset/c", "")]
    assert needy(view) == ({"asset/d"}, {"asset/d"})


@pytest.mark.parametrize(
    ("source", "target", "verdict"),
    [
        ({"failure_domain": "a"}, {"failure_domain": "b"}, APART),
        ({"failure_domain": "a"}, {"failure_domain": "a"}, TOGETHER),
        ({"failure_domain": "a", "host": "h"}, {"failure_domain": "b", "host": "h"}, TOGETHER),
        ({"failure_domain": "a"}, {}, NOT_KNOWN),
        ({}, {}, NOT_KNOWN),
    ],
)
def test_copies_lie_apart_only_where_both_domains_are_known(source: dict, target: dict, verdict: str) -> None:
    store = {"type": "relational-db", "backup": {"plans": {"p": {"target": "t"}}}, **source}
    records = [record("asset/s", store), record("asset/t", {"type": "object-store", **target})]
    view = View(judged(records), {})

    assert [distance(view, plan).verdict for plan in plans(view)] == [verdict]


def test_copies_in_the_store_itself_are_in_the_same_place() -> None:
    store = {"type": "relational-db", "backup": {"plans": {"p": {"target": "s"}}}}
    view = View(judged([record("asset/s", store)]), {})

    assert [distance(view, plan).verdict for plan in plans(view)] == [TOGETHER]


def test_the_picture_marks_what_is_too_near_and_what_has_no_plan(shop: Audit) -> None:
    drawn = dot(topologies(View(shop, {}))["shop"])

    assert '[label="nightly (production)", class="st-edge st-bad"]' in drawn
    assert '[label="nightly (staging)", class="st-edge st-open"]' in drawn
    assert drawn.count("st-bare") == 1
    assert 'URL="asset/orders-db.html"' in drawn


def test_what_could_be_looked_at_and_never_was_is_listed_with_its_command() -> None:
    store = {"type": "relational-db", "instances": {"p": {"connection": "URL"}, "q": {}}}
    pages = dict(site(judged([record("asset/s", store)]), {}))

    assert b"stocktake observe s --environment p" in pages["docs/observations.md"]
    assert b"--environment q" not in pages["docs/observations.md"]


def test_what_was_refused_is_named_with_the_reason(words: dict[str, str]) -> None:
    assert "not visible access.principals[].password the role may not read it" in words["shop/observations"]
    assert "index-production observe 0.1 not looked no day never" in words["shop/observations"]


def test_the_page_of_a_store_tells_each_in_short(words: dict[str, str]) -> None:
    text = words["shop/asset/orders-db"]

    assert "production fresh 5 roles, 3 may log in, 3 privileged: old admins, postgres, reporting" in text
    assert "production differs 2 missing, 10 extra, 6 changed, 1 pending restart · 4 of 4 areas compared" in text
    assert "production fresh seen: 6 settings, 2 tables" in text
    assert "nightly staging" in text


def test_the_plan_names_the_pages_that_answer_it(words: dict[str, str]) -> None:
    text = words["shop/plan"]

    assert "P4.6 Restore drills Backups and drills partly" in text
    assert "P6.1 Extract actual users, roles and service accounts Access as observed partly 1 of 4" in text
    assert "P3.4 Compare development, staging and production Environments compared partly" in text


def test_thousands_of_roles_stand_on_several_pages() -> None:
    facts = {name: value for n in range(1200) for name, value in render_live.role(f"role{n}", roles=["role0"]).items()}
    audit = judged([record("asset/x", {"type": "relational-db"})], (render_live.seen("x", "p", facts, TODAY),))
    every = [Path(path) for path, _ in site(audit, {})]
    paths = [str(path) for path in every if path.stem.partition("_")[0] == "access" and path.suffix == ".md"]

    assert paths == ["docs/access.md", "docs/access_2.md", "docs/access_3.md"]

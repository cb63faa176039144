"""What pages weigh where records are as nobody would wish for: names without an end, hundreds of owners, thousands of
dependencies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

import pytest

from render_estate import TODAY, dependency, judged, record
from render_site import site
from stocktake.model.observation import SEEN, Evidence, ExposedSecret, Observation, SeenEdge, Thing, Unreadable
from stocktake.model.record import Record
from stocktake.model.settings import Settings, Source
from stocktake.pipeline.coverage import coverage
from stocktake.pipeline.export import downloads
from stocktake.pipeline.pictures import pictures

MANY, OWNERS, STORES = 2_000, 500, 400
ENVIRONMENTS = ("production", "staging")
PAGE, ASSET = 950_000, 38_000  # the theme adds about 20,000 to each: 60,000 and a megabyte are the limits
NAME = "".join(f"Ledger {number:04d} of <b>orders</b> & more, " for number in range(300))[:10_000]
END = NAME[-200:]  # whoever tells the end tells all of it
# Enough rules for every page to have rows; all of them would take a minute.
ASKED = Settings(select=("INV", "BKP001", "DEP001"))


@pytest.fixture(scope="module")
def crowded() -> dict[str, bytes]:
    """All files of a site whose store has a name of 10,000 letters, 500 owners and 2,000 dependents, and whose hub
    depends on as many.
    """
    audit = judged(records(), settings=ASKED)
    drawn = {name: svg for name, svg in pictures(audit)[0].items() if not name.startswith("asset/a")}
    return {**dict(site(audit, drawn, coverage=coverage(audit))), **dict(downloads(audit))}


def records() -> Iterator[Record]:
    teams = [f"team-{number}" for number in range(OWNERS)]
    for name in teams:
        yield record(f"team/{name}", {"name": name})
    people = {f"person-{number}": {"role": "engineer", "handle": f"@person-{number}"} for number in range(OWNERS)}
    yield record("team/crowd", {"name": NAME, "members": people})
    yield record("system/shop", {"name": NAME, "owner": "crowd"})
    tables = {f"public.t{number}": {"owner": name, "purpose": "orders"} for number, name in enumerate(teams)}
    common = {"owner": "crowd", "system": "shop", "type": "api"}
    yield record("asset/ledger", {**common, "type": "relational-db", "name": NAME, "datasets": tables})
    yield record("asset/hub", {**common, "name": "Hub", "criticality": "critical"})
    yield record("dependency/hub-ledger", {**dependency("hub", "ledger", "reads"), "maintainers": teams})
    for number in range(MANY):
        yield record(f"asset/a{number}", {**common, "name": f"Asset {number}"})
        yield record(f"dependency/a{number}-ledger", dependency(f"a{number}", "ledger", "reads"))
        yield record(f"dependency/hub-a{number}", dependency("hub", f"a{number}", "calls"))


def test_a_name_without_an_end_stands_whole_among_its_facts_and_in_its_tables(crowded: dict[str, bytes]) -> None:
    told = {path: raw.count(END.encode()) + raw.count(escape(END).encode()) for path, raw in crowded.items()}

    assert {path: count for path, count in told.items() if count} == {
        "docs/asset/asset.csv": 1,
        "docs/asset/ledger_facts.csv": 1,
        "docs/asset/ledger_facts.md": 1,
        "docs/asset/ledger_facts_rows.js": 1,
        "docs/inventory.csv": 1,
        "docs/system/shop_facts.csv": 1,
        "docs/system/shop_facts.md": 1,
        "docs/system/system.csv": 1,
        "docs/team/crowd_facts.csv": 1,
        "docs/team/crowd_facts.md": 1,
        "docs/team/crowd_facts_rows.js": 1,
        "docs/team/team.csv": 1,
    }


@pytest.fixture(scope="module")
def looked() -> dict[str, bytes]:
    """All files of a site whose every store runs twice, is seen, and is not as its baselines say."""
    settings = ASKED._replace(environments=ENVIRONMENTS, sources=tuple(Source(f"s{n}", f"p{n}") for n in range(STORES)))
    audit = judged(stores(), tuple(looks()), settings)
    return dict(site(audit, {}, coverage=coverage(audit)))


def stores() -> Iterator[Record]:
    plans = {"nightly": {"kind": "full", "schedule": "0 2 * * *"}, "weekly": {"kind": "full"}}
    for number in range(STORES):
        name, instances = f"db{number}", {place: {"host": f"{place}.example"} for place in ENVIRONMENTS}
        store = {"type": "relational-db", "identifiers": [f"compose:x/{name}"], "instances": instances}
        yield record(f"asset/{name}", {**store, "name": f"Orders {number}", "backup": {"plans": plans}})
        expected = {f"s{one}": {"value": str(one)} for one in range(12)}
        for place in ENVIRONMENTS:
            yield record(f"baseline/{name}-{place}", {"asset": name, "environment": place, "settings": expected})
    yield from busy()


def busy() -> Iterator[Record]:
    """A store of which there is as much as can be of everything."""
    sets = {f"schema.table_{one}": {"purpose": "what was ordered by whom", "retention": "P3Y"} for one in range(100)}
    plans = {f"plan-{one}": {"kind": "full", "schedule": "0 2 * * *", "retention": "P30D"} for one in range(40)}
    store = {"type": "relational-db", "criticality": "critical", "connection": "BUSY", "identifiers": ["compose:x/db0"]}
    many = {"datasets": sets, "backup": {"rpo": "PT1H", "rto": "PT4H", "plans": plans}}
    yield record("asset/busy", {**store, **many, "name": "Busy", "description": "Holds everything. " * 20})
    about = {"about": ["asset/busy"]}
    for one in range(60):
        yield record(f"asset/user{one}", {"name": f"A user of the busy one {one}", "type": "api"})
        edge = dependency(f"user{one}", "busy", "reads-writes", criticality="critical", fallback="waits for it")
        yield record(f"dependency/user{one}", edge)
        yield record(f"drill/busy{one}", {"asset": "busy", "plan": f"plan-{one}", "result": "passed", "evidence": "x"})
        yield record(
            f"baseline/busy{one}", {"asset": "busy", "environment": f"e{one}", "settings": {"x": {"value": "1"}}}
        )
        yield record(f"incident/busy{one}", {**about, "name": f"It was away for the {one}. time", "severity": "high"})


def looks() -> Iterator[Observation]:
    seen = {f"settings[s{one}].value": str(one + 1) for one in range(12)}
    seen |= {f"access.principals[r{one}].name": "app" for one in range(3)}
    seen |= {"not_visible[access.hba].reason": "permission denied"}
    facts = {"engine": "postgresql", "version": "17.1", **seen}
    where = (Evidence("compose.yaml", 1),)
    for number in range(STORES):
        for place in ENVIRONMENTS:
            store = Thing("db", f"db{number}", (f"compose:x/db{number}",), (), facts, where)
            other = Thing("other", f"other{number}", (f"compose:y/other{number}",), (), {"type": "api"}, where)
            edges = (SeenEdge("other", "db", "reads", where),)
            found = (ExposedSecret("compose.yaml", 1, "password"),), (Unreadable("compose.yaml", 1, "not YAML"),)
            source = f"db{number}-{place}"
            yield Observation(
                source, "compose", "1", SEEN, (store, other), edges, *found, environment=place, looked=TODAY
            )


def test_the_page_of_an_asset_stays_light_whatever_is_known_of_it(
    crowded: dict[str, bytes], looked: dict[str, bytes]
) -> None:
    shown = {"ledger": crowded, "hub": crowded, "busy": looked, "db0": looked}

    assert {name: size for name, files in shown.items() if (size := len(files[f"docs/asset/{name}.md"])) > ASSET} == {}


def test_what_the_page_of_an_asset_leaves_out_stands_on_pages_that_it_leads_to(crowded: dict[str, bytes]) -> None:
    page = crowded["docs/asset/ledger.md"].decode()
    facts = b"".join(raw for path, raw in crowded.items() if re.fullmatch(r"docs/asset/ledger_facts(_\d+)?\.md", path))

    assert 'href="ledger_facts.html">all of them' in page
    assert all(f"datasets[public.t{number}].owner".encode() in facts for number in range(OWNERS))
    assert crowded["docs/asset/ledger_facts.csv"].count(b"\n") > 2 * OWNERS
    assert 'href="../dependencies.html#focus=asset/ledger">' in page


@pytest.mark.parametrize("estate", ["crowded", "looked"])
def test_no_page_grows_with_the_estate(estate: str, request: pytest.FixtureRequest) -> None:
    files: dict[str, bytes] = request.getfixturevalue(estate)

    assert {path: len(raw) for path, raw in files.items() if path.endswith(".md") and len(raw) > PAGE} == {}


def test_many_systems_share_the_page_of_backups_and_the_pages_of_their_own() -> None:
    plan = {"backup": {"plans": {"nightly": {"kind": "full", "target": "vault"}}}}
    places = range(300)
    named = [record(f"system/s{n:03}", {"name": f"System {n:03}"}) for n in places]
    stores = [
        record(f"asset/s{n:03}-{one}", {"name": f"Store {one}", "type": "relational-db", "system": f"s{n:03}", **plan})
        for n in places
        for one in range(1 + n % 2)
    ]
    bare = record("asset/bare", {"name": "Bare", "type": "relational-db", "system": "s298"})
    audit = judged(
        [*named, *stores, bare, record("asset/vault", {"name": "Vault", "type": "backup-repository"})], settings=ASKED
    )
    drawn = {name: svg for name, svg in pictures(audit)[0].items() if name.startswith("backups/")}
    files = dict(site(audit, drawn))
    page = files["docs/backups.md"].decode()

    assert len(page) < PAGE
    assert page.count("<svg") == 12
    assert "12 of 301 pictures stand here" in page
    assert 'href="system/index.html">249 more</a>' in page
    assert '<title id="backups-s298-t">' in page
    assert "backups.s298.dot" in page
    assert "backups-s000-t" not in page
    assert b'<title id="view-backups-t">' in files["docs/system/s000.md"]
    assert b"backups.s000.mmd" in files["docs/system/s000.md"]
    assert b'URL="../asset/s000-0.html"' in files["docs/diagram/backups.s000.dot"]
    assert b'href="../backups.html#where-the-copies-lie"' in files["docs/system/s298.md"]


def test_what_a_page_has_no_room_for_lies_beside_it(looked: dict[str, bytes]) -> None:
    rows = looked["docs/reconciliation-undocumented.csv"].decode().splitlines()
    last = looked[f"docs/baseline/db{STORES - 1}-production.md"].decode()

    assert len(rows) == 1 + 2 * STORES
    assert f"and {2 * STORES - 150:,} more. ".encode() in looked["docs/reconciliation.md"]
    assert re.search(rb"and [\d,]+ more baselines, each on its own page", looked["docs/drift.md"])
    assert "Differences from" in last


def test_an_asset_is_found_on_the_page_with_its_parameters(looked: dict[str, bytes]) -> None:
    split = [path for path in looked if re.fullmatch(r"docs/environments(_\d+)?\.md", path)]

    assert len(split) > 1
    for path in split:
        page = looked[path].decode()
        assert re.findall(r'<td><a href="([^"#]+)#(asset-\w+)"', page) == [
            (path.removeprefix("docs/").replace(".md", ".html"), found) for found in re.findall(r'<h2 id="(.*?)"', page)
        ]

"""What pages weigh where records are as nobody would wish for: names without an end, hundreds of owners, thousands of
dependencies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

import pytest

from render_estate import TODAY, dependency, judged, record
from stocktake.model.observation import SEEN, Evidence, ExposedSecret, Observation, SeenEdge, Thing, Unreadable
from stocktake.model.record import Record
from stocktake.model.settings import Settings, Source
from stocktake.pipeline.coverage import coverage
from stocktake.pipeline.export import downloads
from stocktake.pipeline.pictures import pictures
from stocktake.render.site import site

MANY, OWNERS, STORES = 2_000, 500, 400
ENVIRONMENTS = ("production", "staging")
PAGE = 950_000  # the theme adds less than 30,000
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


def test_a_name_without_an_end_stands_whole_on_its_own_page_and_in_its_tables(crowded: dict[str, bytes]) -> None:
    told = {path: raw.count(END.encode()) + raw.count(escape(END).encode()) for path, raw in crowded.items()}

    assert {path: count for path, count in told.items() if count} == {
        "docs/asset/asset.csv": 1,
        "docs/asset/ledger.md": 1,
        "docs/inventory.csv": 1,
        "docs/system/shop.md": 1,
        "docs/system/system.csv": 1,
        "docs/team/crowd.md": 1,
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


@pytest.mark.parametrize("estate", ["crowded", "looked"])
def test_no_page_grows_with_the_estate(estate: str, request: pytest.FixtureRequest) -> None:
    files: dict[str, bytes] = request.getfixturevalue(estate)

    assert {path: len(raw) for path, raw in files.items() if path.endswith(".md") and len(raw) > PAGE} == {}


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
        assert re.findall(r'<td><a href="([^"#]+)#(asset-db\d+)"', page) == [
            (path.removeprefix("docs/").replace(".md", ".html"), found) for found in re.findall(r'<h2 id="(.*?)"', page)
        ]

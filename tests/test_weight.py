"""What pages weigh where records are as nobody would wish for: names without an end, hundreds of owners, thousands of
dependencies.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

import pytest

from render_estate import dependency, judged, record
from stocktake.model.record import Record
from stocktake.model.settings import Settings
from stocktake.pipeline.coverage import coverage
from stocktake.pipeline.export import downloads
from stocktake.pipeline.pictures import pictures
from stocktake.render.site import site

MANY, OWNERS = 2_000, 500
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

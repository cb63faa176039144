"""What `impact` and `explain` answer, and that values at the edge of what is allowed break no rule."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from registries import Run, runner, write

ESTATE: dict[str, str | bytes] = {
    "registry/teams/shop.yaml": "name: Shop\n",
    "registry/teams/ops.yaml": "name: Operations\n",
    "registry/assets/db.yaml": "name: Orders <database>\ntype: relational-db\nowner: ops\n",
    "registry/assets/api.yaml": "name: API\ntype: api\nowner: shop\ncriticality: high\n",
    "registry/assets/web.yaml": "name: Web\ntype: website\n",
    "registry/assets/log.yaml": "name: Log\ntype: log-store\n",
    "registry/dependencies/api-db.yaml": "from: api\nto: db\ntype: reads-writes\n",
    "registry/dependencies/web-api.yaml": "from: web\nto: api\ntype: calls\n",
}
EDGES: dict[str, str | bytes] = {
    "stocktake.yaml": (
        "schema: 1\nenvironments: {live: {}}\nlimits: {review: P999999Y, exercise: P0D}\n"
        "freshness: P999999Y999999M999999D\n"
    ),
    "registry/assets/a.yaml": (
        'name: "<b>|`x`"\ntype: relational-db\nowner: shop\nreviewed: 1000-01-01\ncriticality: critical\n'
        "classification: restricted\nretention: P0D\nbackup:\n  rpo: PT0S\n  rto: P999999Y\n  plans:\n"
        "    never: {schedule: 0 0 30 2 *, retention: P999999Y999999M999999DT999999H}\n"
        '    "a[b]%c.d #e": {schedule: 59 23 29 2 7}\n    leap: {schedule: 0 0 29 2 *}\n    none: {}\n'
        "monitoring: {layers: [], alerts: {}}\ninstances: {live: {}}\ntags: []\n"
    ),
    "registry/teams/shop.yaml": "name: S\nmembers: {ada: {left: 2999-12-31}}\n",
    "registry/assets/b.yaml": "name: B\ntype: service\ncriticality: critical\n",
    "registry/dependencies/there.yaml": "from: a\nto: b\ntype: reads-writes\ncriticality: critical\n",
    "registry/dependencies/back.yaml": "from: b\nto: a\ntype: reads-writes\ncriticality: critical\n",
    "registry/waivers/w.yaml": ("target: INV001@asset/a\nreason: x\nowner: shop\napprover: x\nexpires: 2999-12-31\n"),
    "registry/baselines/b.yaml": "asset: a\nenvironment: live\nsettings: {}\nexpected_differences: {}\n",
    "docs/runbooks/r.md": "---\nname: R\nstatus: active\nabout: [asset/a]\nlast_exercised: 1000-01-01\n---\n",
}


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    return runner(capfd)


@pytest.mark.parametrize("today", ["0001-01-01", "2026-06-30", "9999-12-31"])
def test_values_at_the_edge_of_what_is_allowed_are_judged(tmp_path: Path, run: Run, today: str) -> None:
    said = run("check", "--output-format", "json", "--today", today, "-C", str(write(tmp_path, EDGES)))

    assert (said.exit_code, said.err) == (1, "")
    assert json.loads(said.out)["problems"] == []


@pytest.mark.parametrize("address", ["db", "asset/db"])
def test_impact_says_what_stops_and_whom_to_tell(tmp_path: Path, run: Run, address: str) -> None:
    said = run("impact", address, "-C", str(write(tmp_path, ESTATE)))

    assert (said.exit_code, said.err) == (0, "")
    assert said.lines == [
        "When Orders <database> (asset/db) stops, 2 others stop.",
        "  asset/api: 1 step away by dependency/api-db (reads-writes), criticality high, owner shop",
        "  asset/web: 2 steps away by dependency/web-api (calls), no owner",
        "It needs: nothing that is declared.",
        "Tell: ops, shop.",
    ]


def test_impact_as_json_holds_the_same(tmp_path: Path, run: Run) -> None:
    data = json.loads(run("impact", "db", "--output-format", "json", "-C", str(write(tmp_path, ESTATE))).out)

    assert data["address"] == "asset/db"
    assert [(one["address"], one["steps"], one["owner"]) for one in data["stops"]] == [
        ("asset/api", 1, "shop"),
        ("asset/web", 2, ""),
    ]
    assert data["owners"] == ["ops", "shop"]


def test_impact_of_what_nobody_needs_is_nothing(tmp_path: Path, run: Run) -> None:
    said = run("impact", "log", "-C", str(write(tmp_path, ESTATE)))

    assert said.lines[0] == "When Log (asset/log) stops, nothing else stops."
    assert said.lines[-1] == "Tell: nobody is named as owner."


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("dbb", 'There is no asset "dbb". Did you mean asset/db?'),
        ("team/shop", 'There is no asset "team/shop"'),
        ("team/api", 'There is no asset "team/api"'),
        ("asset/nope", 'There is no asset "asset/nope"'),
        ("wbe", 'There is no asset "wbe". Did you mean asset/web?'),
        ("apt", 'There is no asset "apt". Did you mean asset/api?'),
        ("lob", 'There is no asset "lob". Did you mean asset/log?'),
        ("", 'There is no asset ""'),
        ("a\u202eb", 'There is no asset "a⟨U+202E⟩b"'),
    ],
)
def test_impact_of_what_is_no_asset_is_refused(tmp_path: Path, run: Run, address: str, message: str) -> None:
    said = run("impact", address, "-C", str(write(tmp_path, ESTATE)))

    assert said == (2, "", f"error: {message}\n")


def test_impact_in_a_wrong_registry_tells_what_is_wrong(tmp_path: Path, run: Run) -> None:
    said = run("impact", "db", "-C", str(write(tmp_path, {**ESTATE, "registry/assets/x.yaml": "name: X\n"})))

    assert said == (2, "", "error: registry/assets/x.yaml:1:1: type: is missing. Add it.\n")


def test_every_rule_is_explained_with_why_and_how_to_fix_it(run: Run) -> None:
    rules = [line.split()[0] for line in run("explain").lines]

    assert rules == sorted(rules)
    for rule in rules:
        said = run("explain", rule.lower())
        assert (said.exit_code, said.err) == (0, "")
        assert said.lines[0].startswith(f"# {rule} ")
        data = json.loads(run("explain", rule, "--output-format", "json").out)
        assert data["id"] == rule
        assert data["why"]
        assert data["fix"]
    assert [one["id"] for one in json.loads(run("explain", "--output-format", "json").out)] == rules


def test_the_rules_of_a_family_are_listed(run: Run) -> None:
    every = run("explain").lines

    assert run("explain", "bkp").lines == [line for line in every if line.startswith("BKP")]
    assert run("explain", "INV", "--output-format", "json").out.count('"id": "INV') > 3


def test_headings_are_in_colour_for_whoever_asks(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = run("explain", "BKP001").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.delenv("NO_COLOR", raising=False)

    coloured = run("explain", "BKP001").out

    assert "\x1b[1m## Why\x1b[0m" in coloured
    assert "\x1b" not in plain
    assert click.unstyle(coloured) == plain


def test_a_rule_that_is_none_is_refused(run: Run) -> None:
    assert run("explain", "BKP0001").err == 'error: There is no rule "BKP0001". Did you mean BKP001?\n'
    assert run("explain", "XYZ999").err == 'error: There is no rule "XYZ999". `stocktake explain` lists all.\n'


SOFT: dict[str, str | bytes] = {
    **ESTATE,
    "registry/assets/cache.yaml": "name: Cache\ntype: cache\n",
    "registry/assets/mail.yaml": "name: Mail\ntype: service\n",
    "registry/dependencies/api-cache.yaml": (
        "from: api\nto: cache\ntype: reads\ncriticality: critical\nfallback: Reads the database\n"
    ),
    "registry/dependencies/mail-cache.yaml": "from: mail\nto: cache\ntype: reads\ncriticality: low\n",
    "registry/dependencies/log-cache.yaml": "from: log\nto: cache\ntype: reads\nfallback: none\n",
}


def test_impact_tells_what_stops_from_what_goes_on_with_less(tmp_path: Path, run: Run) -> None:
    said = run("impact", "cache", "-C", str(write(tmp_path, SOFT)))

    assert said.lines == [
        "When Cache (asset/cache) stops, one other stops.",
        "  asset/log: 1 step away by dependency/log-cache (reads), no owner",
        "3 others go on with less.",
        "  asset/api: 1 step away by dependency/api-cache (reads), criticality high, owner shop: Reads the database",
        "  asset/mail: 1 step away by dependency/mail-cache (reads), no owner: hardly matters to it",
        "  asset/web: 2 steps away by dependency/web-api (calls), no owner: as far as asset/api does",
        "It needs: nothing that is declared.",
        "Tell: shop.",
        "It is a single point of failure: without it, a part of the estate is cut off from the rest.",
    ]


def test_what_stops_through_another_way_does_not_go_on(tmp_path: Path, run: Run) -> None:
    more: dict[str, str | bytes] = {"registry/dependencies/api-cache-too.yaml": "from: api\nto: cache\ntype: calls\n"}
    data = json.loads(run("impact", "cache", "--output-format", "json", "-C", str(write(tmp_path, SOFT | more))).out)

    assert [(one["address"], one["through"]) for one in data["stops"]] == [
        ("asset/api", "dependency/api-cache-too"),
        ("asset/log", "dependency/log-cache"),
        ("asset/web", "dependency/web-api"),
    ]
    assert [(one["address"], one["fallback"]) for one in data["degrades"]] == [("asset/mail", "hardly matters to it")]


def test_impact_says_which_recovery_times_cannot_hold(tmp_path: Path, run: Run) -> None:
    files = {
        **ESTATE,
        "registry/assets/db.yaml": "name: Orders\ntype: relational-db\nbackup: {rto: PT4H}\n",
        "registry/assets/api.yaml": (
            "name: API\ntype: api\nbackup: {rto: PT8H}\ninstances:\n  production: {backup: {rto: PT15M}}\n"
        ),
        "registry/assets/web.yaml": "name: Web\ntype: website\nbackup: {rto: PT4H}\n",
    }
    folder = str(write(tmp_path, files))

    assert [line for line in run("impact", "db", "-C", folder).lines if "promises" in line] == [
        "asset/api promises to be back within 15 minutes in production, but asset/db takes up to 4 hours."
    ]
    assert json.loads(run("impact", "db", "--output-format", "json", "-C", folder).out)["late"] == [
        {"address": "asset/api", "environment": "production", "rto": "PT15M", "provider_rto": "PT4H"}
    ]

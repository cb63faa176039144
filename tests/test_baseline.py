"""A baseline beside what was seen: every difference in words, and accepting keeps what people wrote."""

from datetime import date

import pytest
import yaml

from stocktake.edit.baseline import accept, desired, names
from stocktake.load.files import Tree, schema_folder
from stocktake.load.flatten import flatten
from stocktake.load.schemas import read_schemas
from stocktake.model.answer import entry
from stocktake.model.baseline import differences, not_compared
from stocktake.model.sheet import Seen, Sheet
from stocktake.values import quantity

with open("tests/cases/baselines/differences.yaml", encoding="utf-8") as _file:
    CASES = yaml.safe_load(_file)
SHAPE = read_schemas(Tree(schema_folder())).kind("baseline").shape


def sheet(case: dict) -> Sheet:
    """The sheet of a case's baseline, with what was seen."""
    fresh = not case.get("stale")
    seen = {
        name: Seen(value, "orders-db-production", date(2026, 1, 1), fresh=fresh) for name, value in case["seen"].items()
    }
    return Sheet("baseline/orders-db-production", None, flatten(case["baseline"], SHAPE), seen)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_baseline_differs_as_its_case_says(case):
    found = differences(sheet(case), "postgresql")

    assert sorted(one.words for one in found) == sorted(case["expect"])


@pytest.mark.parametrize("case", [case for case in CASES if "not_compared" in case], ids=lambda case: case["name"])
def test_what_was_not_compared_is_listed_with_its_reason(case):
    listed = [f"{area}: {reason}" for area, reason in not_compared(sheet(case)) if "names no" not in reason]

    assert listed == case["not_compared"]


HAND_WRITTEN = """\
# Agreed with the platform team.
name: Orders database in production
asset: orders-db
environment: production
settings:
  max_connections:   # one per worker
    value: 100
    owner: platform
  shared_buffers: {value: 128MB}
  APP_PASSWORD: {secret_ref: "vault:app", plane: secret}
  gone: {value: "1"}
access:
  principals:
    app: {login: true, owner: storefront}
"""
SEEN = {
    "settings[max_connections].value": "200",
    "settings[max_connections].source": "configuration file",
    "settings[max_connections].default": "100",
    "settings[shared_buffers].value": "128MB",
    "settings[shared_buffers].source": "configuration file",
    "settings[shared_buffers].default": "16MB",
    "settings[port].value": "5433",
    "settings[port].source": "command line",
    "settings[fsync].value": "on",
    "access.principals[app].login": True,
    "access.principals[app].superuser": True,
    "access.grants": ["SELECT ON TABLE shop.public.orders TO app"],
    "schema.tables[shop.public.orders].columns": ["id bigint not null"],
}


def test_accepting_keeps_comments_order_and_what_people_wrote():
    after = accept(HAND_WRITTEN, {}, desired(SEEN, "postgresql"))

    assert after == (
        HAND_WRITTEN.replace("value: 100", "value: 200")
        .replace('  gone: {value: "1"}\n', "")
        .replace("app: {login: true, owner: storefront}", "app: {login: true, owner: storefront, superuser: true}")
        + "  grants:\n    - SELECT ON TABLE shop.public.orders TO app\n"
        + "schema:\n  tables:\n    shop.public.orders:\n      columns:\n        - id bigint not null\n"
    )


def test_accepting_twice_changes_nothing():
    once = accept(HAND_WRITTEN, {}, desired(SEEN, "postgresql"))

    assert accept(once, {}, desired(SEEN, "postgresql")) == once


def test_only_what_is_named_is_accepted():
    after = accept(HAND_WRITTEN, {}, desired(SEEN, "postgresql"), ["max_connections"])

    assert after == HAND_WRITTEN.replace("value: 100", "value: 200")


GRANTS = """\
access:
  grants:
    - INSERT, SELECT ON TABLE shop.public.orders TO app
    # Asked for by the auditors.
    - SELECT ON TABLE shop.public.orders TO reporting
    - USAGE ON SCHEMA shop.public TO PUBLIC
"""
GRANTED = {
    "access.grants": [
        "DELETE, SELECT, UPDATE ON TABLE shop.public.orders TO app",
        'SELECT ("a ON b, c") ON TABLE shop.public.orders TO app',
        "USAGE ON SCHEMA shop.public TO PUBLIC",
    ]
}


@pytest.mark.parametrize(
    ("only", "old", "new"),
    [
        ("DELETE ON TABLE shop.public.orders TO app", "INSERT, SELECT ON", "DELETE, INSERT, SELECT ON"),
        ("INSERT ON TABLE shop.public.orders TO app", "INSERT, SELECT ON", "SELECT ON"),
        (
            "SELECT ON TABLE shop.public.orders TO reporting",
            "    - SELECT ON TABLE shop.public.orders TO reporting\n",
            "",
        ),
        (
            'SELECT ("a ON b, c") ON TABLE shop.public.orders TO app',
            "TO PUBLIC\n",
            'TO PUBLIC\n    - SELECT ("a ON b, c") ON TABLE shop.public.orders TO app\n',
        ),
    ],
)
def test_one_grant_is_accepted_alone(only, old, new):
    assert accept(GRANTS, {}, desired(GRANTED, "postgresql"), [only]) == GRANTS.replace(old, new, 1)


def test_the_edit_that_is_shown_for_a_difference_takes_away_that_difference_alone():
    case = {"baseline": yaml.safe_load(HAND_WRITTEN + GRANTS.removeprefix("access:\n")), "seen": {**SEEN, **GRANTED}}
    case["baseline"]["access"]["principals"]["left"] = {"login": True}
    tables = {"shop.public.dropped": {"columns": ["id bigint"]}, "shop.public.orders": {"columns": ["id int"]}}
    case["baseline"]["schema"] = {"tables": tables}
    case["seen"]["schema.tables[shop.public.added].columns"] = ["id bigint"]
    found = differences(sheet(case), "postgresql")
    text = yaml.safe_dump(case["baseline"])

    assert len(found) > 8
    for one in found:
        after = accept(text, {}, desired(case["seen"], "postgresql"), [entry(one)])
        left = differences(sheet({"baseline": yaml.safe_load(after), "seen": case["seen"]}), "postgresql")
        assert one.words not in {other.words for other in left}
        assert {other.words for other in left} <= {other.words for other in found}
        assert all(entry(other) == entry(one) for other in found if other not in left)
        assert entry(one) in names(case["baseline"]) | names(desired(case["seen"], "postgresql"))


def test_a_changed_fingerprint_is_accepted_alone():
    before = "settings:\n  max_connections: {value: 100}\nschema:\n  fingerprint: sha256:old\n"
    seen = {**SEEN, "schema.fingerprint": "sha256:new"}

    after = accept(before, {}, desired(seen, "postgresql"), ["schema.fingerprint"])

    assert after == before.replace("old", "new")


def test_settings_that_went_back_to_their_defaults_are_accepted():
    seen = {"settings[max_connections].value": "100", "settings[max_connections].source": "default"}

    after = accept("name: x\nsettings:\n  max_connections: {value: 200}\n", {}, desired(seen, "postgresql"))

    assert after == "name: x\n"


def test_a_new_baseline_has_no_difference_from_what_was_seen():
    head = {"name": "Orders", "asset": "orders-db", "environment": "production"}

    text = accept("", head, desired(SEEN, "postgresql"))

    assert differences(sheet({"baseline": yaml.safe_load(text), "seen": SEEN}), "postgresql") == []
    assert text.startswith("name: Orders\nasset: orders-db\nenvironment: production\n")


@pytest.mark.parametrize(
    ("one", "other", "unit", "same"),
    [
        ("128MB", "16384", "8kB", True),
        ("128MB", "131072", "kB", True),
        ("1h", "3600", "s", True),
        ("-1", "-1", "8kB", True),
        ("0", "0kB", "kB", True),
        ("", "", "", True),
        ("", "0", "", False),
        ("", "off", "", False),
        ("on", "yes", "", True),
        ("on", "off", "", False),
        ("16384", "128MB", "", False),
        ("1.5", "1.50", "", True),
        ("read committed", "Read Committed", "", False),
    ],
)
def test_values_are_compared_by_what_they_mean(one, other, unit, same):
    assert quantity.same(one, other, unit) is same
    assert quantity.same(other, one, unit) is same

"""The engine on rules made for the purpose: what is asked, what is answered, and what counts."""

from __future__ import annotations

import time
from datetime import date

import pytest

from stocktake.model.graph import Edge, Entry, Graph, Index
from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Seen, Sheet
from stocktake.model.weight import Weights
from stocktake.rules.docket import Waiver, current, waivers_of
from stocktake.rules.engine import counts, judge
from stocktake.rules.rule import rule

TODAY = date(2026, 11, 24)
LATELY, LONG_AGO = date(2026, 11, 20), date(2026, 1, 2)


def context(*addresses):
    entries = [Entry(address, path=f"registry/{address}.yaml") for address in addresses]
    return Context(TODAY, Index(entries, ()), Graph((), ()), {"freshness": "P30D"}, {})


def sheet(facts=None, address="asset/a", environment=None, seen=None):
    return Sheet(address, environment, facts or {}, seen)


def seen(value, day=LATELY):
    return Seen(value, "live", day, fresh=day == LATELY)


def ask(rules, *sheets, **more):
    """What the engine says of some rules and sheets, the first sheet of a record its own."""
    by_address: dict[str, tuple[Sheet, ...]] = {}
    for one in sheets or (sheet(),):
        by_address[one.address] = (*by_address.get(one.address, ()), one)
    rules = rules if isinstance(rules, tuple) else (rules,)
    return judge(rules, by_address, context(*by_address), **more)


def states(judged):
    return {outcome.identity: outcome.state for outcome in judged.outcomes}


def tally(judged, id="TST001"):
    one = judged.tallies[id]
    return {name: getattr(one, name) for name in type(one).__slots__ if getattr(one, name)}


@rule("TST001", severity="high", kind="asset")
def no_owner(asset, context):
    """It has no owner."""
    if "owner" not in asset:
        yield Hit("no owner", field="owner")


@rule("TST001", severity="high", kind="asset", needs=("port",))
def low_port(asset, context):
    """Its port is low."""
    if asset["port"] < 1024:
        yield Hit(f"port {asset['port']}", field="port")


@rule("TST001", severity="high", kind="asset", sees=("port",))
def low_port_seen(asset, context):
    """Its port was seen to be low."""
    if asset["port"] < 1024:
        yield Hit("low")


@rule("TST001", severity="high", kind="asset", each="plans[]", needs=("days", "limit"))
def plan_too_long(plan, context):
    """A plan is too long."""
    if plan["days"] > plan["limit"]:
        yield Hit("too long", field="days", detail=plan.get("kind", ""))


@rule("TST001", severity="high", kind="asset", per="environment")
def no_port(asset, context):
    """It has no port."""
    if "port" not in asset:
        yield Hit("no port")


@rule("TST001", severity="high", kind="asset", timed=True)
def old(asset, context):
    """It is old."""
    yield Hit("old")


@rule("TST001", severity="high", kind="asset", when=lambda asset, context: asset["lifecycle"] == "production")
def asked_in_production(asset, context):
    """It is in production."""
    yield Hit("it is")


@rule("TST001", severity="high", kind="asset")
def broken(asset, context):
    """It breaks."""
    yield Hit("before it breaks")
    raise KeyError("gone")


@rule("TST001", severity="high", kind="asset")
def cannot_tell(asset, context):
    """It cannot tell everything."""
    yield Unknown("nobody knows", detail="one")
    if "owner" not in asset:
        yield Hit("no owner", detail="two")


@rule("TST001", severity="high", kind="")
def about_all(context):
    """The registry has something."""
    yield Hit("something", subject="seen/tree/db", path="compose.yaml", line=3)
    yield Unknown("not looked at", detail="other")


@rule("TST002", severity="low", kind="waiver", after=True)
def unused(waiver, context):
    """A waiver is unused."""
    if waiver.id not in context.waived:
        yield Hit("unused")


def waiver(target, expires="2026-11-24", id="w"):
    return Waiver(id, target, expires)


def waiver_sheet(target, id):
    return sheet({"target": target, "expires": "2026-12-31"}, f"waiver/{id}")


def test_a_pass_is_counted_and_makes_no_outcome():
    judged = ask(no_owner, sheet({"owner": "orders"}))

    assert (judged.outcomes, tally(judged)) == ((), {"passed": 1})


def test_a_failure_says_what_where_and_how_bad():
    [outcome] = ask(no_owner).outcomes

    assert outcome.identity == "TST001@asset/a"
    assert (outcome.state, outcome.severity, outcome.message, outcome.field) == ("fail", "high", "no owner", "owner")
    assert (outcome.subject, outcome.path) == ("asset/a", "registry/asset/a.yaml")


def test_a_rule_is_asked_of_its_own_kind_only():
    assert tally(ask(no_owner, sheet(address="system/a"))) == {}


def test_a_rule_of_every_kind_is_asked_of_every_record():
    anywhere = rule("TST001", severity="low", kind="*")(no_owner.function)

    assert states(ask(anywhere, sheet(), sheet(address="team/b"))) == {
        "TST001@asset/a": "fail",
        "TST001@team/b": "fail",
    }


def test_a_question_that_makes_no_sense_is_not_asked():
    judged = ask(asked_in_production, sheet({"lifecycle": "retired"}))

    assert (judged.outcomes, tally(judged)) == ((), {"not_applicable": 1})


def test_a_need_is_met_by_a_declared_fact():
    assert states(ask(low_port, sheet({"port": 80}))) == {"TST001@asset/a": "fail"}


def test_a_need_is_met_by_a_fresh_observation():
    assert tally(ask(low_port, sheet(seen={"port": seen(5432)}))) == {"passed": 1}


def test_a_missing_need_makes_the_answer_unknown():
    judged = ask(low_port)

    assert [(outcome.state, outcome.message) for outcome in judged.outcomes] == [("unknown", "port is not known")]
    assert tally(judged) == {"unknown": 1}


def test_a_stale_observation_meets_no_need():
    [outcome] = ask(low_port, sheet(seen={"port": seen(80, LONG_AGO)})).outcomes

    assert (outcome.state, outcome.message) == ("unknown", "port was last seen on 2026-01-02, longer ago than P30D")


def test_what_must_be_seen_is_not_met_by_a_declared_fact():
    [outcome] = ask(low_port_seen, sheet({"port": 80})).outcomes

    assert (outcome.state, outcome.message) == ("unknown", "port was never looked at")


def test_what_must_be_seen_must_be_seen_lately():
    [outcome] = ask(low_port_seen, sheet({"port": 80}, seen={"port": seen(80, LONG_AGO)})).outcomes

    assert (outcome.state, outcome.message) == ("unknown", "port was last seen on 2026-01-02, longer ago than P30D")


def test_what_was_seen_lately_is_judged():
    assert states(ask(low_port_seen, sheet({"port": 5432}, seen={"port": seen(80)}))) == {"TST001@asset/a": "fail"}


def test_each_entry_of_a_mapping_is_asked_on_its_own():
    plans = {
        "limit": 7,
        "plans[x].days": 9,
        "plans[x].kind": "log",
        "plans[a b].days": 9,
        "plans[y].days": 1,
        "plans[z]": {},
    }
    judged = ask(plan_too_long, sheet(plans))

    assert states(judged) == {
        "TST001@asset/a#a%20b": "fail",
        "TST001@asset/a#x/log": "fail",
        "TST001@asset/a#z": "unknown",
    }
    assert tally(judged) == {"failed": 2, "passed": 1, "unknown": 1}


def test_a_field_under_each_is_told_by_its_whole_name():
    failed = ask(plan_too_long, sheet({"limit": 7, "plans[x].days": 9})).outcomes
    unknown = ask(plan_too_long, sheet({"limit": 7, "plans[x]": {}})).outcomes

    assert [outcome.field for outcome in (*failed, *unknown)] == ["plans[x].days", "plans[x].days"]


def test_a_mapping_without_entries_is_not_asked():
    assert tally(ask(plan_too_long)) == {"not_applicable": 1}


def test_each_environment_is_asked_on_its_own():
    sheets = (sheet(), sheet({"port": 1}, environment="production"), sheet(environment="staging"))

    assert states(ask(no_port, *sheets)) == {"TST001@asset/a/staging": "fail"}


def test_a_record_without_instances_is_asked_once():
    assert states(ask(no_port)) == {"TST001@asset/a": "fail"}


def test_without_per_only_the_record_itself_is_asked():
    assert states(ask(no_owner, sheet(), sheet(environment="production"))) == {"TST001@asset/a": "fail"}


def test_a_rule_about_the_registry_is_asked_once_and_names_its_subjects():
    judged = ask(about_all)

    assert states(judged) == {"TST001@seen/tree/db": "fail", "TST001@registry#other": "unknown"}
    assert {(outcome.path, outcome.line) for outcome in judged.outcomes} == {("compose.yaml", 3), ("", 0)}
    assert tally(judged) == {"failed": 1}


def test_a_rule_may_say_that_it_cannot_tell():
    known = ask(cannot_tell, sheet({"owner": "orders"}))

    assert (states(known), tally(known)) == ({"TST001@asset/a#one": "unknown"}, {"unknown": 1})
    assert tally(ask(cannot_tell)) == {"failed": 1}


def test_a_waiver_is_in_force_on_its_last_day():
    judged = ask(no_owner, waivers=[waiver("TST001@asset/a")])

    assert [(outcome.state, outcome.waiver) for outcome in judged.outcomes] == [("waived", "w")]
    assert tally(judged) == {"waived": 1}


def test_an_expired_waiver_covers_nothing_and_counts_as_time():
    judged = ask(no_owner, waivers=[waiver("TST001@asset/a", "2026-11-23")])

    assert [(one.state, one.waiver, one.timed) for one in judged.outcomes] == [("fail", "w", True)]
    assert counts(judged.outcomes, "high", timed=False) == []
    assert len(counts(judged.outcomes, "high", timed=True)) == 1


def test_the_waiver_that_lasts_longest_covers():
    both = [waiver("TST001@asset/a", "2027-01-01", "new"), waiver("TST001@asset/a", "2026-01-01", "old")]

    assert [outcome.waiver for outcome in ask(no_owner, waivers=both).outcomes] == ["new"]


def test_a_waiver_of_one_setting_never_covers_another():
    plans = sheet({"limit": 7, "plans[x].days": 9, "plans[y].days": 9})

    assert states(ask(plan_too_long, plans, waivers=[waiver("TST001@asset/a#x")])) == {
        "TST001@asset/a#x": "waived",
        "TST001@asset/a#y": "fail",
    }


def test_a_waiver_of_the_record_does_not_cover_an_environment():
    sheets = (sheet(), sheet(environment="staging"))

    assert states(ask(no_port, *sheets, waivers=[waiver("TST001@asset/a")])) == {"TST001@asset/a/staging": "fail"}


def test_a_known_finding_fails_and_does_not_count():
    judged = ask(no_owner, known={"TST001@asset/a": "2026-01-01"})

    assert [(outcome.state, outcome.known) for outcome in judged.outcomes] == [("fail", True)]
    assert tally(judged) == {"failed": 1, "known": 1}
    assert counts(judged.outcomes, "info", timed=True) == []


def test_a_waiver_in_force_comes_before_the_list_of_known_findings():
    judged = ask(no_owner, known=["TST001@asset/a"], waivers=[waiver("TST001@asset/a")])

    assert [(outcome.state, outcome.known) for outcome in judged.outcomes] == [("waived", False)]


def test_what_only_time_made_fail_counts_where_asked():
    judged = ask(old)

    assert [len(counts(judged.outcomes, "high", timed=timed)) for timed in (False, True)] == [0, 1]


def test_what_fails_since_an_observation_went_stale_counts_where_asked():
    gone_stale = ask(low_port, sheet({"port": 80}, seen={"port": seen(5432, LONG_AGO)}))
    low_anyway = ask(low_port, sheet({"port": 80}, seen={"port": seen(443, LONG_AGO)}))

    assert [(one.state, one.timed) for one in gone_stale.outcomes] == [("fail", True)]
    assert [(one.state, one.timed) for one in low_anyway.outcomes] == [("fail", False)]


@pytest.mark.parametrize(("fail_on", "number"), [("info", 1), ("high", 1), ("critical", 0)])
def test_failures_count_from_a_severity_up(fail_on, number):
    assert len(counts(ask(no_owner).outcomes, fail_on, timed=False)) == number


def test_neither_unknown_nor_waived_counts():
    unknown = ask(low_port)
    waived = ask(no_owner, waivers=[waiver("TST001@asset/a")])

    assert counts((*unknown.outcomes, *waived.outcomes), "info", timed=True) == []


def test_a_renamed_record_keeps_its_waivers_and_its_known_findings():
    renamed = {"asset/old": "asset/mid", "asset/mid": "asset/a"}

    assert states(ask(no_owner, waivers=[waiver("TST001@asset/old")], formerly=renamed)) == {"TST001@asset/a": "waived"}
    assert ask(no_owner, known=["TST001@asset/old"], formerly=renamed).outcomes[0].known


def test_only_the_address_of_an_identity_is_renamed():
    renamed = {"asset/old": "asset/a"}

    assert current("TST001@asset/old/production#x", renamed) == "TST001@asset/a/production#x"
    assert current("TST001@asset/b#asset/old", renamed) == "TST001@asset/b#asset/a"
    assert current("TST001@asset/older#old", renamed) == "TST001@asset/older#old"
    assert current("TST001@asset/old", {"asset/old": "asset/a", "asset/a": "asset/old"}) in (
        "TST001@asset/a",
        "TST001@asset/old",
    )


def test_a_waiver_that_matches_a_failure_is_used_also_after_it_has_expired():
    sheets = (sheet(), waiver_sheet("TST001@asset/a", "used"), waiver_sheet("TST001@asset/b", "spare"))
    expired = [waiver("TST001@asset/a", "2026-01-01", "used"), waiver("TST001@asset/b", id="spare")]

    assert states(ask((no_owner, unused), *sheets, waivers=expired)) == {
        "TST001@asset/a": "fail",
        "TST002@waiver/spare": "fail",
    }


def test_a_waiver_of_what_is_not_known_is_not_called_unused():
    one = waiver_sheet("TST001@asset/a#detail", "w")

    assert states(ask((low_port, unused), sheet(), one, waivers=[waiver("TST001@asset/a#detail")])) == {
        "TST001@asset/a": "unknown"
    }


def test_a_finding_about_a_waiver_can_itself_be_waived():
    sheets = (waiver_sheet("TST001@asset/a", "one"), waiver_sheet("TST002@waiver/one", "two"))
    two = waivers_of({one.address: (one,) for one in sheets})
    judged = ask((no_owner, unused), *sheets, waivers=two)

    assert states(judged) == {"TST002@waiver/one": "waived"}
    assert tally(judged, "TST002") == {"waived": 1, "passed": 1}


def chosen(rule, expires="2026-11-24", id="w", **selector):
    return Waiver(id, "", expires, rule, {name: frozenset(said) for name, said in selector.items()})


def settle(rules, entries, *sheets, waivers):
    """What becomes of failures of records that the index knows well."""
    by_address = {one.address: (one,) for one in sheets or [sheet(address=one.address) for one in entries]}
    around = Context(TODAY, Index(entries, ()), Graph((), ()), {"freshness": "P30D"}, {})
    return states(judge(rules, by_address, around, waivers=waivers))


CACHE = Entry("asset/cache", type="cache", system="shop", owner="web", criticality="low", tags=("scratch",))
ORDERS = Entry("asset/orders", type="relational-db", system="shop", owner="orders")


@pytest.mark.parametrize(
    "selector",
    [
        {"kind": ["asset"], "type": ["cache"]},
        {"type": ["search-index", "cache"]},
        {"tags": ["scratch", "other"]},
        {"system": ["shop"], "owner": ["web"]},
        {"criticality": ["low"]},
    ],
)
def test_a_waiver_of_a_rule_accepts_what_fits_all_its_conditions_and_nothing_else(selector):
    answers = settle((no_owner,), [CACHE, ORDERS], waivers=[chosen("TST001", **selector)])

    assert answers == {"TST001@asset/cache": "waived", "TST001@asset/orders": "fail"}


@pytest.mark.parametrize(
    "selector",
    [
        {},
        {"type": ["cache"], "system": ["other"]},
        {"classification": ["public"]},
        {"environment": ["staging"]},
        {"kind": ["dependency"]},
        {"details": ["nightly"]},
    ],
)
def test_a_waiver_of_a_rule_accepts_nothing_where_one_condition_fails(selector):
    assert settle((no_owner,), [CACHE], waivers=[chosen("TST001", **selector)]) == {"TST001@asset/cache": "fail"}


def test_a_waiver_of_a_rule_says_nothing_of_another_rule():
    assert settle((no_owner,), [CACHE], waivers=[chosen("TST002", type=["cache"])]) == {"TST001@asset/cache": "fail"}


def test_a_waiver_of_a_rule_that_has_expired_accepts_nothing():
    waivers = [chosen("TST001", "2026-11-23", type=["cache"])]

    assert settle((no_owner,), [CACHE], waivers=waivers) == {"TST001@asset/cache": "fail"}


@rule("TST001", severity="high", kind="asset")
def settings_differ(asset, context):
    """Settings differ."""
    yield Hit("one", detail="max_connections")
    yield Hit("two", detail="work_mem")


@pytest.mark.parametrize(
    ("selector", "waived"),
    [
        ({"type": ["cache"]}, set()),
        ({"type": ["cache"], "details": ["work_mem"]}, {"TST001@asset/cache#work_mem"}),
    ],
)
def test_a_waiver_of_a_rule_accepts_only_the_settings_that_it_names(selector, waived):
    answers = settle((settings_differ,), [CACHE], waivers=[chosen("TST001", **selector)])

    assert {name for name, state in answers.items() if state == "waived"} == waived
    assert len(answers) == 2


def test_a_waiver_of_an_environment_accepts_what_is_found_there_only():
    sheets = [sheet({}, "asset/cache", environment) for environment in (None, "staging", "production")]
    everywhere = rule("TST001", severity="high", kind="asset", per="environment")(no_owner.function)
    around = Context(TODAY, Index([CACHE], ()), Graph((), ()), {"freshness": "P30D"}, {})
    judged = judge([everywhere], {"asset/cache": tuple(sheets)}, around, [chosen("TST001", environment=["staging"])])

    assert states(judged) == {"TST001@asset/cache/production": "fail", "TST001@asset/cache/staging": "waived"}


@rule("TST003", severity="low", kind="waiver", after=True)
def needless(waiver, context):
    """Another waiver accepts the same."""
    if found := context.overlaps.get(waiver.id):
        yield Hit(" ".join(found))


def test_of_two_waivers_of_one_finding_the_one_that_ends_first_is_needless():
    waivers = [waiver("TST001@asset/cache", "2026-12-01", "one"), chosen("TST001", "2027-01-01", "two", type=["cache"])]
    sheets = [sheet(address="asset/cache"), *(waiver_sheet("", one.id) for one in waivers)]
    around = Context(TODAY, Index([CACHE], ()), Graph((), ()), {"freshness": "P30D"}, {})
    judged = judge([no_owner, needless], {one.address: (one,) for one in sheets}, around, waivers)

    assert {one.identity: one.message for one in judged.outcomes if one.rule == "TST003"} == {
        "TST003@waiver/one": "TST001@asset/cache two"
    }
    assert judged.outcomes[0].waiver == "two"


def test_what_matters_more_and_stops_more_comes_first():
    entries = [
        Entry("asset/a", criticality="low"),
        Entry("asset/b"),
        Entry("asset/c", criticality="medium"),
        Entry("asset/d", criticality="high"),
        Entry("asset/e", criticality="high"),
    ]
    edges = [
        Edge("dependency/b-e", "asset/b", "asset/e", "reads"),
        Edge("dependency/a-b", "asset/a", "asset/b", "calls"),
    ]
    index, graph = Index(entries, ()), Graph(entries, edges)
    around = Context(TODAY, index, graph, {"freshness": "P30D"}, {}, weights=Weights(index, graph))
    judged = judge([no_owner], {entry.address: (sheet(address=entry.address),) for entry in entries}, around)

    assert [(one.subject[-1], one.criticality, one.reach) for one in judged.outcomes] == [
        ("e", "high", 2),
        ("d", "high", 0),
        ("b", "", 1),
        ("c", "medium", 0),
        ("a", "low", 0),
    ]


def test_what_is_no_asset_counts_as_what_it_is_about():
    entries = [Entry("asset/a", criticality="high"), Entry("asset/b"), Entry("baseline/a"), Entry("dependency/b-a")]
    edge = Edge("dependency/b-a", "asset/b", "asset/a", "reads", criticality="low")
    hard = edge._replace(address="dependency/b-a", criticality="critical")
    index = Index(entries, [("baseline/a", "asset", "asset/a")])
    soft, firm = (Weights(index, Graph(entries[:2], [one])) for one in (edge, hard))

    assert firm.of("baseline/a") == ("high", 1)
    assert firm.of("dependency/b-a") == ("critical", 1)
    assert soft.of("dependency/b-a") == ("low", 0)
    assert firm.of("seen/tree/db") == ("", 0)


def test_a_rule_that_breaks_is_our_bug_and_the_run_goes_on():
    judged = ask((broken, rule("TST002", severity="low", kind="asset")(no_owner.function)))

    assert states(judged) == {"TST001@asset/a": "unknown", "TST002@asset/a": "fail"}
    assert judged.outcomes[0].message == "rule TST001 failed: KeyError"
    assert len(judged.bugs) == 1
    assert "raise KeyError" in judged.bugs[0]


def test_a_condition_that_breaks_is_our_bug_too():
    judged = ask(asked_in_production)

    assert states(judged) == {"TST001@asset/a": "unknown"}
    assert "KeyError" in judged.bugs[0]


def test_a_rule_about_the_registry_that_breaks_is_recorded_there():
    @rule("TST001", severity="low", kind="")
    def breaks(context):
        """It breaks."""
        yield Hit(context.nothing)

    assert states(ask(breaks)) == {"TST001@registry": "unknown"}


def test_two_hits_of_one_identity_are_our_bug():
    @rule("TST001", severity="low", kind="asset")
    def twice(asset, context):
        """It says the same twice."""
        yield Hit("one")
        yield Hit("two")

    judged = ask(twice)

    assert [outcome.message for outcome in judged.outcomes] == ["one"]
    assert judged.bugs == ("rule TST001 yields TST001@asset/a twice: its details must tell hits apart",)


def test_a_disabled_rule_is_not_asked():
    judged = ask(no_owner, disabled={"TST001"})

    assert (judged.outcomes, judged.tallies) == ((), {})


def test_outcomes_are_ordered_by_severity_and_identity():
    worst = rule("TST009", severity="critical", kind="asset")(no_owner.function)
    judged = ask((no_owner, worst), sheet(address="asset/b"), sheet(address="asset/a"))

    assert list(states(judged)) == ["TST009@asset/a", "TST009@asset/b", "TST001@asset/a", "TST001@asset/b"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"severity": "severe", "kind": "asset"},
        {"severity": "low", "kind": "asset", "per": "team"},
        {"severity": "low", "kind": "", "needs": ("x",)},
    ],
)
def test_a_rule_that_cannot_be_asked_is_refused_when_it_is_written(wrong):
    with pytest.raises(ValueError, match="TST001: "):
        rule("TST001", **wrong)


def test_sixty_rules_cost_little_for_each_record():
    rules = tuple(
        rule(f"TST{n:03}", severity="low", kind="asset", when=(is_store if n % 3 else is_service))(no_owner.function)
        for n in range(60)
    )
    facts = {"owner": "orders", "type": "service", **{f"field{n}": n for n in range(30)}}
    sheets = {f"asset/a{n:05}": (sheet(facts, f"asset/a{n:05}"),) for n in range(2_000)}
    around = context()
    started = time.process_time()

    judged = judge(rules, sheets, around)

    assert judged.tallies["TST000"].passed == 2_000
    assert (time.process_time() - started) / 2_000 < 60e-6


def is_store(asset, context):
    return asset.get("type") == "store"


def is_service(asset, context):
    return asset.get("type") == "service"


def seeing(id, severity="high", kind="asset", sees=("settings[port].value",)):
    """A rule about a live store that passes where it can be answered."""

    @rule(id, severity=severity, kind=kind, per="environment", sees=sees)
    def asks(asset, context):
        """It asks."""
        yield from ()

    return asks


ENGINE = (seeing("PG001"), seeing("PG002", "critical", sees=("access.hba[]", "recovery.is_standby")))


def test_one_answer_stands_for_all_questions_about_a_store_at_which_nobody_looked():
    judged = ask(ENGINE, sheet({"engine": "postgresql"}), sheet(environment="live"), sheet(environment="test"))

    assert [(one.identity, one.severity, one.rules, one.message) for one in judged.outcomes] == [
        (f"PG@asset/a/{place}", "critical", ("PG001", "PG002"), "was never looked at while it runs")
        for place in ("live", "test")
    ]
    assert judged.outcomes[0].identities == ("PG001@asset/a/live", "PG002@asset/a/live")
    assert [tally(judged, name) for name in ("PG001", "PG002")] == [{"unknown": 2}, {"unknown": 2}]


def test_what_another_source_saw_is_no_look_at_the_running_store():
    judged = ask(ENGINE, sheet(seen={"engine": seen("postgresql"), "version": seen("16")}))

    assert [one.message for one in judged.outcomes] == ["was never looked at while it runs"]


def test_a_look_that_is_too_old_is_told_once():
    stale = {"settings[port].value": seen("1", LONG_AGO), "access.hba[1].type": seen("host", LONG_AGO)}
    [outcome] = ask(ENGINE, sheet(seen={**stale, "version": seen("16")})).outcomes

    assert outcome.message == "was last looked at on 2026-01-02, longer ago than P30D"


@pytest.mark.parametrize("fact", ["settings[host].value", "not_visible[access.hba].reason"])
def test_a_store_at_which_somebody_looked_is_asked_question_by_question(fact):
    judged = ask(ENGINE, sheet(seen={fact: seen("x")}))

    assert set(states(judged)) == {"PG001@asset/a", "PG002@asset/a"}
    assert all(one.rules == () for one in judged.outcomes)


def test_a_rule_whose_fact_another_source_tells_is_asked_for_itself():
    judged = ask((*ENGINE, seeing("PG003", sees=("version",))), sheet(seen={"version": seen("16")}))

    assert states(judged) == {"PG@asset/a": "unknown"}
    assert tally(judged, "PG003") == {"passed": 1}


def test_a_waiver_of_one_of_many_unknown_answers_is_not_called_unused():
    waivers = [waiver("PG001@asset/a#x", id="w"), waiver("PG009@asset/a", id="spare")]
    sheets = (sheet(), waiver_sheet("PG001@asset/a#x", "w"), waiver_sheet("PG009@asset/a", "spare"))

    assert states(ask((*ENGINE, unused), *sheets, waivers=waivers)) == {
        "PG@asset/a": "unknown",
        "TST002@waiver/spare": "fail",
    }


def test_two_thousand_stores_at_which_nobody_looked_are_light():
    rules = tuple(seeing(f"PG{number:03}") for number in range(50))
    sheets = [sheet(address=f"asset/a{number:04}") for number in range(2000)]
    started = time.process_time()

    judged = ask(rules, *sheets)

    assert len(judged.outcomes) == 2000
    assert len({id(one.rules) for one in judged.outcomes}) == 1
    assert sum(one.unknown for one in judged.tallies.values()) == 100_000
    assert time.process_time() - started < 3

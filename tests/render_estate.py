"""Audits to render, judged by the real rules: a small estate of a shop, and one in which every text is hostile."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import planted
import render_live
from stocktake.load.files import Tree
from stocktake.load.schemas import read_schemas
from stocktake.model.audit import Audit
from stocktake.model.estate import Change, Estate
from stocktake.model.observation import (
    NOT_LOOKED,
    SEEN,
    Evidence,
    ExposedSecret,
    Observation,
    SeenEdge,
    Thing,
    Unreadable,
)
from stocktake.model.record import Record
from stocktake.model.settings import Settings, Source
from stocktake.pipeline.audit import Revision, audit

ROOT = Path(__file__).parents[1]
TODAY = date(2026, 11, 24)
SCHEMAS = read_schemas(Tree(str(ROOT / "schemas")))
HOSTILE = (
    "</title></textarea><script>window.canary=1</script><img src=x onerror=window.canary=1><svg onload=window.canary=1>"
    "\"'&lt;b&gt; | ` ``` [x](javascript:window.canary=1) ![i](//evil.example/i.png) *b* _i_ {{ 7*7 }} ${x} $x$ -->\n\n"
    "# heading\n\n<script>window.canary=1</script>\n```\n"
    '"]; evil [label="x", URL="javascript:window.canary=1"]; \\N \\G end\n'
    'click a "javascript:window.canary=1" ::error::no %0A ; #35; ]]> \u202e\u200b\x1b[31m <!-- '
)


def record(address: str, data: Mapping[str, Any], body: str = "") -> Record:
    """A record as if it were loaded."""
    kind, _, name = address.partition("/")
    found = SCHEMAS.kind(kind)
    ending = "md" if found.format == "markdown" else "yaml"
    return Record(kind, name, f"{found.folder}/{name}.{ending}", data, body)


def judged(
    records: Iterable[Record],
    observations: tuple[Observation, ...] = (),
    settings: Settings | None = None,
    revision: Revision | None = None,
    today: date = TODAY,
) -> Audit:
    """The audit of some records; a rule that fails fails the test."""
    estate = Estate(records, SCHEMAS.kinds(), SCHEMAS.groups, settings or Settings(), observations)
    found, bugs = audit(estate, today, revision=revision)
    assert not bugs, bugs[0]
    return found


def empty() -> Audit:
    """A registry without any record."""
    return judged(())


def whole(today: date = TODAY) -> Audit:
    """The shop with a record of each kind that it does not need itself."""
    return shop(today, [record(address, data) for address, data in OTHERS.items()])


def shop(today: date = TODAY, others: Iterable[Record] = ()) -> Audit:
    """A store that is backed up and seen, one that is neither, who uses them, and what was decided about them."""
    records = [
        *others,
        record("team/data", {"name": "Data", "handle": "@data", "members": {"ada": {"handle": "@ada"}}}),
        record("system/shop", {"name": "Shop", "owner": "data", "criticality": "high", "description": "Sells things."}),
        record("asset/orders-db", ORDERS),
        record("asset/index", INDEX),
        record("asset/api", {"name": "API", "type": "api", "owner": "data", "system": "shop", "criticality": "high"}),
        record("asset/pay", {"name": "Payments", "type": "external-api", "owner": "data"}),
        record("dependency/api-orders", dependency("api", "orders-db", "reads-writes", criticality="critical")),
        record("dependency/api-index", dependency("api", "index", "reads", criticality="low", fallback="none needed")),
        record("dependency/api-pay", dependency("api", "pay", "calls", direction="source-to-destination")),
        record("baseline/orders", render_live.BASELINE),
        record(
            "baseline/staging", {"asset": "orders-db", "environment": "staging", "settings": {"ssl": {"value": "on"}}}
        ),
        *(record(f"drill/{name}", render_live.drill(**data)) for name, data in render_live.DRILLS.items()),
        record("waiver/old", waiver("BKP001@asset/index", "2020-01-01")),
        record("waiver/now", waiver("BKP001@asset/index", "2027-01-01")),
        record("finding/one", {"about": "asset/orders-db", "severity": "high", "status": "open", "owner": "data"}),
        record(
            "runbook/restore",
            {"name": "Restore", "status": "active", "about": ["asset/orders-db"]},
            "# Steps\n\n1. Go.\n",
        ),
        record(
            "adr/0001-one",
            {"name": "One store", "status": "superseded", "date": "2025-01-01"},
            "See [two](0002-two.md).",
        ),
        record(
            "adr/0002-two",
            {
                "name": "Two stores",
                "status": "accepted",
                "date": "2026-01-01",
                "supersedes": ["0001-one"],
                "about": ["asset/orders-db"],
            },
            "Better than [one](0001-one.md), see [it](../registry/assets/orders-db.yaml) and [nothing](gone.md).",
        ),
    ]
    settings = Settings(
        name="Shop data",
        environments=("development", "staging", "production"),
        sources=(Source("shop", "examples/shop", "production"), Source("later", "elsewhere")),
        repository="https://git.example/shop",
    )
    history = {record.path: Change("Ada", 1_790_000_000, "0123456789abcdef", "Describe it") for record in records}
    history["observed/orders-db-production.json"] = Change("Bot", 1_795_000_000, "0123456789abcdef", "Look again")
    return judged(
        records,
        (_seen(), *render_live.shop(TODAY)),
        settings,
        Revision(history, "0123456789abcdef", "2026-11-23"),
        today,
    )


OTHERS: Mapping[str, Mapping[str, Any]] = {
    "flow/order": {
        "name": "An order",
        "trigger": "Somebody buys",
        "steps": [{"dependency": "api-pay", "description": "Is paid"}, {"dependency": "api-orders"}],
        "criticality": "high",
        "owner": "data",
    },
    "source/talk": {
        "name": "A talk",
        "method": "interview",
        "when": "2026-11-10",
        "by": "Ada",
        "about": ["asset/orders-db", "flow/order"],
        "claims": ["Orders are kept for ten years."],
        "questions": ["Who deletes them then?"],
    },
    "risk/loss": {
        "name": "Orders are lost",
        "statement": "Because the programs own the store, a mistake may delete a day of orders.",
        "about": ["asset/orders-db", "dependency/api-orders"],
        "likelihood": "unlikely",
        "impact": "major",
        "inherent": "high",
        "residual": "medium",
        "treatment": "mitigate",
        "vulnerabilities": {"owner": {"description": "It needs less.", "status": "open", "finding": "one"}},
        "status": "open",
        "owner": "data",
        "review_date": "2027-03-31",
    },
    "change/key": {
        "name": "A new key",
        "about": ["asset/orders-db", "asset/api"],
        "type": "standard",
        "risk": "low",
        "owner": "data",
        "approver": "Ada",
        "approved": "2026-09-11",
        "rollout": ["Write the new key", "Start anew"],
        "rollback": ["Write the old key"],
        "done": "2026-09-15",
        "outcome": "succeeded-with-issues",
    },
    "incident/late": {
        "name": "Orders were late",
        "about": ["asset/api", "flow/order"],
        "severity": "medium",
        "status": "closed",
        "owner": "data",
        "started": "2026-09-15T07:41Z",
        "detected": "2026-09-15T08:15Z",
        "resolved": "2026-09-15T08:38Z",
        "impact": "Nine orders were late.\n",
        "timeline": [{"at": "2026-09-15T07:41Z", "what": "It stops"}, {"at": "2026-09-15T08:38Z", "what": "It runs"}],
        "cause": "The old key was still in use.\n",
        "caused_by": "key",
        "runbooks": ["restore"],
        "lessons": ["The alarm came late."],
        "actions": {"list-users": {"description": "Name who uses it", "status": "open", "due": "2027-01-31"}},
    },
    "review/edges": {
        "name": "Dependencies",
        "type": "dependency",
        "period": "2026-11-09/2026-11-12",
        "scope": ["system/shop"],
        "owner": "data",
        "participants": ["Ada"],
        "checklist": {
            "P2.8": {"result": "pass", "note": "All are rated"},
            "Fallbacks": {"result": "fail", "note": "None was tried", "finding": "one"},
        },
        "sampled": ["dependency/api-orders", "incident/late"],
        "state": "done",
        "decisions": ["It is asked again in a year."],
        "debrief": "Told to Data.\n",
    },
}
INDEX: Mapping[str, Any] = {
    "name": "Search index",
    "type": "search-index",
    "system": "shop",
    "criticality": "low",
    "instances": {"production": {"connection": "INDEX_URL", "failure_domain": "rack-1"}},
}
ORDERS: Mapping[str, Any] = {
    "name": "Orders database",
    "aliases": ["ledger", "orders_main"],
    "formerly": ["order-db"],
    "description": "Everything that was *ordered*. See [the manual](https://manual.example/orders).",
    "type": "relational-db",
    "engine": "postgresql",
    "version": "15",
    "owner": "data",
    "system": "shop",
    "criticality": "critical",
    "classification": "confidential",
    "reviewed": "2026-10-01",
    "identifiers": ["compose:shop/orders-db"],
    "links": [{"title": "Dashboard", "url": "https://dash.example/1"}, {"title": "Trap", "url": "javascript:alert(1)"}],
    "datasets": {"public.orders": {"owner": "data", "classification": "confidential", "purpose": "Orders"}},
    "backup": {
        "rpo": "PT8H",
        "rto": "PT10M",
        "plans": {"nightly": {"kind": "logical-dump", "schedule": "0 2 * * *", "target": "index"}},
    },
    "instances": {
        "production": {
            "host": "db-1",
            "endpoint": "db-1:5432/orders",
            "connection": "ORDERS_URL",
            "failure_domain": "rack-1",
        },
        "staging": {"host": "db-2", "connection": "STAGING_URL"},
    },
}


def dependency(source: str, target: str, type_: str, **more: str) -> Mapping[str, Any]:
    """The content of a dependency."""
    return {"from": source, "to": target, "type": type_, **more}


def waiver(target: str, expires: str) -> Mapping[str, Any]:
    """The content of a waiver."""
    return {"target": target, "reason": "It is a copy.", "owner": "data", "approver": "data", "expires": expires}


def _seen() -> Observation:
    evidence = (Evidence("compose.yaml", 12),)
    things = (
        Thing(
            "orders-db",
            "orders-db",
            ("compose:shop/orders-db",),
            (),
            {"type": "relational-db", "engine": "postgresql", "version": "16"},
            evidence,
        ),
        Thing("queue", "queue", ("compose:shop/queue",), ("api",), {"type": "message-queue"}, evidence, 0.6),
    )
    edges = (SeenEdge("queue", "orders-db", "reads", evidence),)
    return Observation(
        "shop", "files", "0.1", SEEN, things, edges, scopes=("compose:shop/",), environment="production", looked=TODAY
    )


def hostile() -> Audit:
    """Hostile text in every field that can hold text, in observations, settings and Git history."""
    records = [record(f"{kind}/{name}", data, body) for kind, name, data, body in _hostile_records()]
    records += _hostile_everywhere()
    evidence = (Evidence(HOSTILE, 3),)
    facts = {"type": HOSTILE, "version": HOSTILE, HOSTILE: HOSTILE, "engine": HOSTILE}
    things = (
        Thing(HOSTILE, HOSTILE, ("compose:x/a",), (HOSTILE,), facts, evidence, 0.3),
        Thing(f"{HOSTILE}2", HOSTILE, ("compose:x/unknown",), (HOSTILE,), facts, evidence),
    )
    edges = (SeenEdge(HOSTILE, f"{HOSTILE}2", "reads", evidence),)
    observations = (
        Observation(
            HOSTILE,
            HOSTILE,
            HOSTILE,
            SEEN,
            things,
            edges,
            (ExposedSecret(HOSTILE, 1, HOSTILE),),
            (Unreadable(HOSTILE, 1, HOSTILE),),
            environment=HOSTILE,
            looked=TODAY,
        ),
        Observation("b", "c", "1", NOT_LOOKED, reason=HOSTILE),
        *render_live.hostile(HOSTILE, TODAY),
    )
    settings = Settings(HOSTILE, (HOSTILE,), (Source(HOSTILE, HOSTILE),), repository=f"https://x.example/{HOSTILE}")
    history = {item.path: Change(HOSTILE, 1_790_000_000, HOSTILE, HOSTILE) for item in records}
    return judged(records, observations, settings, Revision(history, HOSTILE, HOSTILE))


def every(kind: str) -> str:
    """The record of a kind in which each field of its schema is hostile."""
    return f"{kind}/0009-every" if SCHEMAS.kind(kind).numbered else f"{kind}/every"


def _hostile_everywhere() -> Iterable[Record]:
    """Hostile text in each field of each kind that its schema knows, also where it would refuse it: what keeps a page
    safe is not the schema. Words of lists are what rules count on.
    """
    for name, kind in sorted(SCHEMAS.kinds().items()):
        data = planted.filled(kind, lambda pattern: HOSTILE, lambda kind: every(kind).partition("/")[2])
        links = [{"title": HOSTILE, "url": HOSTILE}, {"title": HOSTILE, "url": "javascript:window.canary=1"}]
        known = {"dependency": {"from": "a", "to": "every", "type": "reads"}, "asset": {"type": "relational-db"}}
        in_use = {"lifecycle": "production"} if "lifecycle" in data else {}
        yield record(every(name), {**data, **in_use, **known.get(name, {}), "links": links}, HOSTILE)


def _hostile_records() -> Iterable[tuple[str, str, Mapping[str, Any], str]]:
    common = {
        "name": HOSTILE,
        "description": HOSTILE,
        "tags": [HOSTILE],
        "labels": {HOSTILE: HOSTILE},
        "aliases": [HOSTILE],
        "links": [{"title": HOSTILE, "url": "javascript:window.canary=1"}, {"title": HOSTILE, "url": HOSTILE}],
    }
    facts = {"owner": "x", "system": "x", "engine": HOSTILE, "version": HOSTILE, "host": HOSTILE, "reviewed": HOSTILE}
    keyed = {"datasets": {HOSTILE: {"purpose": HOSTILE, "owner": HOSTILE}}, "identifiers": ["compose:x/a"]}
    backup = {"backup": {"rpo": HOSTILE, "plans": {HOSTILE: {"method": HOSTILE, "target": HOSTILE}}}}
    instances = {"instances": {HOSTILE: {"host": HOSTILE, "endpoint": HOSTILE}, "other": {"version": HOSTILE}}}
    store = {**common, **facts, **keyed, **backup, **instances}
    yield "asset", "a", {**store, "type": "relational-db", "criticality": "critical"}, ""
    yield (
        "asset",
        "b",
        {**common, "type": "api", "criticality": HOSTILE, "classification": HOSTILE, "lifecycle": HOSTILE},
        "",
    )
    yield "system", "x", {**common, "owner": "x", "domain": HOSTILE, "environments": [HOSTILE]}, ""
    yield "team", "x", {**common, "contact": HOSTILE, "handle": HOSTILE, "members": {HOSTILE: {"role": HOSTILE}}}, ""
    yield "dependency", "d", {**common, **dependency("b", "a", "reads", fallback=HOSTILE, protocol=HOSTILE)}, ""
    yield (
        "baseline",
        "p",
        {**common, "asset": "a", "environment": HOSTILE, **render_live.hostile_baseline(HOSTILE)},
        "",
    )
    yield (
        "waiver",
        "w",
        {
            **common,
            "target": HOSTILE,
            "reason": HOSTILE,
            "owner": HOSTILE,
            "approver": HOSTILE,
            "expires": "2027-01-01",
        },
        "",
    )
    yield (
        "finding",
        "f",
        {**common, "about": "asset/a", "severity": HOSTILE, "status": HOSTILE, "evidence": HOSTILE},
        "",
    )
    yield "drill", "z", {**common, **render_live.hostile_drill(HOSTILE)}, ""
    steps = [{"dependency": "d", "description": HOSTILE}, {"dependency": HOSTILE, HOSTILE: HOSTILE}, HOSTILE]
    yield "flow", "way", {**common, "trigger": HOSTILE, "steps": steps, "data_classes": [HOSTILE]}, ""
    yield "source", "s", {**common, "method": HOSTILE, "where": HOSTILE, "claims": [HOSTILE, HOSTILE]}, ""
    weak = {HOSTILE: {"status": HOSTILE, "finding": HOSTILE, "description": HOSTILE}}
    rated = dict.fromkeys(("statement", "likelihood", "impact", "inherent", "residual", "treatment", "status"), HOSTILE)
    yield "risk", "k", {**common, **rated, "about": ["asset/a", HOSTILE], "vulnerabilities": weak}, ""
    yield "change", "c", {**common, "about": [HOSTILE], "type": HOSTILE, "rollout": [HOSTILE], "outcome": HOSTILE}, ""
    told = {"timeline": [{"at": HOSTILE, "what": HOSTILE}, {HOSTILE: [HOSTILE]}], "cause": HOSTILE}
    yield "incident", "i", {**common, **told, "about": [HOSTILE], "severity": HOSTILE, "status": HOSTILE}, ""
    asked = {HOSTILE: {"result": HOSTILE, "note": HOSTILE, "finding": HOSTILE}}
    yield "review", "v", {**common, "scope": [HOSTILE], "state": HOSTILE, "checklist": asked, "debrief": HOSTILE}, ""
    yield "runbook", "r", {**common, "status": HOSTILE, "about": ["asset/a", HOSTILE]}, HOSTILE
    yield "adr", "0001-x", {**common, "status": HOSTILE, "date": HOSTILE, "about": ["asset/a", HOSTILE]}, HOSTILE

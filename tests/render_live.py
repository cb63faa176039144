"""What is seen of running stores, what baselines say of them and how restore drills went: for a shop, and hostile."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from stocktake.model.observation import NOT_LOOKED, PARTIAL, SEEN, Observation, Thing
from stocktake.values.name import encode_key

Facts = dict[str, Any]


def setting(name: str, value: str, **more: Any) -> Facts:
    """One setting as a probe tells it."""
    parts = {"value": value, **more}
    return {f"settings[{encode_key(name)}].{part}": content for part, content in parts.items()}


def role(name: str, **more: Any) -> Facts:
    """One role as a probe tells it."""
    rights = dict.fromkeys(("superuser", "createrole", "createdb", "replication", "bypassrls"), False)
    parts = {"login": True, "connection_limit": -1, **rights, **more}
    return {f"access.principals[{encode_key(name)}].{part}": content for part, content in parts.items()}


def table(name: str, *columns: str, **more: Any) -> Facts:
    """One table as a probe tells it."""
    parts = {"kind": "table", "columns": list(columns), "keys": [], "indexes": [], **more}
    return {f"schema.tables[{encode_key(name)}].{part}": content for part, content in parts.items()}


def rule(number: str, **parts: Any) -> Facts:
    """One authentication rule as a probe tells it."""
    return {f"access.hba[{number}].{part}": content for part, content in parts.items()}


PRODUCTION: Facts = {
    "engine": "postgresql",
    "version": "16.4",
    "access.encryption_in_transit": "tls",
    **setting("max_connections", "200", source="configuration file", default="100"),
    **setting("shared_buffers", "256MB", unit="8kB", source="configuration file", default="128MB"),
    **setting("work_mem", "8MB", unit="kB", source="configuration file", default="4MB"),
    **setting("wal_level", "replica", pending_restart=True, source="configuration file"),
    **setting("log_connections", "on", source="configuration file", default="off"),
    **setting("ssl", "on", source="configuration file", default="off"),
    **role("postgres", superuser=True, createrole=True, createdb=True, replication=True, bypassrls=True),
    **role("orders_api", roles=["writers"]),
    **role("reporting", roles=['"old admins" with admin'], valid_until="2026-01-31"),
    **role("old admins", superuser=True, login=False),
    **role("writers", login=False),
    "access.grants": [
        "DELETE, INSERT, SELECT, UPDATE ON TABLE orders.public.orders TO writers",
        "SELECT (id, state) ON TABLE orders.public.orders TO reporting",
        'SELECT ON TABLE orders.public."left TO right" TO "old admins" WITH GRANT OPTION',
        "USAGE ON SCHEMA orders.public TO PUBLIC",
    ],
    **rule("0001", type="local", database=["all"], user=["all"], method="trust"),
    **rule("0002", type="hostssl", database=["orders"], user=["all"], address="10.0.0.0/8", method="scram-sha-256"),
    **table("orders.public.orders", "id bigint not null", "state text", "notes text"),
    **table("orders.public.scratch", "a integer"),
    "not_visible[access.principals%5B%5D.password].reason": "the role may not read it",
    "not_read[schema.tables%5Borders.public.locked%5D].reason": "locked by somebody else",
}
STAGING: Facts = {
    "engine": "postgresql",
    "version": "16.4",
    **setting("max_connections", "50", source="configuration file", default="100"),
    **setting("shared_buffers", "32768", unit="8kB", source="configuration file", default="128MB"),
    **setting("work_mem", "4MB", unit="kB"),
    **setting("log_connections", "off"),
    **setting("ssl", "on", source="configuration file", default="off"),
}
DEVELOPMENT: Facts = {
    "engine": "opensearch",
    **setting("max_connections", "20", source="configuration file", default="100"),
    **setting("ssl", "on", source="configuration file", default="off"),
    **role("dev", createdb=True),
}
BASELINE: Mapping[str, Any] = {
    "name": "Orders database in production",
    "asset": "orders-db",
    "environment": "production",
    "settings": {
        "max_connections": {"value": 100},
        "shared_buffers": {"value": "262144kB"},
        "work_mem": {"value": "4MB"},
        "wal_level": {"value": "replica"},
        "track_io_timing": {"value": "on"},
        "app_password": {"secret_ref": "vault:orders", "plane": "secret"},
    },
    "access": {
        "principals": {
            "postgres": {"superuser": True, "type": "break-glass"},
            "orders_api": {"type": "service", "owner": "data", "roles": ["writers"]},
            "reporting": {"type": "service"},
            "writers": {"login": False},
            "auditor": {"type": "human"},
        },
        "grants": ["INSERT, SELECT, UPDATE ON TABLE orders.public.orders TO writers"],
    },
    "schema": {"tables": {"orders.public.orders": {"columns": ["id bigint not null", "state integer"]}}},
    "expected_differences": {
        "work_mem": {"reason": "More memory until the report is rewritten.", "expires": "2026-12-31"},
        "max_connections": {"environment": "staging", "reason": "A tenth of the traffic.", "expires": "2026-12-31"},
    },
}
DRILLS: Mapping[str, Mapping[str, Any]] = {
    "orders-production-2026-11-20": {
        "result": "passed",
        "failure_cause": "none",
        "started": "2026-11-20T09:00:00Z",
        "finished": "2026-11-20T09:12:00Z",
        "measured_rto": "PT12M",
        "measured_rpo": "PT7H",
        "next_due": "2027-11-20",
        "evidence": "docs/drills/orders.md",
        "checks": {
            "integrity": {"result": "pass", "message": "every page was read"},
            "counts": {"result": "pass", "message": "as many rows as the source has"},
            "erasure": {"result": "not-applicable", "message": "nothing to erase"},
        },
    },
    "orders-production-2025-05-02": {
        "result": "failed",
        "failure_cause": "corruption",
        "started": "2025-05-02T09:00:00Z",
        "finished": "2025-05-02T09:03:00Z",
        "measured_rto": "not-measured",
        "measured_rpo": "PT31H",
        "next_due": "2025-05-02",
        "checks": {"restore": {"result": "fail", "message": "could not read block 7"}},
    },
}


def drill(**more: Any) -> Mapping[str, Any]:
    """A drill of the shop's one plan."""
    common = {"asset": "orders-db", "environment": "production", "plan": "nightly", "backup_set": "orders.dump"}
    told = {"backups": {}, "type": "full-restore", "evidence": "observed/drills/orders.jsonl"}
    return {**common, **told, **more}


def seen(
    asset: str, environment: str, facts: Facts, looked: date, status: str = PARTIAL, reason: str = ""
) -> Observation:
    """One look at one store."""
    thing = Thing(asset, asset, (f"record:asset/{asset}",), (), facts)
    return Observation(
        f"{asset}-{environment}", "observe", "0.1", status, (thing,), environment=environment, role="stocktake",
        reason=reason, looked=looked,
    )  # fmt: skip


def shop(today: date) -> tuple[Observation, ...]:
    """One store today and lately, a search index too long ago, and where nobody could reach it."""
    refused = "access.principals[].password not visible: the role may not read it"
    return (
        seen("orders-db", "production", PRODUCTION, today, reason=refused),
        seen("orders-db", "staging", STAGING, date(2026, 11, 1), SEEN),
        seen("index", "development", DEVELOPMENT, date(2026, 3, 1), SEEN),
        Observation(
            "index-production", "observe", "0.1", NOT_LOOKED, environment="production", reason="connection refused"
        ),
    )


def hostile(text: str, today: date) -> tuple[Observation, ...]:
    """A store in which every name and every value is hostile."""
    key = encode_key(text)
    facts = {
        "engine": "postgresql",
        **setting(text, text, source=text, unit=text),
        **setting("max_connections", text, source="configuration file"),
        **role(text, superuser=True, roles=[text, f'"{text}" with admin'], valid_until=text, password=text),
        "access.grants": [f"SELECT ON TABLE {text} TO {text}", f'SELECT ON TABLE x TO "{text}"', text],
        **{f"access.hba[0001].{part}": text for part in ("type", "database", "user", "address", "method")},
        **table(text, text, keys=[text], indexes=[text]),
        **table("there", f"{text} integer", keys=[f"{text}: {text}"], indexes=[f"{text}: {text}"]),
        "access.encryption_in_transit": text,
        f"not_visible[{key}].reason": text,
        f"not_read[access.{key}].reason": text,
    }
    return (seen("a", text, facts, today, reason=text),)


def hostile_baseline(text: str) -> Mapping[str, Any]:
    """A baseline that differs from it in every area."""
    return {
        "settings": {text: {"value": "1"}, f"{text}2": {"value": text}, "max_connections": {"value": "1"}},
        "access": {
            "principals": {text: {"login": False}, f"{text}2": {"type": text, "owner": text}},
            "grants": [f"INSERT ON TABLE {text} TO {text}"],
        },
        "schema": {"tables": {"there": {"columns": ["a integer"], "keys": [text]}, f"{text}3": {"columns": [text]}}},
        "expected_differences": {
            text: {"reason": text, "expires": text},
            "max_connections": {"environment": text, "reason": text, "expires": text},
        },
    }


def hostile_drill(text: str) -> Mapping[str, Any]:
    """A drill in which every text is hostile."""
    parts = ("backup_set", "type", "started", "finished", "measured_rto", "measured_rpo", "result", "failure_cause")
    checks = {text: {"result": text, "message": text}, "integrity": {"result": "fail", "message": text}}
    return {
        **dict.fromkeys(parts, text),
        "asset": "a",
        "environment": text,
        "plan": text,
        "checks": checks,
        "evidence": text,
        "next_due": text,
    }

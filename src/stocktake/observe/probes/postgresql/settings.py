"""Every setting with its value, unit and source, and what roles and databases set for their own sessions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stocktake.model.noise import SESSION_SOURCES
from stocktake.observe.look import OWN, Fact, Look
from stocktake.observe.probes.words import path
from stocktake.observe.query import Options, Query, Row
from stocktake.values.name import encode_key

# Asked before the session sets anything of its own, which would stand in the place of the server's values.
SETTINGS = Query(
    "settings",
    "settings",
    """
    SELECT s.name::text AS name, s.setting AS setting, s.unit AS unit, s.source AS source, s.boot_val AS boot_val,
           s.pending_restart AS pending_restart
    FROM pg_catalog.pg_settings s
    """,
    bare=True,
)
READS_ALL = Query(
    "reads_all_settings",
    "settings",
    "SELECT pg_has_role(current_user, 'pg_read_all_settings', 'USAGE') AS reads_all",
)
ROLE_SETTINGS = Query(
    "role_settings",
    "role_settings",
    """
    SELECT coalesce(r.rolname, '')::text AS role, coalesce(d.datname, '')::text AS database, s.setconfig AS values
    FROM pg_db_role_setting s
    LEFT JOIN pg_roles r ON r.oid = s.setrole
    LEFT JOIN pg_database d ON d.oid = s.setdatabase
    """,
)
QUERIES = (SETTINGS, READS_ALL, ROLE_SETTINGS)

# What belongs to each session or transaction alone.
_NONE = frozenset(
    {"application_name", "client_encoding", "transaction_deferrable", "transaction_isolation", "transaction_read_only"}
)
_OURS = "default_transaction_read_only"
_MEMORY = (("TB", 1024**4), ("GB", 1024**3), ("MB", 1024**2), ("kB", 1024), ("B", 1))
_TIME = (("d", 86_400_000_000), ("h", 3_600_000_000), ("min", 60_000_000), ("s", 1_000_000), ("ms", 1000), ("us", 1))
_UNITS: Mapping[str, tuple[tuple[str, int], ...]] = {
    **{unit: _MEMORY for unit, _ in _MEMORY},
    **{unit: _TIME for unit, _ in _TIME},
}


def facts(look: Look, options: Options) -> Iterator[Fact]:
    """`settings[NAME].*` and `role_settings[ROLE@DATABASE].values`."""
    for row in look.rows(SETTINGS):
        if row["name"] in _NONE:
            continue
        if row["source"] not in SESSION_SOURCES:
            yield from _setting(row)
        else:
            reason = OWN if row["name"] == _OURS else f"this session has a value of its own (source: {row['source']})"
            look.gap("not_visible", f"settings[{encode_key(row['name'])}]", reason)
    for row in look.rows(READS_ALL):
        if not row["reads_all"]:
            reason = "some settings are shown to members of pg_read_all_settings only"
            look.gap("not_visible", "settings", reason)
    for row in look.rows(ROLE_SETTINGS):
        yield f"role_settings[{_who(row)}].values", sorted(row["values"])


def _who(row: Row) -> str:
    role, database = (path(row[name]) if row[name] else "" for name in ("role", "database"))
    return encode_key(f"{role}@{database}")


def _setting(row: Row) -> Iterator[Fact]:
    """For `tcp_` settings that nobody set, the server shows what the system does on the line of this session."""
    name = f"settings[{encode_key(row['name'])}]"
    unit = row["unit"] or ""
    default = canonical(row["boot_val"], unit)
    is_of_the_line = row["name"].startswith("tcp_") and row["source"] == "default"
    value = default if is_of_the_line else canonical(row["setting"], unit)
    yield f"{name}.value", value
    if unit:
        yield f"{name}.unit", unit
    if row["source"] != "default":
        yield f"{name}.source", row["source"]
    if default != value:
        yield f"{name}.default", default
    if row["pending_restart"]:
        yield f"{name}.pending_restart", True


def canonical(setting: Any, unit: str) -> str:
    """A number and its unit in the words of SHOW: 16384 times 8kB is 128MB; nothing is `""`."""
    text = "" if setting is None else str(setting)
    digits = unit.rstrip("kMGTBdhminsu")
    base = unit[len(digits) :]
    scale = _UNITS.get(base)
    if scale is None or not _is_positive(text):
        return text
    size = dict(scale)[base] * int(digits or 1)
    exact = float(text) * size if "." in text or "e" in text else int(text) * size
    for word, worth in scale:
        if worth <= exact and exact % worth == 0:
            return f"{int(exact // worth)}{word}"
    word, worth = next((word, worth) for word, worth in scale if worth <= max(exact, 1))
    return f"{exact / worth:g}{word}"


def _is_positive(text: str) -> bool:
    try:
        return float(text) > 0
    except ValueError:
        return False

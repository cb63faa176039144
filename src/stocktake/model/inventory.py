"""The inventory sheet of the audit plan: every asset with its type, owner, sensitivity, backup and last review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from stocktake.model.audit import Audit
from stocktake.model.outcome import FAIL, UNKNOWN, WAIVED, Outcome
from stocktake.model.sheet import Sheet
from stocktake.values.name import encode_key

# What the audit plan names comes first, in its order; what it asks of an inventory besides follows.
COLUMNS = (
    *("asset", "type", "owner", "sensitivity", "backup status", "last reviewed"),
    *("name", "system", "criticality", "lifecycle", "environments", "version", "location", "connection method"),
    *("access", "datasets", "last seen", "confidence", "failures", "questions without an answer"),
)
NOT_KNOWN = "not known"
_NO_PLAN = "BKP001"  # the rule that asks for a plan; it leaves out what only holds copies


def rows(audit: Audit) -> Iterator[tuple[Any, ...]]:
    """One row for each asset under `COLUMNS`, with what is known today: seen lately, else declared."""
    outcomes: dict[str, list[Outcome]] = {}
    for outcome in audit.outcomes:
        outcomes.setdefault(outcome.subject, []).append(outcome)
    addresses = sorted(address for address in audit.sheets if address.startswith("asset/"))
    return (_row(audit, audit.sheets[one], outcomes.get(one, [])) for one in addresses)


def _row(audit: Audit, sheets: tuple[Sheet, ...], outcomes: list[Outcome]) -> tuple[Any, ...]:
    own = sheets[0]
    seen = [fact for sheet in sheets for fact in sheet.seen.values() if fact.fresh]
    days = [fact.day for fact in seen if fact.day]
    return (
        own.id,
        *(own.get(name) or NOT_KNOWN for name in ("type", "owner", "classification")),
        _backup(audit, sheets, outcomes),
        own.get("reviewed") or "never",
        audit.estate.by_address[own.address].name,
        *(own.get(name) for name in ("system", "criticality", "lifecycle")),
        _every(sheet.environment for sheet in sheets),
        _every(" ".join(str(sheet[name]) for name in ("engine", "version") if name in sheet) for sheet in sheets),
        _every(" ".join(str(sheet[name]) for name in ("region", "zone", "host") if name in sheet) for sheet in sheets),
        _every(sheet.get("endpoint") for sheet in sheets),
        _every(sheet.get("access.method") for sheet in sheets),
        _every(key for sheet in sheets for key in sheet.keys("datasets[]")),
        max(days).isoformat() if days else "never",
        _level(max(fact.confidence for fact in seen)) if seen else None,
        sum(outcome.state == FAIL for outcome in outcomes),
        sum(len(outcome.asked) for outcome in outcomes if outcome.state == UNKNOWN),
    )


def _every(values: Iterable[Any]) -> str | None:
    """What holds in one environment or another; this is a sheet to read, `asset` has every value as it is."""
    return "; ".join(sorted({str(value) for value in values if value})) or None


def _level(confidence: float) -> str:
    return "high" if confidence >= 0.8 else "medium" if confidence >= 0.5 else "low"


def _backup(audit: Audit, sheets: tuple[Sheet, ...], outcomes: list[Outcome]) -> str:
    if sheets[0].get("type") not in audit.estate.groups.get("stores", frozenset()):
        return "no store"
    plans = {plan for sheet in sheets for plan in sheet.keys("backup.plans[]")}
    states = {outcome.state for outcome in outcomes if outcome.rule == _NO_PLAN}
    if FAIL in states or not plans:
        words = "no plan" if not plans else "no plan in some environment"
        if not any(rule.id == _NO_PLAN for rule in audit.rules):
            return f"{words}, not judged"  # the rule is switched off
        return f"{words}, waived" if states == {WAIVED} else words if states else "none asked for"
    count = f"{len(plans)} plan{'s' * (len(plans) != 1)}"
    drills = sorted(_drills(sheets, plans))
    if not drills:
        return f"{count}, never restored"
    where = [sheet for sheet in sheets[1:] if sheet.keys("backup.plans[]") and not [*_drills((sheet,), plans)]]
    never = f", never in {' or '.join(str(sheet.environment) for sheet in where)}" if where else ""
    return f"{count}, restored {drills[-1][0]}: {drills[-1][1]}{never}"


def _drills(sheets: tuple[Sheet, ...], plans: set[str]) -> Iterator[tuple[str, str]]:
    """Day and result of the restore drills that are known."""
    for sheet in sheets:
        for plan in plans:
            drill = f"backup.plans[{encode_key(plan)}].drill"
            if finished := sheet.get(f"{drill}.finished"):
                yield str(finished)[:10], str(sheet.get(f"{drill}.result") or NOT_KNOWN)

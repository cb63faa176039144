"""The check-list for retiring a record, each step answered from what is declared and what was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from stocktake.analyse.reliance import Reliance, lately, open_about, relying, runbooks
from stocktake.model.audit import Audit, EdgeVerdict
from stocktake.model.record import Record
from stocktake.model.retirement import VOUCHED, vouched
from stocktake.values import duration
from stocktake.values.name import encode_key
from stocktake.values.text import listed

DONE, NOT_DONE, UNKNOWN, NOT_NEEDED = "done", "not done", "unknown", "not needed"
NAMED_AT_MOST = 5


class Step(NamedTuple):
    """One step: what is to be true, whether it is, why we think so, and the field that says it."""

    name: str
    title: str
    answer: str
    reason: str
    field: str = ""


class Case(NamedTuple):
    """The record that is to be retired, with what its own file says of it."""

    audit: Audit
    record: Record
    retirement: Mapping[str, Any]
    reliance: tuple[Reliance, ...]


Answer = tuple[str, str]


def steps(audit: Audit, record: Record) -> tuple[Step, ...]:
    """The check-list for one record, in the order in which it is worked off."""
    retirement = record.data.get("retirement")
    said = retirement if isinstance(retirement, Mapping) else {}
    case = Case(audit, record, said, relying(audit, record))
    found = []
    for name in _wanted(audit, record):
        title, answer = _STEPS[name]
        field = f"retirement.{_FIELDS[name]}" if name in _FIELDS else ""
        found.append(Step(name, title, *answer(case), field))
    return tuple(found)


def _wanted(audit: Audit, record: Record) -> Iterator[str]:
    """The steps that make sense for a kind and a type of asset."""
    if record.kind == "asset":
        names = _of_assets(str(record.data.get("type")), audit.estate.groups, bool(_plans(record.data)))
    else:
        names = list(_OF_KINDS.get(record.kind, ("consumers", "decision")))
    yield from names if "retirement" in _fields(audit, record) else (name for name in names if name == "consumers")


def _of_assets(asset_type: str, groups: Mapping[str, frozenset[str]], has_plans: bool) -> list[str]:
    skipped = {*VOUCHED} - {*vouched(asset_type, groups, has_plans)}
    if asset_type == "library" or asset_type in groups["externals"]:
        skipped.add("stopped")
    if asset_type not in groups["stores"]:
        skipped.add("schedules")
    return [name for name in _STEPS if name not in skipped]


def _fields(audit: Audit, record: Record) -> Iterable[str]:
    return audit.estate.kinds[record.kind].shape.fields or ()


def _consumers(case: Case) -> Answer:
    if case.reliance:
        return NOT_DONE, few(one.text() for one in case.reliance)
    if case.record.kind not in ("asset", "dependency"):
        return DONE, "no record names one"
    if day := max((seen.looked for seen in lately(case.audit) if seen.looked), default=None):
        return DONE, f"no record names one, and nothing seen until {day} shows one"
    return UNKNOWN, "no record names one, and nothing was looked at lately; run `stocktake discover`"


def _stopped(case: Case) -> Answer:
    """Whether it was seen, or missed by a source that shows everything."""
    found, address = case.audit.reconciliation, case.record.address
    days = {seen.source: seen.looked for seen in lately(case.audit)}
    still = {match.source for match in found.matched if match.address == address}
    still |= {verdict.source for verdict in found.edges if _is_it(verdict, case.record)}
    if here := sorted(still & days.keys()):
        return NOT_DONE, f"seen in {few(f'{source} on {days[source]}' for source in here)}"
    gone = sorted({orphan.source for orphan in found.orphaned if orphan.address == address} & days.keys())
    if gone:
        return DONE, f"not in {few(f'{source} on {days[source]}' for source in gone)}, which was seen completely"
    return UNKNOWN, "no source that was looked at lately could show it; run `stocktake discover` or `stocktake observe`"


def _is_it(verdict: EdgeVerdict, record: Record) -> bool:
    """Whether what was seen is this dependency; one that is retired is not among those that are declared."""
    ends = (f"asset/{record.data.get('from')}", f"asset/{record.data.get('to')}")
    return record.kind == "dependency" and verdict.ends == ends and verdict.address in ("", record.address)


def _last_backup(case: Case) -> Answer:
    kept = case.retirement.get("last_backup")
    if excuse := _excuse(case, "last_backup"):
        return NOT_NEEDED, excuse
    if not isinstance(kept, Mapping) or "set" not in kept or "kept_until" not in kept:
        missing = "until when it is kept" if isinstance(kept, Mapping) and "set" in kept else "which it is"
        plans = few(f"{name} (to asset/{plan.get('target')})" for name, plan in _plans(case.record.data))
        return UNKNOWN, f"nobody said {missing}" + (f"; its plans are {plans}" if plans else "")
    until, due = date.fromisoformat(kept["kept_until"]), _kept_until(case)
    if due and until < due[0]:
        return NOT_DONE, f"{kept['set']} is kept until {until}, but {due[1]} asks for {due[0]}"
    return DONE, f"{kept['set']} {'is' if until >= case.audit.today else 'was'} kept until {until}"


def _kept_until(case: Case) -> tuple[date, str] | None:
    """The day until which the data has to be kept, counted from the last one, and the field that says so."""
    day = date.fromisoformat(case.retirement.get("date") or case.audit.today.isoformat())
    asked = [("retention", case.record.data.get("retention"))]
    for name, dataset in (case.record.data.get("datasets") or {}).items():
        asked.append((f"datasets[{encode_key(name)}].retention", dataset.get("retention")))
    return max(((duration.after(day, length), field) for field, length in asked if length), default=None)


def _plans(data: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Every backup plan that a record names, of its own and of its instances."""
    backups = [place.get("backup") or {} for place in _places(data)]
    return [(name, plan or {}) for backup in backups for name, plan in (backup.get("plans") or {}).items()]


def _places(data: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What a record says of itself, and of each of its instances."""
    return [data, *(here for here in (data.get("instances") or {}).values() if here)]


def _schedules(case: Case) -> Answer:
    running = [name for name, plan in _plans(case.record.data) if "schedule" in plan]
    if running:
        return (
            NOT_DONE,
            f"{few(running)} {'has' if len(running) == 1 else 'have'} a schedule; end the job, and delete it here",
        )
    return DONE, "no plan has a schedule"


def _access_revoked(case: Case) -> Answer:
    """What was said of it, unless accounts were seen that can still log in, or people are still in the team."""
    if case.record.kind == "team":
        here = [name for name, one in (case.record.data.get("members") or {}).items() if not (one or {}).get("left")]
        if here:
            return NOT_DONE, f"{few(here)} {'has' if len(here) == 1 else 'have'} not left; write the day into `left`"
    accounts = sorted(
        {
            name
            for sheet in case.audit.sheets.get(case.record.address, ())
            for name in sheet.keys("access.principals[]")
            if (seen := sheet.observed(f"access.principals[{encode_key(name)}].login")) and seen.fresh and seen.value
        }
    )
    if accounts:
        return NOT_DONE, f"{few(accounts)} could still log in when it was last looked at"
    return _said(case, "access_revoked")


def _secrets_withdrawn(case: Case) -> Answer:
    answer, reason = _said(case, "secrets_withdrawn")
    known = _secrets(case)
    return answer, f"{reason}; records name {few(known)}" if answer == UNKNOWN and known else reason


def _secrets(case: Case) -> list[str]:
    """Where the secrets of an asset are kept, as its record and its baselines name them."""
    found = {str(place["connection"]) for place in _places(case.record.data) if place.get("connection")}
    for baseline in case.audit.estate.of("baseline"):
        if f"asset/{baseline.data.get('asset')}" == case.record.address:
            settings = (baseline.data.get("settings") or {}).values()
            found.update(str(one["secret_ref"]) for one in settings if one and "secret_ref" in one)
    return sorted(found)


def _monitoring_removed(case: Case) -> Answer:
    watching = [
        edge for edge in case.audit.graph.edges if edge.type == "monitors" and edge.target == case.record.address
    ]
    if watching:
        return NOT_DONE, few(f"{edge.source} still monitors it ({edge.address})" for edge in watching)
    answer, reason = _said(case, "monitoring_removed")
    known = sorted((case.record.data.get("monitoring") or {}).get("alerts") or ())
    return answer, f"{reason}; its alerts are {few(known)}" if answer == UNKNOWN and known else reason


def _runbooks(case: Case) -> Answer:
    active = runbooks(case.audit, case.record.address)
    if active:
        return NOT_DONE, f"{few(active)}: set `status: retired`, or take it out of `about`"
    return DONE, "no runbook in force is about it"


def _open(case: Case) -> Answer:
    found = open_about(case.audit, case.record.address)
    return (NOT_DONE, f"{few(found)}: close or delete them") if found else (DONE, "nothing that is open names it")


def _decision(case: Case) -> Answer:
    who, why = case.retirement.get("decided_by"), case.retirement.get("reason")
    if who:
        return DONE, f"by {who}" if why else f"by {who}; nobody said why"
    for kind, field in (("adr", "status"), ("change", "approver")):
        for record in case.audit.estate.of(kind):
            is_decided = record.data.get(field) == "accepted" if kind == "adr" else record.data.get(field)
            if is_decided and case.record.address in (record.data.get("about") or ()):
                return UNKNOWN, f"nobody said who; is it {record.address}?"
    return UNKNOWN, "nobody said who"


def _said(case: Case, name: str) -> Answer:
    """What the record says of a step that only people can vouch for."""
    if excuse := _excuse(case, name):
        return NOT_NEEDED, excuse
    day = case.retirement.get(name)
    if not day:
        return UNKNOWN, "nobody said"
    return (DONE, f"on {day}") if day <= case.audit.today.isoformat() else (NOT_DONE, f"is planned for {day}")


def _excuse(case: Case, name: str) -> str:
    excuses = case.retirement.get("not_needed")
    return str(excuses.get(name) or "") if isinstance(excuses, Mapping) else ""


def few(texts: Iterable[str]) -> str:
    """Texts as people list them, the first few of many."""
    every = list(texts)
    more = len(every) - NAMED_AT_MOST
    return listed([*every[:NAMED_AT_MOST], f"{more} more"] if more > 0 else every) if every else ""


_STEPS: Mapping[str, tuple[str, Callable[[Case], Answer]]] = {
    "consumers": ("nothing depends on it", _consumers),
    "stopped": ("it no longer runs", _stopped),
    "last_backup": ("its last backup is kept", _last_backup),
    "schedules": ("no backup of it runs on a schedule", _schedules),
    "access_revoked": ("access to it is revoked", _access_revoked),
    "secrets_withdrawn": ("its secrets are withdrawn", _secrets_withdrawn),
    "data_erased": ("its data is erased", lambda case: _said(case, "data_erased")),
    "names_released": ("its names are released", lambda case: _said(case, "names_released")),
    "monitoring_removed": ("its monitoring is removed", _monitoring_removed),
    "runbooks": ("its runbooks are retired", _runbooks),
    "open": ("nothing about it is open", _open),
    "decision": ("somebody decided it", _decision),
}
_FIELDS = {**{name: name for name in VOUCHED}, "decision": "decided_by"}
_OF_KINDS: Mapping[str, tuple[str, ...]] = {
    "dependency": ("consumers", "stopped", "access_revoked", "secrets_withdrawn", "runbooks", "open", "decision"),
    "system": ("consumers", "runbooks", "open", "decision"),
    "team": ("consumers", "access_revoked", "open", "decision"),
}

"""Retire a record: answer the check-list, and write what was said of it into the record's own file."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import date
from typing import Any, NamedTuple

from stocktake.analyse.reliance import relying
from stocktake.analyse.retirement import Step, few, steps
from stocktake.edit.retire import candidates, merged, puts
from stocktake.errors import InputError, UsageError
from stocktake.load.files import Tree
from stocktake.load.schemas import Schemas
from stocktake.model.estate import Estate
from stocktake.model.kind import Kind
from stocktake.model.record import Record
from stocktake.pipeline.audit import audit
from stocktake.pipeline.check_files import Checker
from stocktake.pipeline.estate import Opened, open_estate, places
from stocktake.pipeline.new import resolved, typed
from stocktake.pipeline.rename import end_of, found, refused

# What is done with records that have no life of their own.
_INSTEAD: Mapping[str, str] = {
    "adr": "Write one that takes its place (`stocktake new adr`) and names it in `supersedes`, or set "
    "`status: deprecated`.",
    "baseline": "Delete it; Git keeps it.",
    "change": "It is history: say how it ended in `outcome`.",
    "drill": "It is history, and stays.",
    "finding": "Set `status: resolved` or `status: dismissed`.",
    "flow": "Delete it; Git keeps it.",
    "incident": "It is history: set `status: closed`.",
    "review": "It is history: set `state: done` or `state: cancelled`.",
    "risk": "Set `status: closed`.",
    "source": "It is history, and stays.",
    "waiver": "It ends with the day in `expires`; delete it to end it now.",
}


class Retired(NamedTuple):
    """The check-list of a record as it will be, and its file before and after; `needed` are those that keep it from
    being written, and `planned` is a day still to come.
    """

    address: str
    path: str
    steps: tuple[Step, ...]
    before: str
    after: str
    needed: str
    planned: str


def retire(tree: Tree, address: str, said: Mapping[str, Any], today: date, despite: str = "") -> Retired:
    """What happens when a record is retired; `said` are facts of its retirement, nested texts.

    Raises UsageError where the record has no life to end, InputError where the registry or what was said is wrong.
    """
    opened = open_estate(tree)
    estate = opened.sound()
    record = found(estate, address)
    kind = opened.schemas.kind(record.kind)
    field = _field(opened.schemas, kind, record)
    if said and "retirement" not in (kind.shape.fields or ()):
        raise UsageError(f"A {record.kind} says nothing about its retirement", "Leave the options out.")
    wanted = _wanted(opened.schemas, kind, record, field, said, today, despite)
    raw = tree.read(record.path)
    after = edited(opened, record, raw, wanted)
    later = Record(record.kind, record.id, record.path, merged(record.data, wanted), record.body)
    judged = audit(_with(estate, later), today)[0]
    is_new = record.data.get(field) != "retired" and later.data[field] == "retired"
    needing = sorted({one.address for one in relying(judged, later)}) if is_new and not despite else ()
    planned = str(later.data["retirement"]["date"]) if later.data[field] == "deprecated" else ""
    return Retired(record.address, record.path, steps(judged, later), raw.decode(), after, few(needing), planned)


def _field(schemas: Schemas, kind: Kind, record: Record) -> str:
    """The field that says that a record is retired.

    Raises UsageError where there is none.
    """
    for field in ("lifecycle", "status"):
        if field in (kind.shape.fields or ()) and "retired" in _words(schemas, record.kind, field):
            return field
    raise UsageError(f"{record.address} cannot be retired", _INSTEAD.get(record.kind, "Delete it; Git keeps it."))


def _words(schemas: Schemas, kind: str, field: str) -> list[str]:
    """The values that a field of a kind may have."""
    for part, home in schemas.parts(schemas.documents[kind], kind):
        if field in part.get("properties", {}):
            described = (one for one, _ in schemas.parts(part["properties"][field], home))
            return [word for one in described for word in one.get("enum", ())]
    return []


def _wanted(
    schemas: Schemas, kind: Kind, record: Record, field: str, said: Mapping[str, Any], today: date, despite: str
) -> dict[str, Any]:
    """What the record is to say, beside what it says."""
    if "retirement" not in (kind.shape.fields or ()):
        return {field: "retired"}
    retirement = {**said, **({"despite": despite} if despite else {})}
    before = record.data.get("retirement") or {}
    day = retirement.get("date") or before.get("date")
    if not day:
        day, retirement = today.isoformat(), {"date": today.isoformat(), **retirement}
    is_planned = str(day) > today.isoformat() and record.data.get(field) != "retired"
    facts = dict(typed(schemas.validator(record.kind).faults({"retirement": retirement}), {"retirement": retirement}))
    order = (*resolved(schemas, record.kind)["properties"]["retirement"].get("properties", ()), *facts["retirement"])
    facts["retirement"] = {name: facts["retirement"][name] for name in order if name in facts["retirement"]}
    if isinstance(proof := facts["retirement"].get("evidence"), list):
        facts["retirement"]["evidence"] = list(dict.fromkeys([*before.get("evidence", ()), *proof]))
    return {field: "deprecated" if is_planned else "retired", **facts}


def _with(estate: Estate, record: Record) -> Estate:
    """The estate with a record as it will be."""
    later = copy(estate)
    later.records = tuple(record if one.address == record.address else one for one in estate.records)
    later.by_address = {**estate.by_address, record.address: record}
    return later


def edited(opened: Opened, record: Record, raw: bytes, wanted: Mapping[str, Any]) -> str:
    """The text of a record that also says what is wanted.

    Raises InputError where that would be wrong, or where the text cannot take it.
    """
    text = raw.decode()
    for put in puts(record.data, wanted):
        if isinstance(put.old, Mapping):
            raise UsageError(f"{'.'.join(map(str, put.path))} has parts", "Name one of them, as in last_backup.set.")
        document = places(record.path, text.encode())
        goal = merged(document.data, _nested(put.path, put.new))
        tried = candidates(text, put, document.keys, document.values, end_of(text, record))
        fits = (one for one in tried if _reads(record.path, one, goal))
        text = next(fits, "")
        if not text:
            raise refused(record.path, document, put.path)
    wrong = Checker(opened.tree, opened.schemas).content(record.path, record.kind, text.encode())
    if wrong:
        raise InputError(wrong)
    return text


def _reads(path: str, text: str, goal: Mapping[str, Any]) -> bool:
    document = places(path, text.encode())
    return not document.flaws and document.data == goal


def _nested(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    for key in reversed(path):
        value = {str(key): value}
    return dict(value)

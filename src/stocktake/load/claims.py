"""Check that two records do not claim the same: an identifier, an endpoint, a former id, a baseline, one relation."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from stocktake.errors import Problem
from stocktake.model.kind import Shape
from stocktake.model.record import Record
from stocktake.values import identifier
from stocktake.values.text import shown

if TYPE_CHECKING:
    from stocktake.load.strict import Document

Path = tuple[str | int, ...]
Key = tuple[str, ...]
Distinct = Iterable[frozenset[str]]

# Where a URL listens that names no port.
_PORTS = {
    "amqp": 5672,
    "http": 80,
    "https": 443,
    "mongodb": 27017,
    "mysql": 3306,
    "postgres": 5432,
    "postgresql": 5432,
    "redis": 6379,
}
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(\[[^\]]*\]|[^/:?#]*)([/?#].*)?\Z")
# The same edge as told from its other end, and edges that hold another.
_TURNED = {"publishes-to": "delivers", "subscribes-to": "delivers"}
_PARTS = {"reads-writes": ("reads", "writes")}


class Claim(NamedTuple):
    """What one record says of itself and no other may say: in all environments, or in one."""

    key: Key
    path: Path
    environment: str = ""


class Claimed(NamedTuple):
    """A claim and the record that makes it."""

    record: Record
    claim: Claim


def claims(record: Record) -> Iterator[Claim]:
    """Everything that one record claims; what is retired makes room for others."""
    data = record.data
    if former := data.get("formerly"):
        for number, old in enumerate(former) if isinstance(former, list) else ():
            yield Claim(("address", f"{record.kind}/{old}"), ("formerly", number))
    if (of_kind := _OF_KINDS.get(record.kind)) and data.get("lifecycle") != "retired":
        yield from of_kind(record)


def _of_asset(record: Record) -> Iterator[Claim]:
    data = record.data
    yield from _names(data, (), "")
    yield from _backups(record.id, data, ())
    instances = data.get("instances")
    for environment, here in instances.items() if isinstance(instances, dict) else ():
        if isinstance(here, dict) and here.get("lifecycle") != "retired":
            yield from _names(here, ("instances", environment), environment)
            yield from _backups(record.id, here, ("instances", environment))


def _names(data: Mapping[str, Any], path: Path, environment: str) -> Iterator[Claim]:
    found = data.get("identifiers")
    for number, text in enumerate(found) if isinstance(found, list) else ():
        try:
            yield Claim(("name", identifier.canonical(str(text))), (*path, "identifiers", number), environment)
        except ValueError:  # the schema refuses it
            continue
    if isinstance(endpoint := data.get("endpoint"), str) and (name := identifier.from_endpoint(_with_port(endpoint))):
        yield Claim(("name", name), (*path, "endpoint"), environment)


def _backups(store: str, data: Mapping[str, Any], path: Path) -> Iterator[Claim]:
    """Where a store is backed up to: as a dependency, that would be said twice."""
    backup = data.get("backup")
    plans = backup.get("plans") if isinstance(backup, dict) else None
    for key, plan in plans.items() if isinstance(plans, dict) else ():
        if isinstance(plan, dict) and isinstance(target := plan.get("target"), str):
            yield Claim(("backup", target, store), (*path, "backup", "plans", key, "target"))


def _with_port(endpoint: str) -> str:
    """The endpoint with the port that its scheme means, where it names none."""
    found = _URL.match(endpoint)
    port = _PORTS.get(found[1].lower()) if found else None
    return f"{found[1]}://{found[2]}:{port}{found[3] or ''}" if found and port else endpoint


def _of_dependency(record: Record) -> Iterator[Claim]:
    data = record.data
    source, target, kind = data.get("from"), data.get("to"), data.get("type")
    if not (isinstance(source, str) and isinstance(target, str) and isinstance(kind, str)):
        return
    if kind == "replicates-to":
        yield Claim(("backup", target, source), ("type",))
    if kind == "subscribes-to":
        source, target = target, source
    for part in _PARTS.get(kind, (_TURNED.get(kind, kind),)):
        yield Claim(("edge", part, source, target), ("type",))


def _of_baseline(record: Record) -> Iterator[Claim]:
    data = record.data
    yield Claim(("baseline", str(data.get("environment")), str(data.get("asset"))), ("asset",))


def _of_finding(record: Record) -> Iterator[Claim]:
    data = record.data
    if "identity" in data and data.get("status") not in ("resolved", "dismissed"):
        yield Claim(("finding", str(data["identity"])), ("identity",))


_OF_KINDS: Mapping[str, Callable[[Record], Iterator[Claim]]] = {
    "asset": _of_asset,
    "baseline": _of_baseline,
    "dependency": _of_dependency,
    "finding": _of_finding,
}


def needles(made: Iterable[Claim]) -> list[bytes]:
    """What a file must hold, in small letters, to make one of these claims too: others need not be parsed."""
    return sorted({_needle(claim.key).lower().encode() for claim in made})


def _needle(key: Key) -> str:
    if key[0] == "name":
        scheme, _, value = key[1].partition(":")
        return re.split(r"[:/]", value.lstrip("["))[0] if scheme == "host" else value.rpartition("/")[2]
    return key[1].rpartition("/")[2] if key[0] == "address" else key[-1]


def doubled(
    claimed: Iterable[Claimed],
    distinct: Distinct,
    shape_of: Callable[[str], Shape],
    positions: Callable[[str], Document],
) -> Iterator[Problem]:
    """What several records claim, told at the later of two files; `positions` gives the places in a file."""
    groups: dict[Key, list[Claimed]] = {}
    for one in claimed:
        groups.setdefault(one.claim.key, []).append(one)
    for group in groups.values():
        if len(group) > 1:
            group.sort(key=lambda one: (not one.record.origin, one.record.path, str(one.claim.path)))
            for number, one in enumerate(group):
                if one.record.origin:  # mended where it lives
                    continue
                first = next((first for first in group[:number] if _collide(first, one, distinct)), None)
                if first:
                    yield _problem(one, first, shape_of(one.record.kind), positions)


def _collide(first: Claimed, second: Claimed, distinct: Distinct) -> bool:
    one, other, kind = first.record, second.record, first.claim.key[0]
    environments = {first.claim.environment, second.claim.environment}
    if one is other or (len(environments) > 1 and "" not in environments):
        return False
    if kind == "backup":
        return one.kind != other.kind
    if kind == "edge":  # the very same is told by `stocktake.load.edges`
        return any(one.data.get(part) != other.data.get(part) for part in ("from", "to", "type"))
    return kind != "name" or not any({one.address, other.address} <= group for group in distinct)


def _problem(one: Claimed, first: Claimed, shape: Shape, positions: Callable[[str], Document]) -> Problem:
    from stocktake.load.places import fact

    record, path = one.record, one.claim.path
    line, column = positions(first.record.path).place(first.claim.path)
    message, hint = _said(one, first.record, f"{first.record.path}:{line}:{column}")
    return Problem(record.path, *positions(record.path).place(path), fact(path, shape), message, hint)


def _said(one: Claimed, other: Record, place: str) -> tuple[str, str]:
    """What is wrong, and what to do."""
    kind, *rest = one.claim.key
    if kind == "name":
        return (
            f"{other.address} is known by {shown(rest[0])}, too, in {place}",
            "Remove it from one of them, or list both in stocktake.yaml under `distinct`.",
        )
    if kind == "address":
        return f"{other.address} was called {shown(rest[0])}, too, in {place}", "Remove it from one of them."
    if kind == "edge":
        said = f"{other.data['from']} {other.data['type']} {other.data['to']}"
        return f"{shown(said)} says this already, in {place}", "Delete one of the files."
    if kind == "backup":
        hint = "What is backed up where is written in `backup.plans` only: delete this file."
        return f"{other.address} is backed up to {shown(rest[0])}, says {place}", hint
    if kind == "baseline":
        return f"{shown(rest[1])} has a baseline in {shown(rest[0])} already, in {place}", "Delete one of the files."
    return f"{shown(rest[0])} is tracked already, in {place}", "Delete one of the files, or close the older one."


def in_use(record: Record, exists: Callable[[str], bool], place: Callable[[], Document]) -> Iterator[Problem]:
    """Former ids that a record of the same kind has now, so that nobody could tell who is meant."""
    former = record.data.get("formerly")
    for number, old in enumerate(former) if isinstance(former, list) else ():
        if isinstance(old, str) and exists(f"{record.kind}/{old}"):
            what = "its own id" if old == record.id else "the id of another record"
            where = place().place(("formerly", number))
            hint = "Remove it." if old == record.id else "Remove it, or rename the other."
            yield Problem(record.path, *where, f"formerly[{number}]", f'"{shown(old)}" is {what}', hint)

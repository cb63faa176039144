"""Who called whom while it ran: joined with what the files of the tree describe, by name, host and engine."""

from __future__ import annotations

from collections.abc import Iterable

from stocktake.discover import engines, externals, kinds
from stocktake.discover.claims import Call
from stocktake.discover.draft import Draft
from stocktake.discover.edges import SURE, Reader, edge_type
from stocktake.discover.externals import External
from stocktake.discover.references import LOCAL, Target
from stocktake.values.text import hostile, slug

_WAYS = {"consumer": "subscribes-to", "producer": "publishes-to"}


def read(calls: Iterable[Call], reader: Reader) -> None:
    """An edge for each call, and a component for each service that nothing else describes."""
    programs: dict[str, Draft] = {}
    for call in calls:
        if any(hostile(name) for name in (call.source, call.target, call.database)):
            continue
        source = _program(call.source, reader, programs)
        source.evidence.add(call.evidence)
        target = _target(call, reader, programs)
        if target is None:
            continue
        if not target.project and not target.homes:
            target.evidence.add(call.evidence)
        is_broker = target.type in engines.BROKERS
        type_ = _WAYS.get(call.way, "") if is_broker else ""
        reader.estate.connect(source, target, type_ or edge_type(source, target), SURE, [call.evidence], call.day)


def _target(call: Call, reader: Reader, programs: dict[str, Draft]) -> Draft | None:
    wanted = Target(call.engine, call.host, call.port, call.database)
    if call.engine:
        found = reader.hosts.find(wanted, None)
        is_known = call.engine in engines.ENGINES and (call.database or (call.host and call.host not in LOCAL))
        return found or (reader.hosts.store(wanted, SURE) if is_known else None)
    if call.target:
        return _program(call.target, reader, programs)
    if found := reader.hosts.find(wanted, None):
        return found
    if known := externals.of_host(call.host):
        return reader.hosts.external(known, call.host, SURE)
    if "." not in call.host or call.host.replace(".", "").isdigit() or externals.is_nobodys(call.host):
        return None
    return reader.hosts.external(External(call.host, "external-api", host=call.host), call.host, SURE)


def _program(name: str, reader: Reader, programs: dict[str, Draft]) -> Draft:
    """The component of this name, whoever describes it."""
    key = name.lower()
    if key not in programs:
        found = reader.hosts.find(Target(host=key), None) or next(
            (draft for draft in reader.estate.drafts.values() if key in (draft.key.lower(), draft.name.lower())), None
        )
        if found is None:
            draft = Draft(slug(name) or "service", name, kinds.component(name, "", "", (), [], True), confidence=SURE)
            draft.identifiers.add(f"otel:{slug(name) or 'service'}")
            found = reader.estate.add(draft, "service")
        programs[key] = found
    return programs[key]

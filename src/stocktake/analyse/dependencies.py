"""From records to the graph: entries, edges and the matrix of producers and consumers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from stocktake.model.gist import gist_of
from stocktake.model.graph import MEANINGS, Edge, Entry, Graph
from stocktake.model.record import Record
from stocktake.values.text import person


def entry(record: Record) -> Entry:
    """What the index keeps of a record."""
    if gist := gist_of(record):
        return gist.entry
    data = record.data
    kinds = ("type", "owner", "system", "criticality", "classification", "lifecycle")
    known = {name: value for name in kinds if isinstance(value := data.get(name), str)}
    backup = data.get("backup")
    rto = _text(backup, "rto") if isinstance(backup, dict) else ""
    people, left = _people(data) if record.kind == "team" else ((), ())
    tags = data.get("tags")
    return Entry(
        record.address,
        name=record.title,
        path=record.path,
        rto=rto,
        domains=_by_environment(data, "failure_domain"),
        regions=_by_environment(data, "region"),
        tags=tuple(map(str, tags)) if isinstance(tags, list) else (),
        people=people,
        left=left,
        **known,
    )


def _by_environment(data: Mapping[str, Any], field: str) -> tuple[tuple[str, str], ...]:
    instances = data.get("instances")
    own = _text(data, field)
    if not isinstance(instances, dict):
        return (("", own),) if own else ()
    places = {"": data, **instances}
    found = ((name, _text(one, field)) for name, one in places.items() if isinstance(one, dict))
    return tuple(sorted((name, value) for name, value in found if value))


People = tuple[tuple[str, ...], ...]


def _people(data: Mapping[str, Any]) -> tuple[People, People]:
    """The members who are there and those who left, each by key and handle."""
    members = data.get("members")
    found: tuple[list[tuple[str, ...]], list[tuple[str, ...]]] = ([], [])
    for key, member in sorted(members.items()) if isinstance(members, dict) else ():
        handle = _text(member, "handle") if isinstance(member, dict) else ""
        names = tuple(dict.fromkeys(person(name) for name in (str(key), handle) if name))
        found[isinstance(member, dict) and "left" in member].append(names)
    return tuple(found[False]), tuple(found[True])


def edges(records: Iterable[Record]) -> list[Edge]:
    """One edge per dependency whose ends and type are valid, and that is not retired."""
    found = []
    for record in records:
        if record.kind != "dependency":
            continue
        if gist := gist_of(record):
            found += [gist.edge] if gist.edge else []
            continue
        data = record.data
        if data.get("type") in MEANINGS and data.get("lifecycle") != "retired":
            source, target = f"asset/{data.get('from')}", f"asset/{data.get('to')}"
            found.append(
                Edge(
                    record.address,
                    source,
                    target,
                    type=_text(data, "type"),
                    direction=_text(data, "direction"),
                    criticality=_text(data, "criticality"),
                    fallback=_text(data, "fallback"),
                    path=record.path,
                )
            )
    return found


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""


class Cell(NamedTuple):
    """One cell of the matrix: what flows from a producer to a consumer, through which dependency."""

    producer: str
    consumer: str
    type: str
    criticality: str
    dependency: str


def matrix(graph: Graph) -> list[Cell]:
    """The dependency matrix as cells: rows are producers, columns consumers, a cell says type and criticality."""
    return sorted(
        Cell(producer, consumer, edge.type, edge.criticality, edge.address)
        for edge in graph.edges
        for producer, consumer in edge.producers()
    )

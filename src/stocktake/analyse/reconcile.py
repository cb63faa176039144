"""Join what was seen to what is declared, by identifiers only, and name every difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from stocktake.model.audit import Ambiguous, EdgeVerdict, Match, Orphan, Reconciliation, Undocumented
from stocktake.model.graph import Edge
from stocktake.model.observation import SEEN, Observation, Thing
from stocktake.values import identifier

# The identifier of a thing that was looked at because a user named its record.
RECORD = "record:"
Identifiers = Mapping[str, frozenset[str]]


def identifiers(facts: Mapping[str, Any]) -> frozenset[str]:
    """Every identifier that a record's facts declare, in canonical form: `identifiers`, and each `endpoint`."""
    found: set[str] = set()
    for name, value in facts.items():
        last = name.rpartition(".")[2]
        if last == "identifiers" and isinstance(value, list):
            found.update(filter(None, map(_canonical, value)))
        elif last == "endpoint" and isinstance(value, str) and (endpoint := identifier.from_endpoint(value)):
            found.add(endpoint)
    return frozenset(found)


def _canonical(text: object) -> str:
    try:
        return identifier.canonical(str(text))
    except ValueError:
        return ""


def names(address: str, facts: Mapping[str, Any]) -> frozenset[str]:
    """The bare names a record goes by; they propose a match and never decide one."""
    aliases = facts.get("aliases") or ()
    return frozenset(
        str(name).casefold() for name in (address.partition("/")[2], facts.get("name", ""), *aliases) if name
    )


def reconcile(
    declared: Mapping[str, Identifiers],
    bare: Mapping[str, frozenset[str]],
    edges: Iterable[Edge],
    observations: Iterable[Observation],
    formerly: Mapping[str, str],
) -> Reconciliation:
    """Declared against observed.

    `declared` is, by address, the identifiers for each environment ("" for all of them); `bare` the names that only
    propose; `formerly` leads from each old address to the one after it.
    """
    owners = _owners(declared)
    matched, undocumented, ambiguous, orphaned, verdicts = [], [], [], [], []
    edges = tuple(edges)
    for seen in observations:
        joined: dict[str, str] = {}
        for thing in seen.things:
            addresses = _named(thing, bare, formerly) or _addresses(thing, seen.environment, owners)
            if len(addresses) == 1:
                joined[thing.key] = addresses[0]
                matched.append(Match(addresses[0], seen.source, thing))
            elif addresses:
                ambiguous.append(Ambiguous(seen.source, thing, addresses))
            else:
                undocumented.append(Undocumented(seen.source, thing, _proposals(thing, bare)))
        orphaned += _orphans(declared, seen)
        verdicts += _verdicts(seen, joined, edges)
    return Reconciliation(
        tuple(matched), tuple(undocumented), tuple(ambiguous), tuple(sorted(orphaned)), tuple(verdicts)
    )


def _owners(declared: Mapping[str, Identifiers]) -> dict[tuple[str, str], set[str]]:
    owners: dict[tuple[str, str], set[str]] = {}
    for address, by_environment in declared.items():
        for environment, found in by_environment.items():
            for name in found:
                owners.setdefault((name, environment), set()).add(address)
    return owners


def _named(thing: Thing, known: Mapping[str, Any], formerly: Mapping[str, str]) -> tuple[str, ...]:
    """The record that the user named when the thing was looked at, where it still exists, as it is called now."""
    named = (name.removeprefix(RECORD) for name in thing.identifiers if name.startswith(RECORD))
    now = (address if address in known else formerly.get(address, "") for address in named)
    return tuple(address for address in now if address in known)


def _addresses(thing: Thing, environment: str | None, owners: Mapping[tuple[str, str], set[str]]) -> tuple[str, ...]:
    found: set[str] = set()
    for name in filter(None, map(_canonical, thing.identifiers)):
        found |= owners.get((name, ""), set())
        found |= owners.get((name, environment or ""), set())
        if environment is None:
            found |= {address for (other, _), addresses in owners.items() if other == name for address in addresses}
    return tuple(sorted(found))


def _proposals(thing: Thing, bare: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    wanted = {name.casefold() for name in (thing.name, *thing.aliases)}
    return tuple(sorted(address for address, known in bare.items() if known & wanted))


def _orphans(declared: Mapping[str, Identifiers], seen: Observation) -> list[Orphan]:
    if seen.status != SEEN:
        return []
    there = {name for thing in seen.things for name in map(_canonical, thing.identifiers)}
    prefixes = tuple(scope for scope in seen.scopes if scope.endswith("/"))
    names = frozenset(seen.scopes)
    missing = []
    for address, by_environment in declared.items():
        for environment, found in by_environment.items():
            if environment and seen.environment and environment != seen.environment:
                continue
            inside = sorted(name for name in found if name in names or name.startswith(prefixes))
            if inside and not there & found:
                missing.append(Orphan(address, seen.source, inside[0]))
    return missing


# What configuration cannot tell apart: it shows only that a component has access to a store, or a place at a broker.
_ALIKE = (frozenset({"reads", "writes", "reads-writes"}), frozenset({"publishes-to", "subscribes-to"}))


def _agrees(declared: str, seen: str) -> bool:
    return declared == seen or any(declared in alike and seen in alike for alike in _ALIKE)


def _verdicts(seen: Observation, joined: Mapping[str, str], edges: tuple[Edge, ...]) -> list[EdgeVerdict]:
    by_ends: dict[tuple[str, str], list[Edge]] = {}
    for edge in edges:
        by_ends.setdefault((edge.source, edge.target), []).append(edge)
    verdicts = []
    for found in seen.edges:
        ends = joined.get(found.source, ""), joined.get(found.target, "")
        if not all(ends) or ends[0] == ends[1]:
            continue
        declared = by_ends.get(ends, [])
        same = [edge for edge in declared if _agrees(edge.type, found.type)]
        verdict = "verified" if same else "differs" if declared else "undeclared"
        address = (same or declared)[0].address if declared else ""
        verdicts.append(EdgeVerdict(verdict, seen.source, address, ends, found))
    return verdicts

"""From undocumented things and edges to the records that would document them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from stocktake.model.audit import Reconciliation
from stocktake.model.observation import Observation, Thing
from stocktake.values import name as names
from stocktake.values.text import slug


class Proposal(NamedTuple):
    """A new record: its address and its facts, nested as in the file."""

    kind: str
    id: str
    facts: Mapping[str, Any]


class Hint(NamedTuple):
    """A thing that an existing record may already describe: adding `identifier` to it would join the two."""

    source: str
    thing: Thing
    address: str
    identifier: str


def propose(
    found: Reconciliation, observations: Iterable[Observation], taken: Collection[str], types: Collection[str]
) -> tuple[list[Proposal], list[Hint]]:
    """New records for what no record names, in a fixed order, and hints for what one may name under another identifier.

    `taken` are addresses that exist; `types` the asset types that the schema knows.
    """
    used = set(taken)
    proposals, hints = [], []
    addresses = {(match.source, match.thing.key): match.address for match in found.matched}
    for item in found.undocumented:
        if len(item.proposals) == 1:
            hints.append(Hint(item.source, item.thing, item.proposals[0], next(iter(item.thing.identifiers), "")))
            addresses[item.source, item.thing.key] = item.proposals[0]
        elif not item.proposals and item.thing.facts.get("type") in types:
            asset = _asset(item.thing, used)
            addresses[item.source, item.thing.key] = f"asset/{asset.id}"
            proposals.append(asset)
    return proposals + _dependencies(found, observations, addresses, used), hints


def _free(kind: str, wanted: str, used: set[str]) -> str:
    identity, number = wanted, 1
    while f"{kind}/{identity}" in used:
        number += 1
        identity = f"{wanted}-{number}"
    used.add(f"{kind}/{identity}")
    return identity


def _asset(thing: Thing, used: set[str]) -> Proposal:
    facts: dict[str, Any] = {"name": thing.name, "type": thing.facts["type"]}
    rest = {name: value for name, value in sorted(thing.facts.items()) if name not in facts}
    for name, value in rest.items():
        _put(facts, name, value)
    if thing.identifiers:
        facts["identifiers"] = list(thing.identifiers)
    return Proposal("asset", _free("asset", slug(thing.name), used), facts)


def _put(nested: dict[str, Any], name: str, value: Any) -> None:
    *outer, (last, _) = names.split(name)
    here = nested
    for part, _ in outer:
        here = here.setdefault(part, {})
    here[last] = list(value) if isinstance(value, tuple) else value


def _dependencies(
    found: Reconciliation, observations: Iterable[Observation], addresses: Mapping[tuple[str, str], str], used: set[str]
) -> list[Proposal]:
    declared = {verdict.ends for verdict in found.edges if verdict.verdict != "undeclared"}
    proposals = []
    for seen in observations:
        for edge in seen.edges:
            ends = addresses.get((seen.source, edge.source), ""), addresses.get((seen.source, edge.target), "")
            if not all(ends) or ends[0] == ends[1] or ends in declared:
                continue
            declared.add(ends)
            source, target = (end.partition("/")[2] for end in ends)
            identity = _free("dependency", f"{source}-{edge.type}-{target}"[:100].strip("-"), used)
            proposals.append(Proposal("dependency", identity, {"from": source, "to": target, "type": edge.type}))
    return proposals

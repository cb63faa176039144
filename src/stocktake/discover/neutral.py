"""An observation in the plain form that the scorer of discovery tools reads, and other programs may."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stocktake.discover.engines import BROKERS, STORES
from stocktake.model.observation import Evidence, Observation, SeenEdge, Thing

_KINDS: Mapping[str, str] = {
    "api": "service",
    "batch-job": "job",
    "frontend": "frontend",
    "gateway": "gateway",
    "identity-provider": "service",
    "library": "service",
    "service": "service",
    "website": "frontend",
    "worker": "worker",
}
_EXTERNALS = frozenset(("external-api", "external-saas", "identity-provider"))
# Keyed by dependency type and type of the target; `*` is every type that has no row of its own.
_EDGES: Mapping[tuple[str, str], str] = {
    ("authenticates-with", "*"): "auth",
    ("builds-from", "*"): "storage",
    ("calls", "*"): "http",
    ("calls", "identity-provider"): "auth",
    ("monitors", "*"): "telemetry",
    ("publishes-to", "*"): "message",
    ("reads", "*"): "data",
    ("reads-writes", "*"): "data",
    ("reads-writes", "block-store"): "storage",
    ("reads-writes", "cache"): "cache",
    ("reads-writes", "file-store"): "storage",
    ("reads-writes", "object-store"): "storage",
    ("reads", "cache"): "cache",
    ("reads", "file-store"): "storage",
    ("reads", "object-store"): "storage",
    ("replicates-to", "*"): "data",
    ("subscribes-to", "*"): "message",
    ("writes", "*"): "data",
    ("writes", "cache"): "cache",
    ("writes", "external-saas"): "telemetry",
    ("writes", "file-store"): "storage",
    ("writes", "log-store"): "telemetry",
    ("writes", "object-store"): "storage",
    ("writes", "service"): "telemetry",
    ("writes", "worker"): "telemetry",
}


def neutral(observation: Observation) -> dict[str, list[dict[str, Any]]]:
    """Stores, components, externals, edges and secrets, each with its evidence, and what was not understood."""
    types = {thing.key: str(thing.facts.get("type", "")) for thing in observation.things}
    form: dict[str, list[dict[str, Any]]] = {
        "stores": [],
        "components": [],
        "externals": [],
        "edges": [],
        "secrets": [],
        "not_understood": [],
    }
    for thing in observation.things:
        section, item = _item(thing)
        form[section].append(item)
    form["edges"] = [_edge(edge, types) for edge in observation.edges]
    places = {(secret.file, secret.line): secret.what for secret in reversed(observation.secrets)}
    form["secrets"] = [{"file": file, "line": line, "what": what} for (file, line), what in sorted(places.items())]
    form["not_understood"] = [problem._asdict() for problem in observation.problems]
    return form


def _item(thing: Thing) -> tuple[str, dict[str, Any]]:
    type_ = str(thing.facts.get("type", ""))
    common = {"name": thing.key, "confidence": thing.confidence, "evidence": _evidence(thing.evidence)}
    if type_ in STORES or type_ in BROKERS:
        return "stores", {**common, "engine": thing.facts.get("engine", ""), "version": thing.facts.get("version")}
    if type_ in _EXTERNALS and not any(name.startswith(("compose:", "k8s:")) for name in thing.identifiers):
        return "externals", common
    return "components", {**common, "kind": _KINDS.get(type_, "service")}


def _edge(edge: SeenEdge, types: Mapping[str, str]) -> dict[str, Any]:
    type_ = _EDGES.get((edge.type, types.get(edge.target, ""))) or _EDGES[edge.type, "*"]
    return {
        "from": edge.source,
        "to": edge.target,
        "type": type_,
        "confidence": edge.confidence,
        "evidence": _evidence(edge.evidence),
    }


def _evidence(evidence: tuple[Evidence, ...]) -> list[str]:
    return [each.text() for each in evidence]

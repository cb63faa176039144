"""Entities of a Backstage catalogue as drafts: systems, components, resources, interfaces, groups, and relations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from stocktake.exchange.adopt import words
from stocktake.exchange.adopt.draft import Draft, Found, kept, literal, one_line, shortened
from stocktake.exchange.adopt.inventory import Known
from stocktake.values.text import slug

Entity = Mapping[str, Any]
_KINDS = {"api": "asset", "component": "asset", "group": "team", "resource": "asset", "system": "system"}
_OF_COMPONENT = {"library": "library", "service": "service", "website": "website"}
_MEANT = {"owner", "system", "domain", "lifecycle", "type", "dependsOn", "dependencyOf", "consumesApis", "profile"}
_PLAIN = re.compile(r"[a-z0-9][a-z0-9._-]*")
_NOT_ADOPTED = ("domain", "location", "template")


def is_entity(data: object) -> bool:
    """Whether a document of YAML is one of a catalogue."""
    return isinstance(data, dict) and str(data.get("apiVersion", "")).startswith("backstage.io/")


def read(name: str, documents: Sequence[tuple[int, Entity]], known: Known, people: Sequence[tuple[str, str]]) -> Found:
    """Drafts of every entity in a file; `documents` are entities with the lines on which they begin, `people` the
    memberships that `members` finds in all files.
    """
    drafts: list[Draft] = []
    told: list[str] = []
    questions: list[str] = []
    for line, entity in documents:
        kind, place = str(entity.get("kind", "")).lower(), f"{name}:{line}"
        if kind == "user":
            continue
        if not _name(entity):
            told.append(f"{place}: an entity without a name is not adopted")
            continue
        if kind not in _KINDS:
            told.append(f"{place}: {shortened(kind or 'an entity')} is not adopted")
            if kind not in _NOT_ADOPTED:
                questions.append(shortened(f"What is {_called(entity)!r}, of the kind {kind!r}? {place} names it"))
            continue
        draft = _draft(entity, kind, place, known)
        if kind == "group" and (mine := [who for who, group in people if group == slug(_name(entity))]):
            draft = draft._replace(facts={**draft.facts, "members": {who: {} for who in mine}})
        if kind in ("component", "resource") and not draft.facts.get("type"):
            kind_said = _spec(entity).get("type")
            questions.append(shortened(f"What type of asset is {_called(entity)!r}? {place} says {kind_said!r}"))
            told.append(
                f"{place}: {_called(entity)}: {kind_said!r} is no type of asset; `--type TYPE` says it for all such"
            )
            continue
        drafts.append(draft)
        edges = list(_edges(entity, place))
        drafts += edges
        questions += [
            shortened(
                f"Does {one.facts['from']} only read {one.facts['to']}, or call it? {place} says that it depends on it"
            )
            for one in edges
            if "type" not in one.facts
        ]
    counted = f"{name}: {len(documents)} entities of a Backstage catalogue"
    return Found(tuple(drafts), (counted, *told), tuple(questions))


def _metadata(entity: Entity) -> Entity:
    found = entity.get("metadata")
    return found if isinstance(found, dict) else {}


def _spec(entity: Entity) -> Entity:
    found = entity.get("spec")
    return found if isinstance(found, dict) else {}


def _name(entity: Entity) -> str:
    return one_line(str(_metadata(entity).get("name", "")))


def _called(entity: Entity) -> str:
    return shortened(str(_metadata(entity).get("title") or _name(entity) or "unnamed"))


def _draft(entity: Entity, kind: str, place: str, known: Known) -> Draft:
    metadata, spec = _metadata(entity), _spec(entity)
    facts: dict[str, Any] = {"name": _called(entity)}
    rest = [(f"backstage.io/spec-{key}", _flat(value)) for key, value in spec.items() if key not in _MEANT]
    rest += [(str(key), _flat(value)) for part in ("labels", "annotations") for key, value in _mapping(metadata, part)]
    if metadata.get("description"):
        facts["description"] = literal(str(metadata["description"]))
    if tags := words.tags(",".join(map(str, _listed(metadata.get("tags"))))):
        facts["tags"] = tags
    urls = [
        one_line(str(one["url"])) for one in _listed(metadata.get("links")) if isinstance(one, dict) and one.get("url")
    ]
    if links := words.links(",".join(urls)):
        facts["links"] = links
    else:
        rest += [("link", url) for url in urls]
    if _name(entity) and slug(_name(entity)) != slug(facts["name"]):
        facts["aliases"] = [_name(entity)]
    if kind == "group":
        profile = spec.get("profile")
        if isinstance(profile, dict) and profile.get("email"):
            facts["contact"] = one_line(str(profile["email"]))
    else:
        facts |= {field: _reference(spec[field]) for field in ("owner", "system") if spec.get(field)}
    if kind == "system" and spec.get("domain"):
        facts["domain"] = _reference(spec["domain"])
    if _KINDS[kind] == "asset":
        facts |= _identified(kind, metadata) | _asset(spec, kind, known, rest)
    labels, prose = kept(rest)
    return Draft(_KINDS[kind], slug(_name(entity) or facts["name"]), facts, place, labels, prose)


def _identified(kind: str, metadata: Entity) -> dict[str, Any]:
    """What joins the record with what `stocktake discover` sees of the same entity."""
    place = [str(metadata.get("namespace") or "default").lower(), str(metadata.get("name", "")).lower()]
    fits = all(map(_PLAIN.fullmatch, place))
    return {"identifiers": [f"backstage:{kind}/{'/'.join(place)}"]} if fits else {}


def _asset(spec: Entity, kind: str, known: Known, rest: list[tuple[str, str]]) -> dict[str, Any]:
    """The type and the lifecycle; words that are not ours are kept beside."""
    facts: dict[str, Any] = {}
    said = one_line(str(spec.get("type", "")))
    type_ = "api" if kind == "api" else _OF_COMPONENT.get(slug(said)) if kind == "component" else None
    type_ = type_ or words.kind_of_asset(said, known.types, known.engines) or known.type
    if type_:
        facts["type"] = type_
    if said and said != type_:
        rest.append(("backstage.io/spec-type", said))
    if spec.get("lifecycle"):
        lifecycle = words.LIFECYCLE.get(slug(str(spec["lifecycle"])))
        if lifecycle:
            facts["lifecycle"] = lifecycle
        if lifecycle != spec["lifecycle"]:
            rest.append(("backstage.io/spec-lifecycle", str(spec["lifecycle"])))
    return facts


def _edges(entity: Entity, place: str) -> Iterator[Draft]:
    """Its relations; how it depends on something no catalogue says, so the type is left to whoever knows."""
    spec, own = _spec(entity), _name(entity)
    for field, is_outward, type_ in (
        ("dependsOn", True, ""),
        ("dependencyOf", False, ""),
        ("consumesApis", True, "calls"),
    ):
        for one in _listed(spec.get(field)):
            ends = (own, _reference(one)) if is_outward else (_reference(one), own)
            facts = {"from": ends[0], "to": ends[1], **({"type": type_} if type_ else {})}
            identity = slug(f"{ends[0]}-{type_ or 'uses'}-{ends[1]}")
            if all(ends):
                yield Draft("dependency", identity, facts, place, {"backstage.io/relation": field.lower()})


def members(documents: Sequence[tuple[int, Entity]]) -> Iterator[tuple[str, str]]:
    """(person, group) of every membership that a user or a group names."""
    for _, entity in documents:
        kind, spec = str(entity.get("kind", "")).lower(), _spec(entity)
        if kind == "user":
            yield from ((_called(entity), slug(_reference(one))) for one in _listed(spec.get("memberOf")))
        elif kind == "group":
            yield from ((_reference(one), slug(_name(entity))) for one in _listed(spec.get("members")))


def _reference(value: object) -> str:
    """The name in `kind:namespace/name`; empty where it is no text."""
    return "" if not isinstance(value, str) else one_line(value).rpartition(":")[2].rpartition("/")[2]


def _listed(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _mapping(metadata: Entity, part: str) -> Iterator[tuple[str, Any]]:
    found = metadata.get(part)
    yield from found.items() if isinstance(found, dict) else ()


def _flat(value: Any) -> str:
    """A value on one line, whatever it is."""
    if isinstance(value, list):
        return ", ".join(map(_flat, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_flat(one)}" for key, one in value.items())
    return str(value)

"""A Backstage catalogue joined with what the files of the tree describe: by folder, by name, by being the only one."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stocktake.discover import engines, kinds, places
from stocktake.discover.claims import Entity
from stocktake.discover.draft import Draft
from stocktake.discover.edges import LIKELY, WEAK, Reader, edge_type
from stocktake.model.observation import Evidence

_EXTERNAL = re.compile(r"(^|[-_ ])(external|third[-_ ]?party|saas|vendor)([-_ ]|$)")
_TYPES = (  # of resources that name no engine, by a word of their type
    (re.compile(r"bucket|object[-_ ]?stor"), "object-store"),
    (re.compile(r"topic|stream"), "event-stream"),
    (re.compile(r"queue|broker"), "message-queue"),
    (re.compile(r"cache"), "cache"),
    (re.compile(r"warehouse"), "data-warehouse"),
    (re.compile(r"search|index"), "search-index"),
    (re.compile(r"vault|secret"), "secret-store"),
    (re.compile(r"file[-_ ]?(system|share|store)|volume"), "file-store"),
    (re.compile(r"database|(^|[-_ ])db([-_ ]|$)"), "relational-db"),
)
_RUNS_NOT = frozenset(("docs", "documentation", "library", "package", "plugin", "sdk", "template"))
_ROLES = re.compile(r"[-_](service|svc|app|server)$")


def read(entities: Iterable[Entity], reader: Reader) -> None:
    """Things that only the catalogue knows of, and the edges that it tells."""
    told = {_reference(each): each for each in entities}
    before = list(reader.estate.drafts.values())
    drafts: dict[str, Draft] = {}
    for reference, entity in told.items():
        if entity.kind == "component" and entity.type not in _RUNS_NOT:
            drafts[reference] = _component(entity, reader, before, told.values())
        elif entity.kind == "resource" and (found := _resource(entity, reader, before, told.values())):
            drafts[reference] = found
    for reference, entity in sorted(told.items()):
        for field, other, evidence in entity.relations:
            if reference in drafts and field != "providesApis":
                _connect(drafts, reference, field, other, evidence, reader, told.values())


def _reference(entity: Entity) -> str:
    return f"{entity.kind}:{entity.namespace}/{entity.name.lower()}"


def _component(entity: Entity, reader: Reader, before: list[Draft], every: Iterable[Entity]) -> Draft:
    own = [draft for draft in before if draft.type not in engines.STORES]
    found = _named(entity, own, every) or _living(entity, reader, every)
    if found is None:
        type_ = entity.type if entity.type == "website" else kinds.component(entity.name, "", "", (), (), False)
        found = Draft(_key(entity.name), entity.name, type_, confidence=LIKELY)
        reader.estate.add(found, entity.namespace)
    return _joined(found, entity)


def _resource(entity: Entity, reader: Reader, before: list[Draft], every: Iterable[Entity]) -> Draft | None:
    """A store, or a system of others; None for what is neither."""
    engine = _engine(entity)
    type_ = engines.ENGINES[engine].type if engine else _type(entity.type)
    if not type_:
        return None
    stores = [
        draft
        for draft in before
        if draft.type in engines.STORES and (not engine or engines.agree(draft.engine, engine))
    ]
    alike = [each for each in every if each.kind == "resource" and _engine(each) == engine]
    found = _named(entity, stores, every)
    if found is None and engine and len(alike) == 1 and len(stores) == 1:
        found = stores[0]
    if found is None:
        found = Draft(_key(entity.name), entity.name, type_, engine, confidence=LIKELY if engine else WEAK)
        reader.estate.add(found, engine or "resource")
    return _joined(found, entity)


def _joined(draft: Draft, entity: Entity) -> Draft:
    draft.identifiers.add(f"backstage:{entity.kind}/{entity.namespace}/{entity.name.lower()}")
    draft.aliases.update((entity.name, *entity.names))
    draft.evidence.add(entity.evidence)
    return draft


def _named(entity: Entity, drafts: Iterable[Draft], every: Iterable[Entity]) -> Draft | None:
    """The one thing that has a name of the entity, or nearly so if no other entity has the very name."""
    names = {_plain(name) for name in (entity.name, *entity.names)}
    found = [draft for draft in drafts if {_plain(draft.key), _plain(draft.name)} & names]
    if not found:
        taken = {_plain(each.name) for each in every if each.kind == entity.kind}
        near = {_bare(name) for name in names}
        found = [draft for draft in drafts if _bare(draft.key) in near and _plain(draft.key) not in taken]
    return found[0] if len(found) == 1 else None


def _living(entity: Entity, reader: Reader, every: Iterable[Entity]) -> Draft | None:
    """The one program in the folder that the entity names; that of the file, where it describes no other program."""
    home = entity.home or places.folder(entity.path)
    others = [each for each in every if each.kind == "component" and each.path == entity.path and each is not entity]
    if not entity.home and others:
        return None
    living = reader.owners.get(home, ())
    return living[0] if len(living) == 1 else None


def _connect(
    drafts: dict[str, Draft],
    reference: str,
    field: str,
    other: str,
    evidence: Evidence,
    reader: Reader,
    every: Iterable[Entity],
) -> None:
    if field == "consumesApis":
        for target in _providers(other, drafts, reader, every):
            reader.estate.connect(drafts[reference], target, "calls", LIKELY, [evidence])
    elif other in drafts and field in ("dependsOn", "dependencyOf"):
        ends = (reference, other) if field == "dependsOn" else (other, reference)
        source, target = (drafts[end] for end in ends)
        if source.type not in engines.STORES:
            reader.estate.connect(source, target, edge_type(source, target), LIKELY, [evidence])


def _providers(api: str, drafts: dict[str, Draft], reader: Reader, every: Iterable[Entity]) -> list[Draft]:
    """The programs that provide an interface; one for the interface itself where the tree does not tell which."""
    found = [
        drafts[_reference(each)]
        for each in every
        if _reference(each) in drafts
        and any(field == "providesApis" and ref == api for field, ref, _ in each.relations)
    ]
    if not found and api in drafts:
        return [drafts[api]]
    if not found:
        namespace, _, name = api.partition(":")[2].partition("/")
        drafts[api] = reader.estate.add(Draft(_key(name), name, "api", confidence=WEAK), "api")
        drafts[api].identifiers.add(f"backstage:api/{namespace}/{name}")
        drafts[api].evidence.update(
            evidence
            for each in every
            for field, ref, evidence in each.relations
            if (field, ref) == ("consumesApis", api)
        )
        return [drafts[api]]
    return found


def _engine(entity: Entity) -> str:
    if _EXTERNAL.search(entity.type):
        return ""
    words = [*re.split(r"[^a-z0-9]+", entity.type), entity.type, *re.split(r"[^a-z0-9]+", entity.name.lower())]
    return next((engine for word in words if (engine := engines.of_name(word))), "") or (
        "s3" if entity.type.startswith("s3") else ""
    )


def _type(word: str) -> str:
    if _EXTERNAL.search(word):
        return "external-saas"
    return next((type_ for pattern, type_ in _TYPES if pattern.search(word)), "")


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _bare(name: str) -> str:
    """A name without the word for what it is."""
    return _ROLES.sub("", _plain(name))


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.")[:80] or "entity"

"""Compose files joined into projects: one a folder, however many base files, overlays and variants describe it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from posixpath import basename
from typing import NamedTuple

from stocktake.discover import images, places
from stocktake.discover.claims import Composition, Configuration, Service, Setting
from stocktake.discover.interpolate import interpolate

MOST_EXTENDED = 10
_FIRST = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
_COPIES = ("", ".sample", ".example", ".template", ".dist", ".tmpl")


class Project(NamedTuple):
    """`services` holds for each name what every file says about it, the main file first; `files` are those read.

    `is_composed` tells what Compose describes from what only other files do.
    """

    name: str
    folder: str
    services: Mapping[str, tuple[Service, ...]]
    files: tuple[str, ...]
    secret_files: tuple[str, ...]
    is_composed: bool = True


class _Draft:
    """A project while its files are gathered."""

    __slots__ = ("compositions", "folder", "name")

    def __init__(self, folder: str, compositions: list[Composition]) -> None:
        self.folder = folder
        self.compositions = sorted(compositions, key=_rank)
        self.name = ""

    def named(self) -> dict[str, list[Service]]:
        services: dict[str, list[Service]] = {}
        for composition in self.compositions:
            for service in composition.services:
                services.setdefault(service.name, []).append(service)
        return services


def projects(
    compositions: Iterable[Composition], configurations: Mapping[str, Configuration], root: str
) -> list[Project]:
    """All projects of a tree, sorted by folder; `root` names the project of the tree's own folder."""
    files = {composition.path: _settled(composition, configurations) for composition in compositions}
    templates = _templates(files)
    drafts: dict[str, _Draft] = {}
    homes = _homes(files)
    for path, composition in files.items():
        if path not in templates and composition.services:
            home = homes[path]
            draft = drafts.get(home)
            drafts[home] = _Draft(home, [*(draft.compositions if draft else []), composition])
    for draft in drafts.values():
        draft.name = _name(draft, configurations, root)
    folded = _folded([drafts[home] for home in sorted(drafts)])
    return [_project(draft, files, configurations) for draft in folded]


def _rank(composition: Composition) -> tuple[int, str]:
    name = basename(composition.path)
    first = _FIRST.index(name) if name in _FIRST else 5 if "override" in name else 6
    return first, composition.path


def _templates(files: Mapping[str, Composition]) -> frozenset[str]:
    """Files that others only extend: their services are no services of their own."""
    extended = set()
    for path, composition in files.items():
        for service in composition.services:
            if service.extends and service.extends[0]:
                target = places.resolve(places.folder(path), service.extends[0])
                if target and target != path and not re.match(r"(docker-)?compose\.ya?ml$", basename(target)):
                    extended.add(target)
    return frozenset(extended)


def _homes(files: Mapping[str, Composition]) -> dict[str, str]:
    """The folder of the project that each file belongs to: that of the file which includes it, else its own."""
    including: dict[str, str] = {}
    for path, composition in files.items():
        for include in composition.includes:
            target = places.resolve(places.folder(path), include)
            if target and target in files and target != path:
                including.setdefault(target, path)
    homes = {}
    for path in files:
        top, seen = path, {path}
        while top in including and including[top] not in seen:
            top = including[top]
            seen.add(top)
        homes[path] = places.folder(top)
    return homes


def _name(draft: _Draft, configurations: Mapping[str, Configuration], root: str) -> str:
    written = next((composition.name for composition in draft.compositions if composition.name), "")
    name = (
        written
        or variables(draft.folder, configurations).get("COMPOSE_PROJECT_NAME", "")
        or basename(draft.folder)
        or root
    )
    return re.sub(r"[^a-z0-9_-]", "", name.lower()).lstrip("_-") or "project"


def variables(folder: str, configurations: Mapping[str, Configuration]) -> dict[str, str]:
    """What Compose reads from `.env` beside the file; from its sample where there is none."""
    found = env_file((f"{folder}/" if folder else "") + ".env", configurations)
    return {setting.key: setting.value for setting in found.settings} if found else {}


def env_file(path: str, configurations: Mapping[str, Configuration]) -> Configuration | None:
    """An env file by its path, or the sample that is to be copied there."""
    before, slash, name = path.rpartition("/")
    candidates = [path + copy for copy in _COPIES] + [before + slash + name.lstrip(".") + copy for copy in _COPIES]
    return next((configurations[candidate] for candidate in candidates if candidate in configurations), None)


def _settled(composition: Composition, configurations: Mapping[str, Configuration]) -> Composition:
    """The same with variables replaced, and with paths that are seen from the root."""
    folder = places.folder(composition.path)
    values = variables(folder, configurations)
    return composition._replace(
        name=interpolate(composition.name, values) if "$" not in interpolate(composition.name, values) else "",
        services=tuple(_settled_service(service, folder, values) for service in composition.services),
        secret_files=tuple(
            path for file in composition.secret_files if (path := places.resolve(folder, interpolate(file, values)))
        ),
    )


def _settled_service(service: Service, folder: str, values: Mapping[str, str]) -> Service:
    def text(value: str) -> str:
        return interpolate(value, values)

    def pairs(settings: Iterable[Setting]) -> tuple[Setting, ...]:
        return tuple(setting._replace(value=text(setting.value)) for setting in settings)

    context = places.resolve(folder, text(service.context)) if service.context else None
    dockerfile = places.resolve(context, text(service.dockerfile) or "Dockerfile") if context is not None else None
    return service._replace(
        image=text(service.image),
        context=context if context is not None else "",
        dockerfile=dockerfile or "",
        command=text(service.command),
        settings=pairs(service.settings),
        arguments=pairs(service.arguments),
        labels=pairs(service.labels),
        env_files=tuple(path for file in service.env_files if (path := places.resolve(folder, text(file)))),
        ports=tuple(text(port) for port in service.ports),
        mounts=tuple((_mounted(folder, text(source)), target) for source, target in service.mounts),
        hosts=tuple(text(host) for host in service.hosts),
        extends=(places.resolve(folder, service.extends[0]) or "", service.extends[1]) if service.extends else None,
    )


def _mounted(folder: str, source: str) -> str:
    """A path seen from the root for a bind mount (`./` in front), the name alone for a named volume."""
    if not source.startswith("."):
        return source
    found = places.resolve(folder, source)
    return "" if found is None else f"./{found}"


def _folded(drafts: list[_Draft]) -> list[_Draft]:
    """Drafts that describe one system in several folders become one."""
    kept: list[_Draft] = []
    signs: dict[tuple[str, ...], set[int]] = {}  # by what two that are one have in common: with each other all differ
    for draft in sorted(drafts, key=lambda draft: (draft.folder.count("/") if draft.folder else -1, draft.folder)):
        alike = sorted({number for sign in (*_signs(draft), *_above(draft)) for number in signs.get(sign, ())})
        same = next((number for number in alike if _are_one(kept[number], draft)), len(kept))
        if same < len(kept):
            kept[same].compositions += draft.compositions
        else:
            kept.append(draft)
        for sign in (*_signs(draft), ("folder", kept[same].folder)):
            signs.setdefault(sign, set()).add(same)
    return sorted(kept, key=lambda draft: draft.folder)


def _signs(draft: _Draft) -> Iterator[tuple[str, ...]]:
    """The name that somebody gave a draft, and the marks of its services."""
    yield from (("name", composition.name) for composition in draft.compositions if composition.name)
    for name, services in draft.named().items():
        yield from (("mark", name, mark) for mark in _marks(services))


def _above(draft: _Draft) -> Iterator[tuple[str, ...]]:
    """The folder of a draft and all above it."""
    folder = draft.folder
    while folder:
        yield "folder", folder
        folder = places.folder(folder)
    yield "folder", ""


def _are_one(one: _Draft, other: _Draft) -> bool:
    mine, yours = one.named(), other.named()
    shared = mine.keys() & yours.keys()
    written = (
        next((c.name for c in one.compositions if c.name), None),
        next((c.name for c in other.compositions if c.name), None),
    )
    if written[0] and written[0] == written[1]:
        return True
    if len(shared) * 2 < min(len(mine), len(yours)) or not shared:
        return False
    if any(_marks(mine[name]) & _marks(yours[name]) for name in shared):
        return True
    is_near = places.is_below(one.folder, other.folder) or places.is_below(other.folder, one.folder)
    own = [name for name in shared if _marks(mine[name]) or _marks(yours[name])]
    return is_near and bool(own) and not any(_recipes(mine[name]) and _recipes(yours[name]) for name in own)


def _marks(services: list[Service]) -> set[str]:
    """What tells one service of the user's own from all others: its recipe, or an image that nobody else makes."""
    built = {f"recipe {path}" for path in _recipes(services)}
    own = {
        f"image {images.split(service.image)[0]}"
        for service in services
        if service.image and not images.known(service.image)
    }
    return {mark for mark in built | own if "$" not in mark}


def _recipes(services: list[Service]) -> set[str]:
    return {service.dockerfile for service in services if service.dockerfile}


def _project(draft: _Draft, files: Mapping[str, Composition], configurations: Mapping[str, Configuration]) -> Project:
    services: dict[str, tuple[Service, ...]] = {}
    for composition in draft.compositions:
        for service in composition.services:
            whole = _extended(service, composition, files, 0)
            services[service.name] = (*services.get(service.name, ()), _with_env_files(whole, configurations))
    return Project(
        draft.name,
        draft.folder,
        {name: services[name] for name in sorted(services)},
        tuple(sorted(composition.path for composition in draft.compositions)),
        tuple(sorted({path for composition in draft.compositions for path in composition.secret_files})),
    )


def _extended(service: Service, composition: Composition, files: Mapping[str, Composition], depth: int) -> Service:
    """The service with what it inherits; its own words stand first."""
    if not service.extends or depth > MOST_EXTENDED:
        return service
    path, name = service.extends
    source = files.get(path) if path else composition
    parent = next((candidate for candidate in source.services if candidate.name == name), None) if source else None
    if parent is None or source is None or parent is service:
        return service
    parent = _extended(parent, source, files, depth + 1)
    own = {setting.key for setting in service.settings}
    return service._replace(
        image=service.image or ("" if service.dockerfile else parent.image),
        image_evidence=service.image_evidence or parent.image_evidence,
        context=service.context or parent.context,
        dockerfile=service.dockerfile or parent.dockerfile,
        command=service.command or parent.command,
        restart=service.restart or parent.restart,
        settings=service.settings + tuple(setting for setting in parent.settings if setting.key not in own),
        env_files=parent.env_files + service.env_files,
        ports=parent.ports + service.ports,
        mounts=parent.mounts + service.mounts,
        labels=parent.labels + service.labels,
    )


def _with_env_files(service: Service, configurations: Mapping[str, Configuration]) -> Service:
    own = {setting.key for setting in service.settings}
    read = [found for path in service.env_files if (found := env_file(path, configurations))]
    return service._replace(
        settings=service.settings
        + tuple(setting for file in read for setting in file.settings if setting.key not in own)
    )

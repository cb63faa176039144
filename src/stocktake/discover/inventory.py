"""What runs: a thing for each service of a Compose project and for each folder with a program nobody composes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from posixpath import basename

from stocktake.discover import engines, images, kinds, places
from stocktake.discover.claims import Claims, Manifest, Recipe, Service
from stocktake.discover.draft import Draft, Estate
from stocktake.discover.images import Image
from stocktake.discover.projects import Project
from stocktake.discover.servers import disguised

_PUBLISHED = re.compile(r"^(?:.*:)?(\d{1,5})(?:-\d+)?:\d{1,5}(?:-\d+)?(?:/\w+)?$")
_KEEPS = re.compile(r"appendonly yes|--save \d")  # what makes Redis write to its disk
_RECIPES = ("Dockerfile", "Containerfile")


class Folders:
    """What stands in the folders of a tree: manifests, recipes and env files."""

    def __init__(self, claims: Claims) -> None:
        self.recipes: dict[str, Recipe] = {recipe.path: recipe for recipe in claims.recipes}
        self.manifests: dict[str, list[Manifest]] = {}
        for manifest in claims.manifests:
            self.manifests.setdefault(places.folder(manifest.path), []).append(manifest)
        self.with_env = frozenset(places.folder(file.path) for file in claims.configurations if file.is_env)
        self.with_recipe = frozenset(places.folder(path) for path in self.recipes if basename(path) in _RECIPES)
        self.ports: dict[str, set[int]] = {}
        for file in claims.configurations:
            numbers = {
                int(each.value) for each in file.settings if each.key == "PORT" and re.fullmatch(r"\d{2,5}", each.value)
            }
            self.ports.setdefault(places.folder(file.path), set()).update(numbers)
        self._by_name: dict[str, list[str]] = {}
        for folder in sorted(self.manifests.keys() | self.with_recipe):
            self._by_name.setdefault(basename(folder), []).append(folder)

    def named(self, name: str) -> list[str]:
        """The one folder with a program that has this name; none where there are several."""
        found = self._by_name.get(name, []) if name else []
        return found if len(found) == 1 else []

    def has_program(self, folder: str) -> bool:
        """Whether a folder holds what is needed to build or run something."""
        return folder in self.manifests or folder in self.with_recipe

    def packages(self, folders: Iterable[str]) -> list[frozenset[str]]:
        """What the manifests of some folders list."""
        return [manifest.packages for folder in folders for manifest in self.manifests.get(folder, [])]


def compose(project: Project, folders: Folders, estate: Estate) -> None:
    """The services of a project."""
    for name, variants in project.services.items():
        for number, (image, group) in enumerate(_groups(variants, folders)):
            draft = _service(name, image, group, folders)
            draft.key = name if number == 0 else f"{name}-{draft.engine or draft.type}"
            draft.identifiers.update(identifier for variant in group for identifier in variant.identifiers)
            if any(not variant.identifiers for variant in group):
                draft.identifiers.add(f"compose:{project.name}/{name}")
            draft.project = project
            estate.add(draft, project.name)


def _groups(variants: tuple[Service, ...], folders: Folders) -> Iterator[tuple[Image | None, tuple[Service, ...]]]:
    """Variants that run the same engine; a file that changes only settings goes with the first."""
    judged = [(variant, _image(variant, folders)) for variant in variants]
    stores = list(dict.fromkeys(image.engine for _, image in judged if image and image.engine))
    first = next((image for _, image in judged if image), None)
    for number, engine in enumerate(stores or [""]):
        group = tuple(v for v, image in judged if (image.engine == engine if image and image.engine else number == 0))
        yield next((image for _, image in judged if image and image.engine == engine), first), group


def _image(service: Service, folders: Folders) -> Image | None:
    """What the image holds, or the one its recipe starts from; None for a program of the user's own."""
    if service.type:
        return Image(service.type, service.engine, service.version)
    image = images.known(service.image) if service.image else None
    recipe = folders.recipes.get(service.dockerfile)
    if image is None and recipe:
        base = recipe.stages.get(service.target.lower(), recipe.last) if service.target else recipe.last
        image = images.known(base)
        if image and image.type in ("gateway", "service", "batch-job", "worker"):
            builds = len(recipe.stages) > 1 or kinds.is_frontend(
                frozenset().union(*folders.packages([places.folder(recipe.path)]))
            )
            image = (
                Image("frontend") if image.type == "gateway" and builds else image if image.type == "gateway" else None
            )
    if image is None and not recipe:
        image = disguised(service)
    if image and image.engine and kinds.is_client(service.command):
        return Image("batch-job")
    return image


def _service(name: str, image: Image | None, variants: tuple[Service, ...], folders: Folders) -> Draft:
    command = " ".join(variant.command for variant in variants)
    homes = _homes(name, variants, folders)
    recipe = next((folders.recipes[v.dockerfile] for v in variants if v.dockerfile in folders.recipes), None)
    type_ = kinds.component(
        name,
        command or (recipe.command if recipe else ""),
        next((variant.restart for variant in variants if variant.restart), ""),
        (profile for variant in variants for profile in variant.profiles),
        folders.packages(homes),
        any(variant.ports for variant in variants),
    )
    draft = Draft(name, name, type_)
    if image:
        is_plain = image.type != "service" or type_ not in ("batch-job", "worker")
        draft = Draft(name, name, image.type if is_plain else type_, image.engine, image.version)
        if image.type == "cache" and any(_KEEPS.search(variant.command) for variant in variants):
            draft.type = "key-value"
    draft.homes = homes
    draft.variants = variants
    draft.ports.update(_published(variants))
    draft.aliases.update(host for variant in variants for host in variant.hosts if "$" not in host)
    for variant in variants:
        draft.evidence.add(variant.evidence)
        draft.evidence.update([variant.image_evidence] if variant.image_evidence else [])
    return draft


def _published(variants: Iterable[Service]) -> Iterator[int]:
    for variant in variants:
        yield from (int(match[1]) for port in variant.ports if (match := _PUBLISHED.match(port)))


def _homes(name: str, variants: Iterable[Service], folders: Folders) -> tuple[str, ...]:
    """The folders of a service's code: that of its recipe, the one that has its name, or its build context."""
    found: list[str] = []
    for variant in variants:
        recipe = places.folder(variant.dockerfile)
        if variant.dockerfile and basename(variant.dockerfile) in _RECIPES:
            found += [recipe, variant.context] if recipe.startswith(variant.context) and variant.context else [recipe]
    found += [
        source[2:]
        for variant in variants
        for source, target in variant.mounts
        if source.startswith("./") and folders.has_program(source[2:]) and not target.startswith("/etc")
    ]
    contexts = [variant.context for variant in variants if variant.dockerfile in folders.recipes]
    return tuple(dict.fromkeys(found or folders.named(name) or contexts))


def programs(folders: Folders, estate: Estate, root: str) -> None:
    """Programs in folders that no service is built from."""
    homes = {home for draft in estate.drafts.values() for home in draft.homes}
    used = {variant.dockerfile for draft in estate.drafts.values() for variant in draft.variants}
    has_others = any(not (draft.is_declared and draft.engine) for draft in estate.drafts.values())
    for folder in sorted(folders.manifests.keys() | folders.with_recipe):
        recipe = next(
            (folders.recipes[path] for name in _RECIPES if (path := _join(folder, name)) in folders.recipes), None
        )
        if folder in homes or (recipe and recipe.path in used) or (not folder and has_others):
            continue
        draft = _program(folder, recipe, folders.manifests.get(folder, []), folder in folders.with_env, root)
        if draft:
            draft.homes = (folder,)
            draft.ports.update(recipe.ports if recipe else (), folders.ports.get(folder, ()))
            estate.add(draft, basename(places.folder(folder)))


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _program(folder: str, recipe: Recipe | None, manifests: list[Manifest], has_env: bool, root: str) -> Draft | None:
    name = basename(folder) or root
    packages = frozenset().union(*(manifest.packages for manifest in manifests))
    base = images.known(recipe.last) if recipe else None
    if recipe and base and base.engine:
        draft = Draft(name, name, base.type, base.engine, base.version, 0.5)
    elif recipe or (has_env and kinds.is_program(packages)) or kinds.is_runnable(packages):
        type_ = kinds.component(name, recipe.command if recipe else "", "", (), [packages], True)
        draft = Draft(name, name, type_, confidence=0.7 if recipe else 0.6)
    elif kinds.is_frontend(packages) and any(
        manifest.is_app and manifest.path.endswith(".json") for manifest in manifests
    ):
        draft = Draft(name, name, "frontend", confidence=0.6)
    elif kinds.is_transformation(packages):
        named = next((manifest.name for manifest in manifests if manifest.name), name)
        draft = Draft(name, named, "batch-job", confidence=0.7)
    else:
        return None
    draft.evidence.update([recipe.evidence] if recipe else [])
    draft.evidence.update(manifest.evidence for manifest in manifests)
    draft.identifiers.add(f"file:{folder or (recipe.path if recipe else manifests[0].path)}")
    return draft


def owners(estate: Estate) -> Mapping[str, tuple[Draft, ...]]:
    """Which components live in a folder."""
    found: dict[str, list[Draft]] = {}
    for draft in estate.drafts.values():
        for home in draft.homes:
            if draft.type not in engines.STORES:
                found.setdefault(home, []).append(draft)
    return {home: tuple(drafts) for home, drafts in found.items()}

"""Manifests of Kubernetes joined: bases with their overlays, pods with their settings, and both with Compose."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from posixpath import basename, commonpath

from stocktake.discover import images, places
from stocktake.discover.claims import BESIDE, Claims, Configuration, Container, Kustomization, Object, Service, Setting
from stocktake.discover.interpolate import interpolate
from stocktake.discover.inventory import Folders
from stocktake.discover.manifests import WORKLOADS
from stocktake.discover.projects import Project, env_file

_TOP = re.compile(
    r"^(\.?k8s\S*|kubernetes\S*|kube|manifests?|deploy|deployments?|deployment|gitops|argocd|argo|clusters?|kustomize|"
    r"infra|infrastructure|openshift|specs?|helm|charts?)$",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"(^|/)(istio|linkerd|envoy|fluent|cloud-?sql-?proxy|gce-proxy|vault|oauth2-proxy|opentelemetry|jaeger-agent|\S*exporter)"
)
_RANKS = ("prod", "live", "base", "stag", "test", "dev", "local")


class Group:
    """Objects that describe one system; `services` are what runs, each with everything that is said of it."""

    def __init__(self, folders: Iterable[str], objects: list[Object], kustomizations: list[Kustomization]) -> None:
        self.folders = sorted(folders)
        self.objects = sorted(objects, key=lambda each: (rank(each.path), each.path, each.evidence.line))
        self.kustomizations = sorted(kustomizations, key=lambda each: (rank(each.path), each.path))
        self.services: dict[str, list[Service]] = {}

    @property
    def folder(self) -> str:
        """The nearest folder above all of them."""
        return commonpath(self.folders) if len(self.folders) > 1 and "" not in self.folders else self.folders[0]

    def name(self, root: str) -> str:
        """Its namespace if it has one only, else the folder that it lies in."""
        spaces = {each.namespace for each in self.objects} | {each.namespace for each in self.kustomizations}
        spaces.discard("")
        if len(spaces) == 1:
            return spaces.pop()
        parts = [part for part in self.folder.split("/") if part and not _TOP.match(part)]
        return parts[-1] if parts else root


def rank(path: str) -> int:
    """Production first, then what all environments share, then the others."""
    return next((number for number, word in enumerate(_RANKS) if word in path.lower()), 2)


def groups(claims: Claims) -> list[Group]:
    """The objects of a tree by the system that they describe: an overlay belongs to its bases."""
    above: dict[str, str] = {}
    kustomized = {places.folder(each.path) for each in claims.kustomizations}
    for path in sorted({each.path for each in claims.objects} | {each.path for each in claims.kustomizations}):
        folder = places.folder(path)
        _unite(above, folder, _top(folder))
    for each in claims.kustomizations:
        folder = places.folder(each.path)
        for resource in (*each.resources, *each.patches):
            target = places.resolve(folder, resource)
            if target is not None and "\n" not in resource:
                _unite(above, folder, target if target in kustomized else places.folder(target))
    homes = {_root(above, folder) for folder in above}
    return [
        Group(
            [folder for folder in above if _root(above, folder) == home],
            [each for each in claims.objects if _root(above, places.folder(each.path)) == home],
            [each for each in claims.kustomizations if _root(above, places.folder(each.path)) == home],
        )
        for home in sorted(homes)
    ]


def _top(folder: str) -> str:
    """The first folder on the way that is one of manifests, else the folder itself."""
    parts = folder.split("/")
    return next(("/".join(parts[: n + 1]) for n, part in enumerate(parts) if _TOP.match(part)), folder)


def _unite(above: dict[str, str], one: str, other: str) -> None:
    first, second = _root(above, one), _root(above, other)
    above[max(first, second)] = min(first, second)


def _root(above: dict[str, str], folder: str) -> str:
    while above.setdefault(folder, folder) != folder:
        folder = above[folder]
    return folder


def fill(group: Group, configurations: Mapping[str, Configuration], folders: Folders, root: str) -> None:
    """What runs in a group, with the settings that other objects hold for it."""
    name, data = group.name(root), _data(group, configurations)
    outside = {each.name: each.targets[0][0] for each in group.objects if each.kind == "Service" and each.targets}
    for each in group.objects:
        space = each.namespace or name
        identifier = f"k8s:{space}/{each.kind.lower()}/{each.name}"
        if each.type and not each.containers:
            made = Service(
                each.name, each.evidence, hosts=each.hosts, identifiers=(identifier,), type=each.type,
                engine=each.engine, version=each.version,
            )  # fmt: skip
            _take(group, each.name, made, space)
        elif each.kind in WORKLOADS or each.containers:
            for service in _pod(each, group, data, outside):
                made = _built(_imaged(service, group), folders)
                is_main = service.name == each.name
                told = identifier if is_main else f"{identifier}/{service.name[len(each.name) + 1 :]}"
                _take(group, service.name, made._replace(identifiers=(told,)), space)


def _take(group: Group, name: str, service: Service, space: str) -> None:
    """One more thing that is said of a name; another program of the same name in another namespace is its own."""
    known = group.services.get(name)
    if known and any(_differ(each, service) for each in known):
        name = f"{space}-{name}"
    group.services.setdefault(name, []).append(service._replace(name=name))


def _differ(one: Service, other: Service) -> bool:
    first, second = (images.split(each.image)[0].rpartition("/")[2] for each in (one, other))
    if not first or not second or first == second:
        return False
    return one.identifiers != other.identifiers and not (images.known(one.image) or images.known(other.image))


def _pod(
    each: Object, group: Group, data: Mapping[str, list[Setting]], outside: Mapping[str, str]
) -> Iterator[Service]:
    """The program that a pod is for, with what stands beside it; a store beside it is a thing of its own."""
    hosts, ports = _reached(each, group)
    parts = [_settled(container, data, outside) for container in each.containers]
    own = [(c, part) for c, part in zip(each.containers, parts, strict=True) if not _is_store_beside(c)]
    for container, part in zip(each.containers, parts, strict=True):
        if _is_store_beside(container):
            yield part._replace(name=f"{each.name}-{part.name}")
    if not own:
        return
    main = next((part for _, part in own if part.name == each.name and part.image), own[0][1])
    others = [part for _, part in own if part is not main]
    yield main._replace(
        name=each.name,
        evidence=each.evidence,
        type=each.type,
        settings=main.settings + tuple(setting for part in others for setting in part.settings),
        arguments=main.arguments + tuple(setting for part in others for setting in part.arguments),
        hosts=hosts,
        ports=main.ports or ports,
    )


def _is_store_beside(container: Container) -> bool:
    known = images.known(container.service.image)
    return container.role == BESIDE and bool(known and known.engine) and not _BESIDE.search(container.service.image)


def _reached(each: Object, group: Group) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names by which others reach a pod, and its ports."""
    services = [
        service
        for service in group.objects
        if service.kind == "Service" and service.selector and service.selector <= each.labels
    ]
    names = list(dict.fromkeys(service.name for service in services))
    hosts = list(names)
    if each.kind == "StatefulSet":
        hosts += [f"{each.name}-0", *(f"{each.name}-0.{name}" for name in names)]
    shown: dict[str, set[str]] = {}
    for ingress in group.objects:
        if ingress.kind == "Ingress":
            for host, target in ingress.targets:
                shown.setdefault(host, set()).add(target.partition(".")[0])
    hosts += [
        host for host, targets in shown.items() if len(targets) == 1 and targets <= set(names) and "*" not in host
    ]
    return tuple(hosts), tuple(port for service in services for port in service.ports)


def _settled(container: Container, data: Mapping[str, list[Setting]], outside: Mapping[str, str]) -> Service:
    """A container with the settings that stand in other objects, as far as these are in the tree."""
    found = list(container.service.settings)
    for reference in container.references:
        held = data.get(f"{reference.kind}/{reference.name}", [])
        if reference.item:
            value = next((each for each in held if each.key == reference.item), None)
            found.append(value._replace(key=reference.key) if value else Setting(reference.key, "", reference.evidence))
        else:
            prefix = "" if reference.key == "/" else reference.key
            found += [each._replace(key=prefix + each.key) for each in held]
    values = {each.key: each.value for each in found if each.value}
    told = (each._replace(value=_outside(interpolate(each.value, values), outside)) for each in found)
    return container.service._replace(settings=tuple(told))


def _outside(value: str, names: Mapping[str, str]) -> str:
    """A value with the full host where a service only stands for one outside of the cluster."""
    for name, host in names.items():
        if name in value:
            value = re.sub(
                rf"(?<![\w.-]){re.escape(name)}(\.[a-z0-9-]+)?(\.svc(\.cluster\.local)?)?(?![\w.-])", host, value
            )
    return value


def _data(group: Group, configurations: Mapping[str, Configuration]) -> dict[str, list[Setting]]:
    """What each ConfigMap and Secret holds, the surest place first."""
    data: dict[str, list[Setting]] = {}
    for each in (*group.objects, *(made for one in group.kustomizations for made in one.objects)):
        if each.kind in ("ConfigMap", "Secret"):
            data.setdefault(f"{each.kind}/{each.name}", []).extend(each.settings)
    for one in group.kustomizations:
        for name, path in one.env_files:
            target = places.resolve(places.folder(one.path), path)
            found = env_file(target, configurations) if target else None
            data.setdefault(name, []).extend(found.settings if found else ())
    return data


def _imaged(service: Service, group: Group) -> Service:
    """A service with the image that a kustomization puts in, that of production first."""
    name = images.split(service.image)[0]
    for each in group.kustomizations:
        for wanted, new, tag in each.images:
            if wanted == name and (new or tag):
                kept = images.split(service.image)[1]
                return service._replace(image=f"{new or name}{f':{tag or kept}' if tag or kept else ''}")
    return service


def _built(service: Service, folders: Folders) -> Service:
    """A service with the folder that its image is built in, where one folder has the name of it."""
    if not service.image or images.known(service.image):
        return service
    short = images.split(service.image)[0].rpartition("/")[2]
    found = next((home for name in (service.name, short) for home in folders.named(name)), None)
    recipe = f"{found}/Dockerfile" if found else ""
    return service._replace(context=found or "", dockerfile=recipe if recipe in folders.recipes else "")


def joined(
    projects: list[Project], claims: Claims, configurations: Mapping[str, Configuration], folders: Folders, root: str
) -> list[Project]:
    """All projects, with what manifests say: of the services of a Compose project, or of a project of their own."""
    result = list(projects)
    for group in groups(claims):
        fill(group, configurations, folders, root)
        if not group.services:
            continue
        best, pairs = None, dict[str, str]()
        for number, project in enumerate(result):
            found = _same(project, group)
            if len(found) > len(pairs):
                best, pairs = number, found
        files = tuple(sorted({each.path for each in group.objects}))
        if best is None:
            name = re.sub(r"[^a-z0-9_-]", "", group.name(root).lower()).lstrip("_-") or "project"
            result.append(Project(name, group.folder, _named({}, group, {}), files, (), False))
        else:
            home = result[best]
            result[best] = home._replace(services=_named(home.services, group, pairs), files=(*home.files, *files))
    return result


def _named(
    services: Mapping[str, tuple[Service, ...]], group: Group, pairs: Mapping[str, str]
) -> Mapping[str, tuple[Service, ...]]:
    named = dict(services)
    for name, variants in group.services.items():
        key = pairs.get(name) or (name if name not in services else f"{name}-k8s")
        aliases = () if key == name else (name,)
        named[key] = (*named.get(key, ()), *(each._replace(hosts=(*each.hosts, *aliases)) for each in variants))
    return {name: named[name] for name in sorted(named)}


def _same(project: Project, group: Group) -> dict[str, str]:
    """Which services of a group are which of a project: by name and kind, by image, as the only store of an engine."""
    found: dict[str, str] = {}
    mine = {name: _what(variants) for name, variants in project.services.items()}
    yours = {name: _what(variants) for name, variants in group.services.items()}
    bare = {_bare(name, project.name): name for name in mine}
    for name, what in yours.items():
        other = bare.get(_bare(name, project.name), "")
        if other and mine[other][0] == what[0]:
            found[name] = other
    for name, (engine, marks) in yours.items():
        alike = [other for other, (_, theirs) in mine.items() if marks & theirs and other not in found.values()]
        if name not in found and not engine and len(alike) == 1:
            found[name] = alike[0]
    if found:
        for name, (engine, _) in yours.items():
            others = [other for other, (theirs, _) in mine.items() if theirs == engine and other not in found.values()]
            again = [each for each, (theirs, _) in yours.items() if theirs == engine]
            if engine and name not in found and len(others) == 1 and len(again) == 1:
                found[name] = others[0]
    return found


def _bare(name: str, project: str) -> str:
    """A name without the words that say nothing."""
    return re.sub(
        r"[-_](deployment|deploy|service|svc|statefulset|sts|app)$", "", name.lower().removeprefix(f"{project}-")
    )


def _what(variants: Iterable[Service]) -> tuple[str, frozenset[str]]:
    """The engine of a service, empty for a program, and what tells it from others: its image and recipe."""
    variants = tuple(variants)
    known = [image for each in variants if (image := images.known(each.image))]
    engine = next((each.engine for each in variants if each.engine), "") or next((i.engine for i in known), "")
    marks = {f"recipe {each.dockerfile}" for each in variants if each.dockerfile}
    marks |= {f"image {basename(images.split(each.image)[0])}" for each in variants if each.image and not known}
    return engine, frozenset(marks)

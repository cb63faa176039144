"""Which thing a target means: by the names in its project, by published ports, by being the only one of its engine."""

from __future__ import annotations

import re
from collections.abc import Iterable
from posixpath import normpath

from stocktake.discover import engines, places
from stocktake.discover.draft import Draft, Estate
from stocktake.discover.externals import External
from stocktake.discover.projects import Project
from stocktake.discover.references import LOCAL, Target
from stocktake.values import identifier

_SHARED = frozenset(("gcs", "s3", "sqs"))  # whose host is the same for everybody


class Hosts:
    """The names and ports of an estate's services."""

    def __init__(self, estate: Estate) -> None:
        self.estate = estate
        self._names: dict[str, list[Draft]] = {}
        self._ports: dict[int, list[Draft]] = {}
        self._stores = [
            draft for draft in estate.drafts.values() if draft.engine and (draft.project or draft.is_declared)
        ]
        self._others: dict[str, Draft] = {}
        self._declared: dict[str, list[Draft]] = {}
        for draft in estate.drafts.values():
            for name in {draft.name, *draft.aliases} if draft.is_declared else ():
                self._declared.setdefault(name.lower(), []).append(draft)
        identifiers = (name for draft in estate.drafts.values() for name in draft.identifiers)
        self._spaces = frozenset(name[4:].partition("/")[0] for name in identifiers if name.startswith("k8s:"))
        for draft in estate.drafts.values():
            if draft.project:
                for name in {draft.name, *draft.aliases}:
                    self._names.setdefault(name.lower(), []).append(draft)
            for port in draft.ports:
                self._ports.setdefault(port, []).append(draft)

    def find(self, target: Target, project: Project | None) -> Draft | None:
        """The service that is meant, if it is one of the tree's."""
        named = self._names.get(self._bare(target.host), [])
        own = [draft for draft in named if draft.project is project] or (
            named if len({id(d.project) for d in named}) == 1 else []
        )
        if own:
            return next((draft for draft in own if engines.agree(draft.engine, target.engine)), own[0])
        if target.engine and target.database:
            alike = [d for d in self._declared.get(target.database.lower(), ()) if d.engine]
            if len(alike) == 1 and engines.agree(alike[0].engine, target.engine):
                return alike[0]
        if target.host in LOCAL and target.port:
            published = self._ports.get(target.port, [])
            near = [draft for draft in published if draft.project is project] or published
            if len(near) == 1 and engines.agree(near[0].engine, target.engine) and _fits(near[0], target.external):
                return near[0]
        if target.engine and ("." not in target.host or target.host in LOCAL) and not target.path:
            return self._only(target.engine, project)
        return None

    def serve(self, host: str, draft: Draft) -> None:
        """Know a program by a host at which it says that it is reached, unless another one is known by it."""
        if host not in self._names:
            self._names[host] = [draft]
            draft.aliases.add(host)

    def only(self, engine: str) -> Draft | None:
        """The one store of an engine in the whole tree."""
        return self._only(engine, None)

    def _bare(self, host: str) -> str:
        """A host without the namespace and the domain of a cluster."""
        is_inside = _is_inside(host) or host.rpartition(".")[2] in self._spaces
        return host.partition(".")[0] if is_inside and host not in self._names else host

    def _only(self, engine: str, project: Project | None) -> Draft | None:
        """The one store that speaks for an engine, in the project or else in the tree."""
        alike = [draft for draft in self._stores if engines.agree(draft.engine, engine)]
        near = [draft for draft in alike if draft.project is project] or alike
        return near[0] if len(near) == 1 else None

    def store(self, target: Target, confidence: float) -> Draft | None:
        """A store that no service of the tree is: one for each place, and one for all that name no place."""
        place = target.host if target.host and target.host not in LOCAL else ""
        found = self._others.get(f"{target.engine}@{place}") or next(
            (d for at, d in self._others.items() if not place and at.startswith(f"{target.engine}@")), None
        )
        if found is None:
            key = _store_name(target)
            found = Draft(_key(key), key, engines.ENGINES[target.engine].type, target.engine, confidence=confidence)
            self._others[f"{target.engine}@{place}"] = self.estate.add(found, target.engine)
            if target.engine == "s3" and re.fullmatch(r"[a-z0-9][a-z0-9.-]{2,62}", target.database):
                found.identifiers.add(f"arn:aws:s3:::{target.database}")
            elif place and "." in place and target.engine not in _SHARED:
                _identify(found, f"{place}{f':{target.port}' if target.port else ''}")
        found.aliases.update((_word(target.database), place))
        found.confidence = max(found.confidence, confidence)
        return found

    def file(self, target: Target, owner: Draft | None, folder: str, confidence: float) -> Draft:
        """A store that lives in a file."""
        place = _place(target.path, owner, folder)
        found = self._others.get(place)
        if found is None:
            found = Draft(_key(target.database), target.database, "embedded-db", target.engine, confidence=confidence)
            found.identifiers.update([place] if _is_canonical(place) else [])
            self._others[place] = self.estate.add(found, target.engine)
        return found

    def external(self, external: External, host: str, confidence: float) -> Draft:
        """A system of others, by its name."""
        found = self._others.get(external.name)
        if found is None:
            found = Draft(_key(external.name), external.name, external.type, confidence=confidence)
            self._others[external.name] = self.estate.add(found, "external")
        _identify(found, host if "." in host else external.host)
        found.confidence = max(found.confidence, confidence)
        return found

    def identify_all(self, project: str) -> None:
        """Give what has no address a name by which it is known again: without one it could join no record."""
        for place, draft in self._others.items():
            if not draft.identifiers:
                is_store = draft.engine or "@" in place
                draft.identifiers.add(f"config:{_key(project)}/{draft.key}" if is_store else f"external:{draft.key}")

    def files(self) -> Iterable[tuple[str, Draft]]:
        """Stores in named volumes, with the volume."""
        for place, draft in sorted(self._others.items()):
            if place.startswith("volume:"):
                yield place.rpartition("/")[0], draft


def _store_name(target: Target) -> str:
    """A word for a store without a service: its database, unless that is a number, or its host, or its engine."""
    host = target.host if target.host not in LOCAL and target.engine not in _SHARED else ""
    return _word(target.database) or host or target.engine


def _word(database: str) -> str:
    """The name of a database; nothing for a number, as Redis counts its own."""
    return database if re.search(r"[^\W\d_]", database) else ""


def _is_inside(host: str) -> bool:
    return host.endswith((".svc", ".svc.cluster.local", ".local", ".internal"))


def _fits(draft: Draft, external: External | None) -> bool:
    """Whether a client that is made for one system may be talking to this service."""
    return external is None or any(
        external.name in name for name in (draft.name, *(variant.image for variant in draft.variants))
    )


def _identify(draft: Draft, endpoint: str) -> None:
    found = identifier.from_endpoint(endpoint) if endpoint else None
    if found:
        draft.identifiers.add(found)


def _is_canonical(text: str) -> bool:
    try:
        return identifier.canonical(text) == text
    except ValueError:
        return False


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.")[:80] or "store"


def _place(path: str, owner: Draft | None, folder: str) -> str:
    """`volume:project/volume/rest` below a named volume, `file:path` below the root for everything else."""
    if path.startswith("/"):
        mounts = [mount for variant in owner.variants for mount in variant.mounts] if owner else []
        for source, target in sorted(mounts, key=lambda mount: -len(mount[1])):
            if target and places.is_below(path, target.rstrip("/")):
                rest = path[len(target.rstrip("/")) :].strip("/")
                if source.startswith("./"):
                    return f"file:{normpath(f'{source[2:]}/{rest}')}"
                if owner and owner.project and source and not source.startswith(("/", "~", "$")):
                    return f"volume:{owner.project.name}/{source}/{rest}"
        return f"file:{normpath(path).lstrip('/')}"
    base = owner.homes[0] if owner and owner.homes else folder
    return f"file:{places.resolve(base, path) or path.rpartition('/')[2]}"

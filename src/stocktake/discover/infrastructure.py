"""Declared infrastructure as things: one for each resource that is a store or a program, whatever else describes it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from stocktake.discover import catalogue, engines, images, kinds, operators, places
from stocktake.discover.catalogue import ROWS, Row
from stocktake.discover.draft import Draft, Estate
from stocktake.discover.inventory import Folders
from stocktake.discover.resources import Resource, plain, references, texts
from stocktake.model.observation import Evidence

_SAYS_NOTHING = frozenset(
    (
        "bucket", "cluster", "database", "db", "default", "example", "function", "instance", "lambda",
        "main", "primary", "queue", "resource", "self", "service", "table", "test", "this", "topic",
    )
)  # fmt: skip
_VERSION = re.compile(r"\d+(?:[._]\d+)*")
_PLAIN = re.compile(r"[A-Za-z0-9][\w.@ -]{0,120}")
_HOME_KEYS = ("source_dir", "source_file", "filename", "source_path", "code_uri", "code")


class Infrastructure:
    """The resources of a tree, and which thing each is or belongs to."""

    def __init__(self, resources: list[Resource], estate: Estate, folders: Folders, project: str) -> None:
        self.resources = resources
        self.estate = estate
        self.folders = folders
        self.project = project
        self.by_address = {(each.stack, each.address): each for each in resources}
        for each in resources:
            self.by_address.setdefault((each.stack, each.base or each.address), each)
        self.drafts: dict[tuple[str, str], Draft] = {}
        self.named: dict[str, Draft] = {}
        before = list(estate.drafts.values())
        rows = ((each, row_of(each)) for each in resources)
        self.engines = Counter(_engine(each, row)[0] for each, row in rows if row)
        parts = [each for each in resources if row_of(each) and self._is_part(each)]
        for each in resources:
            row = row_of(each)
            if row and row.type and not self._is_part(each):
                self._add(each, row, before)
        for _ in range(2):
            for each in parts:
                self._join(each)

    def _is_part(self, each: Resource) -> bool:
        row = row_of(each)
        keys = row.part.split() if row else []
        if each.type == "aws_db_instance":
            keys = ["replicate_source_db"]
        elif each.type == "aws_elasticache_cluster":
            keys = ["replication_group_id"]
        return any(self.targets(each.stack, each.get(key)) for key in keys) or bool(row and not row.type)

    def _join(self, each: Resource) -> None:
        row = row_of(each)
        keys = f"{row.part if row else ''} replicate_source_db replication_group_id".split()
        for key in keys:
            for address, evidence in references(each.get(key)):
                draft = self.find(each.stack, address)
                if draft:
                    self.drafts[each.stack, each.address] = draft
                    draft.evidence.update([each.evidence] if evidence else [])
                    draft.aliases.update(_names(each, row or Row("")))
                    return

    def targets(self, stack: str, value: Any) -> list[Resource]:
        """The resources that a value refers to."""
        found = (self.resource(stack, address) for address, _ in references(value))
        return [each for each in found if each]

    def resource(self, stack: str, address: str) -> Resource | None:
        """The resource whose attribute an address names."""
        words = address.split(".")
        keys = ((stack, ".".join(words[:count])) for count in range(len(words), 0, -1))
        return next((self.by_address[key] for key in keys if key in self.by_address), None)

    def find(self, stack: str, address: str) -> Draft | None:
        """The thing that an address belongs to."""
        found = self.resource(stack, address)
        return self.drafts.get((stack, found.address)) if found else None

    def _add(self, each: Resource, row: Row, before: list[Draft]) -> None:
        engine, version = _engine(each, row)
        names = _names(each, row)
        if each.get("is_process"):  # which are called alike everywhere
            base = places.folder(each.evidence.file).rpartition("/")[2] or self.project
            names = [base if names == ["web"] else f"{base}-{names[0]}", *names]
        name = _telling(names, engine, each) if names else each.address
        type_ = engines.ENGINES[engine].type if engine else row.type
        draft = Draft(_key(name), name[:120], type_, engine, version, 1.0 if each.is_known else 0.7)
        if not engine:
            self._program(each, draft)
        same = self._same(draft, before) or self._lives(each, draft, before)
        if same is None and each.get("is_process") and self._is_described(each, before):
            return  # which says how to start what other files describe
        if same:
            draft, fresh = same, draft
            draft.version = fresh.version or draft.version  # of what runs in production
        else:
            self.estate.add(draft, places.folder(each.evidence.file).rpartition("/")[2] or engine or "cloud")
        draft.is_declared = True
        draft.aliases.update(names)
        draft.evidence.add(each.evidence)
        draft.identifiers.add(f"iac:{self.project}/{each.stack or '.'}/{each.address}".replace(" ", "-"))
        self.drafts[each.stack, each.address] = draft
        real = real_name(each, row)
        if real:
            self.named.setdefault(real, draft)
            if engine == "s3" and each.type.startswith("aws_") and re.fullmatch(r"[a-z0-9][a-z0-9.-]{2,62}", real):
                draft.identifiers.add(f"arn:aws:s3:::{real}")

    def _same(self, draft: Draft, before: list[Draft]) -> Draft | None:
        """What other files describe already: a program of the same name, or the only store of the engine."""
        if draft.engine:
            wanted = self.engines[draft.engine]
            alike = [old for old in before if old.engine and engines.agree(old.engine, draft.engine)]
            return alike[0] if len(alike) == 1 and wanted == 1 and not alike[0].is_declared else None
        if draft.type in ("gateway", "identity-provider"):
            return None
        return next((old for old in before if not old.engine and _bare(old.name) == _bare(draft.name)), None)

    def _is_described(self, each: Resource, before: list[Draft]) -> bool:
        """Whether other files say what runs in the place of a Procfile."""
        folder = places.folder(each.evidence.file)
        others = (one for one in self.resources if one.type == "platform_service" and not one.get("is_process"))
        is_web = any(places.folder(one.evidence.file) == folder for one in others) and "web" in each.names
        return is_web or any(not old.engine for old in before)

    def _lives(self, each: Resource, draft: Draft, before: list[Draft]) -> Draft | None:
        """The program that lives in the folder of what a platform is told, or the only one."""
        if not each.type.startswith("platform_") or draft.engine:
            return None
        folder = places.folder(each.evidence.file)
        alike = [old for old in before if not old.engine and folder in old.homes and old.type == draft.type]
        own = alike or [old for old in before if not old.engine and not old.is_declared and old.type != "batch-job"]
        return own[0] if len(own) == 1 and draft.type not in ("worker", "batch-job") else None

    def _program(self, each: Resource, draft: Draft) -> None:
        """What kind of program it is, and where its code lies."""
        if draft.type == "service":
            draft.type = kinds.component(draft.name, "", "", (), (), False)
        places_ = [each.evidence.file]
        found: list[str] = []
        for key in _HOME_KEYS:
            values = [each.get(key), *(part.get(key) for part in self.targets(each.stack, each.get("filename")))]
            found += [value for value in values if isinstance(value, str) and value and "${" not in value]
        homes = [home for path in found if (home := self._home(places.folder(places_[0]), path)) is not None]
        if not homes:
            wanted = [draft.name, *(_short(image) for image in _images(each))]
            homes = [home for name in wanted for home in self.folders.named(name)]
        if not homes and each.type.startswith("platform_") and draft.type != "frontend":
            homes = [places.folder(each.evidence.file)]
        draft.homes = tuple(dict.fromkeys(homes))[:1]

    def _home(self, base: str, path: str) -> str | None:
        target = places.resolve(base, re.sub(r"\.(zip|jar)$", "", path))
        while target and "." in target.rpartition("/")[2]:
            target = places.folder(target)
        return target if target and target not in ("dist", "build") else None


def row_of(each: Resource) -> Row | None:
    """What a resource is; what a chart of Helm installs is told by its name."""
    if each.type == "helm_release":
        engine = operators.of_chart(each.text("chart"))
        return Row(engines.ENGINES[engine].type, engine, ("name",)) if engine else None
    row = ROWS.get(each.type)
    return None if row and not each.is_known and not row.engine else row


def _engine(each: Resource, row: Row) -> tuple[str, str]:
    named = next((engine for key in row.engines if (engine := catalogue.engine_of(each.text(key)))), "")
    engine = named or row.engine
    version = ""
    for key in row.versions:
        match = _VERSION.search(each.text(key))
        version = match[0].replace("_", ".") if match else ""
        if version:
            break
    if each.type.startswith("aws_rds") and "mysql_aurora" in each.text("engine_version"):
        version = str(each.text("engine_version"))
    return engine, version if engine else ""


def real_name(each: Resource, row: Row) -> str:
    """The name by which a thing is known where it runs, if it is written."""
    return next((name for key in row.names if _PLAIN.fullmatch(name := str(each.text(key))) and "${" not in name), "")


def _names(each: Resource, row: Row) -> list[str]:
    """All names of a thing, the best first: its own, then the label that says more than `this`."""
    real = real_name(each, row)
    told = sorted(map(str, each.names), key=lambda name: name.lower() in _SAYS_NOTHING)
    others = [name for key in row.names if _PLAIN.fullmatch(name := str(each.text(key))) and "${" not in name]
    return list(dict.fromkeys(filter(None, (real, *told, *others))))


def _telling(names: list[str], engine: str, each: Resource) -> str:
    """The first name, with a word on what it is where it says nothing by itself."""
    if names[0].lower() not in _SAYS_NOTHING:
        return names[0]
    words = each.type.split("_")
    return f"{engine or (words[1] if len(words) > 1 else words[0])}-{names[0]}"


def _images(each: Resource) -> Iterator[str]:
    for value in (each.properties, plain(each.get("container_definitions"))):
        stack = [value]
        while stack:
            part = stack.pop()
            if isinstance(part, dict):
                stack += part.values()
                for key in ("image", "image_uri"):
                    if isinstance(part.get(key), str):
                        yield part[key]
            elif isinstance(part, list):
                stack += part


def _short(image: str) -> str:
    return images.split(re.sub(r"\$\{[^}]*\}", "", image))[0].rpartition("/")[2]


def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", re.sub(r"[-_](service|svc|app|server|lambda|function)$", "", name.lower()))


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.")[:80] or "resource"


def settings_of(each: Resource) -> Iterator[tuple[str, str, Evidence]]:
    """What a program is told: mappings of variables, and lists of pairs with a name and a value."""
    stack: list[tuple[str, Any]] = [
        ("", {**each.properties, "container_definitions": plain(each.get("container_definitions"))})
    ]
    while stack:
        key, value = stack.pop()
        if isinstance(value, list):
            stack += [(key, part) for part in value]
        elif isinstance(value, dict):
            name = next((value[word] for word in ("name", "key") if isinstance(value.get(word), str)), "")
            told = next((value[word] for word in ("value", "valueFrom", "value_from") if value.get(word)), None)
            if name and isinstance(told, str):
                yield name, told, getattr(told, "evidence", each.evidence)
            elif name and told is not None:
                yield name, next(texts(told), ""), each.evidence
            elif re.search(r"(?i)(variables|app_?settings|environment|env|env_vars|config_vars)$", key):
                for one, part in value.items():
                    if isinstance(part, str):
                        yield one, part, getattr(part, "evidence", each.evidence)
                    else:
                        stack.append((f"{key}.{one}" if one != "variables" else one, part))
            else:
                stack += value.items()

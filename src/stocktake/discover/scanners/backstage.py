"""Entities of a Backstage catalogue (`catalog-info.yaml`): what is there, where its code lies, and what it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stocktake.discover.claims import Claims, Entity
from stocktake.discover.page import Page
from stocktake.discover.places import folder, resolve
from stocktake.discover.reading import NotUnderstoodError
from stocktake.discover.yaml import Node, documents
from stocktake.model.observation import Evidence, Unreadable
from stocktake.values.text import hostile

RELATIONS = ("consumesApis", "dependencyOf", "dependsOn", "providesApis", "subcomponentOf")
_KINDS = frozenset(("api", "component", "resource"))
_OF_API = frozenset(("consumesApis", "providesApis"))
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
_REFERENCE = re.compile(rf"(?:([A-Za-z]{{1,40}}):)?(?:({_NAME.pattern})/)?({_NAME.pattern})")
_TEMPLATE = re.compile(r"\{\{|\{%|<%")
_SOURCE = "backstage.io/source-location"
_CLUSTER = "backstage.io/kubernetes-id"
_IN_TREE = re.compile(r"^url:https?://[^\s]{1,300}/(?:tree|blob)/[^/\s]{1,100}/(?P<path>[^\s?#]{1,300})$")


def wants(path: str) -> bool:
    """YAML of any name, which is read if it speaks of Backstage."""
    return path.lower().endswith((".yaml", ".yml"))


def scan(path: str, text: str) -> Claims:
    """Components, resources and interfaces; people, systems and templates are no things of an estate."""
    if "backstage.io/" not in text or "apiVersion" not in text:
        return Claims()
    page = Page(path, text)
    try:
        found = documents(text)
    except NotUnderstoodError as error:
        is_template = bool(_TEMPLATE.search(text))
        return Claims(problems=() if is_template else (Unreadable(path, error.line, error.message),))
    problems: list[Unreadable] = []
    entities = tuple(entity for node in found if (entity := _entity(page, node, problems)))
    return Claims(entities=entities, problems=tuple(problems))


def _entity(page: Page, node: Node, problems: list[Unreadable]) -> Entity | None:
    kind, about, spec = node.get("kind").text().lower(), node.get("metadata"), node.get("spec")
    if not node.get("apiVersion").text().startswith("backstage.io/") or kind not in _KINDS:
        return None
    name, namespace = about.get("name").text(), about.get("namespace").text() or "default"
    if not (_NAME.fullmatch(name) and _NAME.fullmatch(namespace)):
        if not _TEMPLATE.search(name + namespace):
            line = about.get("name").line or node.line
            problems.append(Unreadable(page.path, line, "an entity of Backstage without a name that can be one"))
        return None
    notes = about.get("annotations")
    called = [about.get("title").text(), notes.get(_CLUSTER).text()]
    return Entity(
        page.path,
        kind,
        namespace.lower(),
        name,
        page.evidence(about.get("name").line),
        spec.get("type").text().lower()[:100],
        tuple(dict.fromkeys(word[:200] for word in called if word not in ("", name) and not hostile(word))),
        _home(page.path, notes.get(_SOURCE).text()),
        tuple(_relations(page, spec, namespace.lower())),
    )


def _home(path: str, source: str) -> str:
    """The folder of the code, seen from the root of the tree; empty where it is not written."""
    if source.startswith("dir:"):
        return resolve(folder(path), source[4:].strip()) or ""
    found = _IN_TREE.match(source)
    return (resolve("", found["path"].strip("/")) or "") if found else ""


def _relations(page: Page, spec: Node, namespace: str) -> Iterator[tuple[str, str, Evidence]]:
    for field in RELATIONS:
        for item in spec.get(field).each():
            found = _REFERENCE.fullmatch(item.text())
            kind = "api" if field in _OF_API else "component" if field == "subcomponentOf" else ""
            if found and (kind or found[1]):
                reference = f"{(found[1] or kind).lower()}:{(found[2] or namespace).lower()}/{found[3].lower()}"
                yield field, reference, page.evidence(item.line)

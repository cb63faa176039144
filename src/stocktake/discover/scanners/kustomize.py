"""Kustomizations: what an overlay takes from its bases, which images and settings it puts in."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename

from stocktake.discover.claims import Claims, Kustomization, Object, Setting
from stocktake.discover.page import Page
from stocktake.discover.yaml import NOTHING, Node, documents

_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_PARTS = ("resources", "bases", "components")
_PATCHES = ("patchesStrategicMerge", "patches")


def wants(path: str) -> bool:
    """`kustomization.yaml` and its other two names."""
    return basename(path) in _NAMES


def scan(path: str, text: str) -> Claims:
    """The kustomization; its patches are read as the manifests that they are."""
    page = Page(path, text)
    root = next(iter(documents(text)), NOTHING)
    made = list[Object]()
    files = list[tuple[str, str]]()
    for kind, part in (("ConfigMap", "configMapGenerator"), ("Secret", "secretGenerator")):
        for node in root.get(part).each():
            name = node.get("name").text()
            made.append(
                Object(path, kind, name, page.evidence(node.line), settings=tuple(_literals(page, node, part, name)))
            )
            named = [*node.get("envs").each(), *node.get("env").each(), *node.get("files").each()]
            files += [(f"{kind}/{name}", each.text().rpartition("=")[2]) for each in named]
    found = Kustomization(
        path,
        tuple(each.text() for part in _PARTS for each in root.get(part).each()),
        tuple(each.text() or each.get("path").text() for part in _PATCHES for each in root.get(part).each()),
        tuple(
            (each.get("name").text(), each.get("newName").text(), each.get("newTag").text())
            for each in root.get("images").each()
        ),
        tuple(made),
        tuple(files),
        root.get("namespace").text(),
    )
    return Claims(kustomizations=(found,), secrets=page.secrets)


def _literals(page: Page, node: Node, part: str, name: str) -> Iterator[Setting]:
    for item in node.get("literals").each():
        key, _, value = item.text().partition("=")
        yield page.setting(key, value.strip("\"'"), item.line, (part, name))

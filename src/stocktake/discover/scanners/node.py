"""`package.json`: a framework says what kind of program stands in a folder; a driver alone says nothing."""

from __future__ import annotations

from posixpath import basename
from typing import Any

from stocktake.discover.claims import Claims, Configuration, Manifest
from stocktake.discover.page import Page
from stocktake.discover.reading import from_json
from stocktake.model.observation import Unreadable

_PUBLISHED = ("exports", "files", "peerDependencies", "publishConfig", "bin")


def wants(path: str) -> bool:
    """`package.json` alone; lock files are of no use here."""
    return basename(path) == "package.json"


def scan(path: str, text: str) -> Claims:
    """Its packages, and the server that its development proxy stands for."""
    page = Page(path, text)
    data = from_json(text)
    if not isinstance(data, dict):
        return Claims(problems=(Unreadable(path, 1, "not an object"),))
    scripts = _mapping(data, "scripts")
    packages = frozenset(
        (*_mapping(data, "dependencies"), *_mapping(data, "devDependencies"), *_mapping(data, "optionalDependencies"))
    )
    is_app = not any(data.get(part) for part in _PUBLISHED) and bool(
        scripts.keys() & {"start", "dev", "serve", "build"}
    )
    name = data["name"] if isinstance(data.get("name"), str) else ""
    manifest = Manifest(path, name, packages, page.evidence(_line(page, '"name"')), is_app)
    proxy = data.get("proxy")
    settings = (page.setting("proxy", proxy, _line(page, '"proxy"')),) if isinstance(proxy, str) else ()
    return Claims(
        manifests=(manifest,), configurations=(Configuration(path, settings),) if settings else (), secrets=page.secrets
    )


def _mapping(data: dict[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def _line(page: Page, start: str) -> int:
    return next((number for number, line in enumerate(page.lines, 1) if line.strip().startswith(start)), 1)

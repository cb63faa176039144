"""`Cargo.toml`: a framework says what kind of program stands in a folder; a driver alone says nothing."""

from __future__ import annotations

from posixpath import basename

from stocktake.discover.claims import Claims, Manifest
from stocktake.discover.page import Page
from stocktake.discover.reading import from_toml


def wants(path: str) -> bool:
    """The one name that Cargo knows."""
    return basename(path) == "Cargo.toml"


def scan(path: str, text: str) -> Claims:
    """The crates that it needs; a workspace without a package is no program."""
    page = Page(path, text)
    data = from_toml(text)
    package, needed = data.get("package"), data.get("dependencies")
    if not isinstance(package, dict):
        return Claims()
    name = package["name"] if isinstance(package.get("name"), str) else ""
    number = next((number for number, line in enumerate(page.lines, 1) if line.startswith("name")), 1)
    packages = frozenset(needed) if isinstance(needed, dict) else frozenset[str]()
    return Claims(manifests=(Manifest(path, name[:200], packages, page.evidence(number)),))

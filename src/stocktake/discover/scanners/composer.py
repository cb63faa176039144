"""`composer.json`: a framework says what kind of program stands in a folder; a driver alone says nothing."""

from __future__ import annotations

from posixpath import basename

from stocktake.discover.claims import Claims, Manifest
from stocktake.discover.page import Page
from stocktake.discover.reading import from_json


def wants(path: str) -> bool:
    """The one name that Composer knows."""
    return basename(path) == "composer.json"


def scan(path: str, text: str) -> Claims:
    """Its packages; those of a library or a plugin make no program."""
    page = Page(path, text)
    data = from_json(text)
    needed = data.get("require") if isinstance(data, dict) else None
    if not isinstance(needed, dict) or data.get("type", "project") != "project":
        return Claims()
    name = data["name"] if isinstance(data.get("name"), str) else ""
    line = next((number for number, line in enumerate(page.lines, 1) if '"require"' in line), 1)
    return Claims(manifests=(Manifest(path, name[:200], frozenset(needed), page.evidence(line)),))

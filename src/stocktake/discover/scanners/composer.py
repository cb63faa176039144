"""`composer.json`: a framework says what kind of program stands in a folder; a driver alone says nothing."""

from __future__ import annotations

import json
from posixpath import basename

from stocktake.discover.claims import Claims, Manifest
from stocktake.discover.page import Page
from stocktake.model.observation import Unreadable


def wants(path: str) -> bool:
    """The one name that Composer knows."""
    return basename(path) == "composer.json"


def scan(path: str, text: str) -> Claims:
    """Its packages; those of a library or a plugin make no program."""
    page = Page(path, text)
    try:
        data = json.loads(text)
    except RecursionError:
        return Claims(problems=(Unreadable(path, 0, "nested too deep"),))
    except ValueError as error:
        return Claims(problems=(Unreadable(path, getattr(error, "lineno", 0), getattr(error, "msg", "not JSON")),))
    needed = data.get("require") if isinstance(data, dict) else None
    if not isinstance(needed, dict) or data.get("type", "project") != "project":
        return Claims()
    name = data["name"] if isinstance(data.get("name"), str) else ""
    line = next((number for number, line in enumerate(page.lines, 1) if '"require"' in line), 1)
    return Claims(manifests=(Manifest(path, name[:200], frozenset(needed), page.evidence(line)),))

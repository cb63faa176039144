"""`go.mod`: a framework says what kind of program stands in a folder; a driver alone says nothing."""

from __future__ import annotations

import re
from posixpath import basename

from stocktake.discover.claims import Claims, Manifest
from stocktake.discover.page import Page

_MODULE = re.compile(r"^module\s+\"?([\w./~-]{1,200})")
_NEEDED = re.compile(r"^\s*(?:require\s+)?([a-z0-9][\w.-]*\.[a-z]+/[\w./~-]{1,200}|[a-z0-9][\w.-]*\.[a-z]+)\s+v\d")


def wants(path: str) -> bool:
    """The one name that Go knows."""
    return basename(path) == "go.mod"


def scan(path: str, text: str) -> Claims:
    """The modules that it needs itself, without their major version."""
    page = Page(path, text)
    name, packages, line_of_name, is_inside = "", set[str](), 1, False
    for number, line in enumerate(page.lines, 1):
        line = line[:500]
        if found := _MODULE.match(line):
            name, line_of_name = found[1], number
        if line.startswith("require"):
            is_inside = line.rstrip().endswith("(")
        elif line.startswith(")"):
            is_inside = False
        if (is_inside or line.startswith("require ")) and "// indirect" not in line and (found := _NEEDED.match(line)):
            packages.add(re.sub(r"/v\d+$", "", found[1]))
    if not name:
        return Claims()
    return Claims(manifests=(Manifest(path, name, frozenset(packages), page.evidence(line_of_name)),))

"""`pom.xml`: a framework says what kind of program stands in a folder; a driver alone says nothing."""

from __future__ import annotations

from posixpath import basename

from stocktake.discover.claims import Claims, Manifest
from stocktake.discover.markup import elements
from stocktake.discover.page import Page

_DEPENDENCY = ("project", "dependencies", "dependency")
_PLUGIN = ("project", "build", "plugins", "plugin")


def wants(path: str) -> bool:
    """The one name that Maven knows."""
    return basename(path) == "pom.xml"


def scan(path: str, text: str) -> Claims:
    """What it depends on and how it is built, but for tests; a parent of other modules is no program."""
    page = Page(path, text)
    found = elements(text)
    packages, artifact, scope, name, line = set[str](), "", "", "", 1
    for each in found:
        if each.path == ("project", "artifactId"):
            name, line = each.text, each.line
        elif each.path == ("project", "packaging") and each.text == "pom":
            return Claims()
        elif each.path[:-1] in (_DEPENDENCY, _PLUGIN) and each.path[-1] in ("artifactId", "scope"):
            artifact, scope = (each.text, scope) if each.path[-1] == "artifactId" else (artifact, each.text)
        elif each.path in (_DEPENDENCY, _PLUGIN):
            packages.update([artifact] if artifact and scope != "test" else [])
            artifact = scope = ""
    if not found or found[-1].path != ("project",):
        return Claims()
    return Claims(manifests=(Manifest(path, name[:200], frozenset(packages), page.evidence(line)),))

"""Builds of Gradle: a framework says what kind of program stands in a folder; a driver alone says nothing."""

from __future__ import annotations

import re
from posixpath import basename

from stocktake.discover.claims import Claims, Manifest
from stocktake.discover.page import Page

_DEPENDENCY = re.compile(
    r"""^\s{0,40}(?:api|compile|implementation|runtimeOnly)\b[\s(]{1,8}(?:platform\s{0,4}\(\s{0,4})?["'](?:[\w.-]{1,100}):([\w.-]{1,100})"""
)
_PLUGIN = re.compile(r"""^\s{0,40}id[\s(]{1,8}["']([\w.-]{1,100})["']""")
_LATER = re.compile(r"\bapply[\s(]{1,8}false\b|\.apply\(\s*false")
_GROUP = re.compile(r"^\s*(?:allprojects|subprojects)\b")


def wants(path: str) -> bool:
    """The two forms, in Groovy and in Kotlin."""
    return basename(path) in ("build.gradle", "build.gradle.kts")


def scan(path: str, text: str) -> Claims:
    """What it depends on and its plugins; what a root only prepares for others is not its own."""
    page = Page(path, text)
    packages: dict[str, int] = {}
    for number, line in enumerate(page.lines, 1):
        if _GROUP.match(line[:200]):
            break
        found = _DEPENDENCY.match(line[:500]) or _PLUGIN.match(line[:500])
        if found and not _LATER.search(line[:500]):
            packages.setdefault(found[1], number)
    first = min(packages.values(), default=1)
    return Claims(manifests=(Manifest(path, "", frozenset(packages), page.evidence(first)),) if packages else ())

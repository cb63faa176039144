"""`Gemfile`: a framework says what kind of program stands in a folder; a driver alone says nothing."""

from __future__ import annotations

import re
from posixpath import basename

from stocktake.discover.claims import Claims, Manifest
from stocktake.discover.page import Page

_GEM = re.compile(r"""^\s{0,40}gem[\s(]{1,8}["']([\w.-]{1,100})["']""")
_LIBRARY = re.compile(r"^\s*gemspec\b")
_GROUP = re.compile(r"^\s*group\b(?P<names>[^\n]*)\bdo\b")
_END = re.compile(r"^\s*end\b")


def wants(path: str) -> bool:
    """Both names that Bundler knows."""
    return basename(path) in ("Gemfile", "gems.rb")


def scan(path: str, text: str) -> Claims:
    """Its gems, but for those of development and tests; the Gemfile of a gem is none of a program."""
    page = Page(path, text)
    packages: dict[str, int] = {}
    is_aside = False
    for number, line in enumerate(page.lines, 1):
        line = line[:500]
        if _LIBRARY.match(line):
            return Claims()
        if group := _GROUP.match(line):
            is_aside = "production" not in group["names"] and "default" not in group["names"]
        elif _END.match(line):
            is_aside = False
        if (found := _GEM.match(line)) and not is_aside:
            packages.setdefault(found[1], number)
    line_of = packages.get("rails", min(packages.values(), default=1))
    return Claims(manifests=(Manifest(path, "", frozenset(packages), page.evidence(line_of)),) if packages else ())

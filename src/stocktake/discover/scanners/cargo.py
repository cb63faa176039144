"""`Cargo.toml`: a framework says what kind of program stands in a folder; a driver alone says nothing."""

from __future__ import annotations

import re
import tomllib
from posixpath import basename

from stocktake.discover.claims import Claims, Manifest
from stocktake.discover.page import Page
from stocktake.model.observation import Unreadable

_AT_LINE = re.compile(r"at line (\d+)")


def wants(path: str) -> bool:
    """The one name that Cargo knows."""
    return basename(path) == "Cargo.toml"


def scan(path: str, text: str) -> Claims:
    """The crates that it needs; a workspace without a package is no program."""
    page = Page(path, text)
    try:
        data = tomllib.loads(text)
    except RecursionError:
        return Claims(problems=(Unreadable(path, 0, "nested too deep"),))
    except ValueError as error:
        line = _AT_LINE.search(str(error))
        return Claims(problems=(Unreadable(path, int(line[1]) if line else 0, str(error)),))
    package, needed = data.get("package"), data.get("dependencies")
    if not isinstance(package, dict):
        return Claims()
    name = package["name"] if isinstance(package.get("name"), str) else ""
    number = next((number for number, line in enumerate(page.lines, 1) if line.startswith("name")), 1)
    packages = frozenset(needed) if isinstance(needed, dict) else frozenset[str]()
    return Claims(manifests=(Manifest(path, name[:200], packages, page.evidence(number)),))

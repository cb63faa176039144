"""Manifests of Python: a framework says what kind of program stands in a folder; a driver alone says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename
from typing import Any

from stocktake.discover.claims import Claims, Manifest
from stocktake.discover.page import Page
from stocktake.discover.reading import from_toml

_REQUIREMENTS = re.compile(r"^requirements([._-].*)?\.(txt|in)$|^requirements$", re.IGNORECASE)
_PACKAGE = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


def wants(path: str) -> bool:
    """The four forms in use."""
    name = basename(path)
    return name in ("pyproject.toml", "setup.cfg", "Pipfile") or bool(_REQUIREMENTS.match(name))


def scan(path: str, text: str) -> Claims:
    """The names of the packages."""
    page = Page(path, text)
    name = ""
    if basename(path) in ("pyproject.toml", "Pipfile"):
        data = from_toml(text)
        packages = frozenset(_of_toml(data))
        project = data.get("project")
        name = str(project.get("name", "")) if isinstance(project, dict) else ""
    else:
        lines = page.lines if path.endswith((".txt", ".in")) else _install_requires(page.lines)
        packages = frozenset(found for line in lines if (found := _name(line)))
    return Claims(manifests=(Manifest(path, name, packages, page.evidence(1)),) if packages else ())


def _name(line: str) -> str:
    match = _PACKAGE.match(line)
    return re.sub(r"[._-]+", "-", match[1]).lower() if match and "://" not in line else ""


def _install_requires(lines: list[str]) -> Iterator[str]:
    inside = False
    for line in lines:
        if not line.startswith((" ", "\t")):
            inside = line.replace(" ", "").startswith("install_requires=")
            line = line.partition("=")[2]
        if inside and line.strip():
            yield line


def _of_toml(data: dict[str, Any]) -> Iterator[str]:
    """Packages of `[project]`, Poetry and Pipfile; those for development alone are left out."""
    project = data.get("project")
    listed = project.get("dependencies") if isinstance(project, dict) else None
    yield from (_name(item) for item in (listed if isinstance(listed, list) else ()) if isinstance(item, str))
    poetry = data.get("tool", {}).get("poetry") if isinstance(data.get("tool"), dict) else None
    for table in (poetry.get("dependencies") if isinstance(poetry, dict) else None, data.get("packages")):
        yield from (_name(key) for key in (table if isinstance(table, dict) else ()))

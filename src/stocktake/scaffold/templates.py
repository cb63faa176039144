"""A door: read the templates that lie in this package, or in another Stocktake that made a repository once."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from stocktake.errors import UsageError

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files")
_INSIDE = "stocktake/scaffold/files/"
_RULES = "stocktake/rules/"
_ABOUT = "stocktake/__init__.py"
_RULE = re.compile(r"^@\w+\(\s*\"([A-Z]{2,3}[0-9]{3})\"", re.MULTILINE)
_VERSION = re.compile(r"^__version__ = \"([^\"]+)\"$", re.MULTILINE)
_AT_MOST = 1_000_000


class Older(NamedTuple):
    """The scaffold of another Stocktake: its version, its templates as (path, text), and the rules that it knew."""

    version: str
    templates: tuple[tuple[str, str], ...]
    rules: frozenset[str] = frozenset()


def templates(root: str = FOLDER) -> Iterator[tuple[str, str]]:
    """Every template as (path in the new repository, text), sorted."""
    paths = [
        os.path.join(folder, name)
        for folder, folders, names in os.walk(root)
        for name in names
        if "__pycache__" not in folder
    ]
    for path in sorted(paths):
        with open(path, encoding="utf-8", newline="") as file:
            yield os.path.relpath(path, root).replace(os.sep, "/"), file.read()


def older(place: str) -> Older:
    """The scaffold of the Stocktake in a wheel, or in a checkout.

    Raises UsageError where there is none.
    """
    try:
        found = _in_wheel(place) if os.path.isfile(place) else _in_checkout(place)
    except (OSError, UnicodeDecodeError, ValueError, zipfile.BadZipFile):
        found = None
    if found is None:
        raise UsageError(f"There is no scaffold in {place}", "Name a wheel or a checkout of Stocktake.")
    return found


def _in_wheel(path: str) -> Older | None:
    with zipfile.ZipFile(path) as archive:
        names = sorted(name for name in archive.namelist() if not name.endswith("/"))
        files = {name: _member(archive, name) for name in names if name.startswith((_INSIDE, _RULES, _ABOUT))}
    texts = tuple((name.removeprefix(_INSIDE), text) for name, text in files.items() if name.startswith(_INSIDE))
    return _older(files.get(_ABOUT, ""), texts, (text for name, text in files.items() if name.startswith(_RULES)))


def _member(archive: zipfile.ZipFile, name: str) -> str:
    """One file of a wheel, of the size that a template may have."""
    if archive.getinfo(name).file_size > _AT_MOST:
        raise ValueError(name)
    return archive.read(name).decode()


def _in_checkout(folder: str) -> Older | None:
    source = os.path.join(folder, "src")
    with open(os.path.join(source, _ABOUT), encoding="utf-8") as file:
        about = file.read()
    rules = templates(os.path.join(source, _RULES))
    return _older(about, tuple(templates(os.path.join(source, _INSIDE))), (text for _, text in rules))


def _older(about: str, texts: tuple[tuple[str, str], ...], code: Iterable[str]) -> Older | None:
    version = _VERSION.search(about)
    rules = frozenset(found[1] for text in code for found in _RULE.finditer(text))
    return Older(version[1], texts, rules) if version and texts else None

"""Copies of our schemas in a repository: they serve its editors only, and mislead them where they differ from ours."""

from __future__ import annotations

import json
from typing import Any

from stocktake.errors import InputError
from stocktake.load.files import Tree

_FOLDER, _SUFFIX = "schemas", ".schema.json"


def differing(builtin: Tree, repository: Tree) -> tuple[str, ...]:
    """The paths of copies that do not say what ours say; how they are laid out does not matter."""
    ours = set(builtin.names(""))
    copies = (name for name in repository.names(_FOLDER) if name.endswith(_SUFFIX) and name in ours)
    return tuple(f"{_FOLDER}/{name}" for name in copies if not _is_same(builtin, repository, name))


def _is_same(builtin: Tree, repository: Tree, name: str) -> bool:
    ours = builtin.read(name)
    try:
        theirs = repository.read(f"{_FOLDER}/{name}")
    except InputError:
        return False
    return ours == theirs or _content(ours) == _content(theirs)


def _content(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None

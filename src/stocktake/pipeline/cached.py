"""Keep what was found out in a private folder of the user, outside of the repository, and take it from there again.

Nothing that somebody commits is ever taken for it, and it can be deleted at any time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from stocktake.errors import InputError
from stocktake.load.files import Tree, private, real
from stocktake.write import make_private, write

_READ_AT_MOST = 64_000_000
_SEAL = 32


def folder_of(root: str) -> str:
    """Where things are kept for this user; empty where there is no such place, or it lies in the repository."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = os.path.join(home, "stocktake")
    top, place = real(root), real(folder)
    return folder if os.path.isabs(home) and place != top and not place.startswith(top + os.sep) else ""


def put(folder: str, name: str, found: Mapping[str, Any]) -> None:
    """Keep it, where that can be done: a full disk, or a folder that cannot be written, is no mistake."""
    payload = json.dumps(found).encode()
    if not folder or len(payload) + _SEAL > _READ_AT_MOST:
        return
    try:
        make_private(folder)
        if private(folder):
            write(os.path.join(folder, name), _sealed(payload), durable=False)
    except InputError:
        return


def taken(folder: str, name: str) -> dict[str, Any] | None:
    """What was kept; None where there is nothing, or it is torn or damaged."""
    if not folder or not private(folder):
        return None
    try:
        sealed = Tree(folder).read(name, _READ_AT_MOST)
        payload = sealed[_SEAL:]
        if sealed != _sealed(payload):
            return None
        found: dict[str, Any] = json.loads(payload)
    except (InputError, ValueError, RecursionError):
        return None
    return found


def _sealed(payload: bytes) -> bytes:
    """The payload behind its digest, which a torn or damaged file does not match."""
    return blake2b(payload, digest_size=_SEAL).digest() + payload

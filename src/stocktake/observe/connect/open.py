"""Open the store that a URL names, whichever kind it is; no other place than the URL ever says where."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING
from urllib.parse import unquote

from stocktake.errors import LookError
from stocktake.values.connection import ENGINES

if TYPE_CHECKING:
    from stocktake.observe.connect.postgresql import Server
    from stocktake.observe.connect.sqlite import File


def engine_of(url: str) -> str:
    """The engine that a URL's scheme names; raises LookError, which shows nothing of the text, where it names none."""
    scheme, found, _ = url.strip().partition("://")
    engine = ENGINES.get(scheme.partition("+")[0].lower()) if found else None
    if engine is None:
        raise LookError("the variable does not hold the URL of a store")
    return engine


def connect(url: str, root: str) -> AbstractContextManager[Server | File]:
    """The store behind a URL, to be asked; a relative path of a file is meant from `root`."""
    engine = engine_of(url)
    if engine == "postgresql":
        from stocktake.observe.connect.postgresql import Server

        return Server(url.strip())
    if engine == "sqlite":
        from stocktake.observe.connect.sqlite import File

        return File(os.path.join(root, path_of(url)))
    raise LookError(f"there is no way to look at {engine} yet")


def path_of(url: str) -> str:
    """The path in `sqlite:///relative.sqlite` or `sqlite:////absolute.sqlite`."""
    path = url.strip().partition("://")[2].partition("?")[0]
    if not path.startswith("/") or len(path) < 2:
        raise LookError("the URL names no file: write sqlite:///path or sqlite:////absolute/path")
    return unquote(path[1:])

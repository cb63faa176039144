"""A door: read the templates that lie in this package."""

from __future__ import annotations

import os
from collections.abc import Iterator

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files")


def templates() -> Iterator[tuple[str, str]]:
    """Every template as (path in the new repository, text), sorted."""
    paths = [
        os.path.join(folder, name)
        for folder, folders, names in os.walk(FOLDER)
        for name in names
        if "__pycache__" not in folder
    ]
    for path in sorted(paths):
        with open(path, encoding="utf-8", newline="") as file:
            yield os.path.relpath(path, FOLDER).replace(os.sep, "/"), file.read()

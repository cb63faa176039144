"""Finish a rename that was interrupted: it wrote down beforehand what every file was and what it is to be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from stocktake.errors import InputError, Problem
from stocktake.load.files import Tree
from stocktake.pipeline.rename import Rewritten

FILE = ".stocktake/rename.json"


def noted(changed: Sequence[Rewritten]) -> bytes:
    """What is to be written before the first file is."""
    return json.dumps({"files": [one._asdict() for one in changed]}, indent=1).encode()


def unfinished(tree: Tree) -> list[Rewritten]:
    """What an interrupted rename had to change, the record's own file first; nothing where none was.

    Raises InputError where one of the files was changed since, or where the note cannot be read.
    """
    if not tree.has(FILE):
        return []
    try:
        found = [_rewritten(one) for one in json.loads(tree.read(FILE))["files"]]
    except (KeyError, TypeError, ValueError):
        raise _refused("is not what an interrupted rename leaves") from None
    for one in found:
        for path in {one.path, one.to}:
            if tree.flaw(path):
                raise _refused(f"names {path}, which cannot be written")
            if tree.has(path) and tree.read(path).decode("utf-8", "surrogateescape") not in (one.before, one.after):
                raise _refused(f"was left by an interrupted rename, and {path} was changed since")
    return found


def _rewritten(one: Any) -> Rewritten:
    made = Rewritten(**one)
    if not all(isinstance(part, str) for part in made):
        raise TypeError
    for path in (made.path, made.to):
        if path.startswith("/") or {"..", ".git", ""} & {*path.split("/")}:
            raise ValueError(path)
    return made


def _refused(message: str) -> InputError:
    return InputError([Problem(FILE, 0, 0, "", message, "Look what `git status` shows, put it right and delete this.")])

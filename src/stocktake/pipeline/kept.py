"""What a check of many records said, kept until anything that it rests on changes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any, NamedTuple

from stocktake import __version__
from stocktake.load import registry
from stocktake.load.files import Tree, real, schema_folder
from stocktake.load.noted import Noted
from stocktake.load.schemas import read_schemas
from stocktake.pipeline import many
from stocktake.pipeline.cached import folder_of, put, taken
from stocktake.pipeline.check import Report

_LINES_AT_MOST = 20_000
_FORM = 1


class Said(NamedTuple):
    """The lines of the result, and the exit code."""

    lines: list[str]
    code: int


class Kept:
    """Remembers for one repository and one form of the result; `tree` is what the check must read, so that all that
    it reads is noted.

    What is kept lies in a private folder of the user outside of the repository: nothing that somebody commits is ever
    taken for a verdict. It can be deleted at any time.
    """

    def __init__(self, tree: Tree, options: Mapping[str, Any]):
        self.tree = Noted(tree.root)
        self._options = json.loads(json.dumps({**options, "form": _FORM}, default=sorted))
        self._folder = folder_of(tree.root)
        name = "\0".join((real(tree.root), str(options.get("output_format"))))
        self._name = f"check-{blake2b(os.fsencode(name), digest_size=16).hexdigest()}.json"

    def said(self) -> Said | None:
        """What was said the last time, where the same would be said now."""
        found = self._found()
        if found is None or found.get("options") != self._options or found.get("tool") != tool():
            return None
        notes = [((what, path, most), digest) for what, path, most, digest in found["notes"]]
        apart = [note for note in notes if note[0][0] != many.PARTS]
        if not self.tree.still_holds(apart):
            return None
        files, _ = registry.listed(self.tree, read_schemas(Tree(schema_folder()), self.tree))
        parts = {question: digest for question, digest in notes if question[0] == many.PARTS}
        if dict(many.digests(self.tree, files)) != parts:
            return None
        return Said(found["lines"], found["code"])

    def keep(self, report: Report, lines: list[str]) -> None:
        """Keep what is said now, where that takes long enough and rests on nothing that was not noted."""
        judged = report.audit
        if judged is None or report.bugs or len(judged.estate.records) < many.MANY or len(lines) > _LINES_AT_MOST:
            return
        if not self._folder or judged.estate.settings.modules or judged.estate.settings.includes:
            return
        if not self.tree.is_steady:
            return
        found = {
            "options": self._options,
            "tool": tool(),
            "notes": [[*question, digest] for question, digest in self.tree.notes.items()],
            "lines": lines,
            "code": report.exit_code,
        }
        put(self._folder, self._name, found)

    def _found(self) -> dict[str, Any] | None:
        return taken(self._folder, self._name)


def tool() -> str:
    """What judges: this version, each of its files as it is installed, and what it parses and validates with."""
    import stocktake

    found = blake2b(f"{__version__} {sys.version}".encode(), digest_size=16)
    for name in ("jsonschema_rs", "yaml_rs"):
        found.update(f"{name} {getattr(sys.modules.get(name), '__version__', '')}\0".encode())
    for folder in (os.path.dirname(str(stocktake.__file__)), schema_folder()):
        place = Tree(folder)
        for path in _files(place):
            found.update(f"{path} {place.stamp(path)}\0".encode())
    return found.hexdigest()


def _files(place: Tree) -> Iterable[str]:
    return (path for path, _ in place.walk("") if path.endswith((".py", ".json")))

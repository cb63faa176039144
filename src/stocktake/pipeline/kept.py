"""What a check of many records said, kept until anything that it rests on changes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Any, NamedTuple

from stocktake import __version__
from stocktake.errors import InputError
from stocktake.load import registry
from stocktake.load.files import Tree, private, real, schema_folder
from stocktake.load.noted import Noted
from stocktake.load.schemas import read_schemas
from stocktake.pipeline import many
from stocktake.pipeline.check import Report
from stocktake.write import make_private, write

_LINES_AT_MOST = 20_000
_READ_AT_MOST = 64_000_000
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
        self._folder = _folder(tree.root)
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
        payload = json.dumps(found).encode()
        try:
            make_private(self._folder)
            if private(self._folder):
                write(os.path.join(self._folder, self._name), _sealed(payload), durable=False)
        except InputError:  # a full disk, or a folder that cannot be written: then nothing is kept
            return

    def _found(self) -> dict[str, Any] | None:
        if not self._folder or not private(self._folder):
            return None
        try:
            sealed = Tree(self._folder).read(self._name, _READ_AT_MOST)
            payload = sealed[_SEAL:]
            if sealed != _sealed(payload):
                return None
            found: dict[str, Any] = json.loads(payload)
        except (InputError, ValueError, RecursionError):
            return None
        return found


_SEAL = 32


def _sealed(payload: bytes) -> bytes:
    """The payload behind its digest, which a torn or damaged file does not match."""
    return blake2b(payload, digest_size=_SEAL).digest() + payload


def _folder(root: str) -> str:
    """Where things are kept for this user; empty where there is no such place, or it lies in the repository."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = os.path.join(home, "stocktake")
    top, place = real(root), real(folder)
    return folder if os.path.isabs(home) and place != top and not place.startswith(top + os.sep) else ""


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

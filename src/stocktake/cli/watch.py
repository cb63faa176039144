"""Check again whenever a file changes."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator

from stocktake.cli import console
from stocktake.errors import InputError
from stocktake.load.files import Tree
from stocktake.values.showable import showable

_EVERY = 0.3  # seconds
_FOLDERS = ("adr", "docs", "observed", "registry", "schemas")
_FILES = (".stocktake/known.txt", "stocktake.yaml")


def repeat(tree: Tree, once: Callable[[], int]) -> int:
    """Run `once`, and again after each change; Ctrl-C ends it with the last exit code."""
    gc.enable()  # which a single check does without
    code = 0
    try:
        while True:
            before = dict(_stamps(tree))
            code = _told(once)
            console.say("Waiting for a change; Ctrl-C ends this.")
            while dict(_stamps(tree)) == before:
                time.sleep(_EVERY)
            console.say()
    except KeyboardInterrupt:
        return code


def _told(once: Callable[[], int]) -> int:
    """What cannot be read now may be readable after the next change."""
    try:
        return once()
    except InputError as error:
        for problem in error.problems:
            console.complain(showable(problem).text())
        return error.exit_code


def _stamps(tree: Tree) -> Iterator[tuple[str, int]]:
    for folder in _FOLDERS:
        for path, flaw in tree.walk(folder):
            yield path, 0 if flaw else tree.stamp(path)
    for path in _FILES:
        yield path, tree.stamp(path)

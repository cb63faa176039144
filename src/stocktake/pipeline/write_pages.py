"""Write the files that the site is made of, part by part, on all processors where they are many."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial

from stocktake.pipeline.spread import spread
from stocktake.render.document import Page
from stocktake.render.site import Part, files, parts
from stocktake.render.view import View
from stocktake.write import write_all

_FOLDERS = ("docs", "overrides")
_MANY = 500  # records from which on it pays to start processes

Written = tuple[list[str], list[str]]


def write_pages(root: str, view: View, others: Iterable[Page], check_only: bool) -> tuple[int, tuple[str, ...]]:
    """How many files there are below build/ with the `others`, and which changed; what is no longer made is removed.

    No part is held longer than until it is written, so that memory does not grow with the site.
    """
    put = partial(_put, root, view, check_only)
    todo = [*parts(view)]
    done = [*(spread(put, todo) if len(view.estate.every) >= _MANY else map(put, todo))]
    named = [path for paths, _ in done for path in paths]
    more, last = _write(root, others, check_only, named)
    changed = {*last, *(path for _, paths in done for path in paths)}
    return len(named) + len(more), tuple(sorted(changed))


def _put(root: str, view: View, check_only: bool, part: Part) -> Written:
    return _write(root, files(view, part), check_only)


def _write(root: str, made: Iterable[Page], check_only: bool, beside: Iterable[str] | None = None) -> Written:
    """(paths, those that changed); where it is known what lies beside, everything else goes."""
    found = dict(made)
    changed = []
    for folder in _FOLDERS:
        start = f"{folder}/"
        inside = [(path.removeprefix(start), content) for path, content in found.items() if path.startswith(start)]
        stay = [path.removeprefix(start) for path in beside or () if path.startswith(start)]
        place, prune = os.path.join(root, "build", folder), beside is not None
        wrote = write_all(place, inside, check=check_only, prune=prune, durable=False, beside=stay)
        changed += [f"{folder}/{path}" for path in wrote]
    return [*found], changed

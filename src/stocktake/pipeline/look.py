"""Look at source trees: which of those that are configured, where they lie, and what each shows."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from stocktake import __version__
from stocktake.discover import tree as trees
from stocktake.discover import walk
from stocktake.errors import InputError, Problem, UsageError
from stocktake.load.files import Tree, is_folder, real
from stocktake.model.digest import is_intact, signed
from stocktake.model.observation import NOT_LOOKED, Observation
from stocktake.model.settings import Settings, Source
from stocktake.values.text import closest

COLLECTOR = "discover"


class Look(NamedTuple):
    """A source, and the folder in which its tree lies."""

    source: Source
    folder: str


def look_at(
    path: str,
    source: str,
    environment: str | None,
    exclude: Iterable[str] = (),
    project: str = "",
    before: Observation | None = None,
) -> Observation:
    """Everything that one tree shows; `project` names what has no name of its own, by default after the folder.

    Raises UsageError where there is no such folder.
    """
    if not is_folder(path):
        raise UsageError(f"{path} is not a folder", "Name the folder that holds the source to look at.")
    files = walk.walk(path, tuple(exclude), trees.wanted)
    name = project or os.path.basename(os.path.abspath(path)) or source
    return trees.discover(files, source, environment, name, before=before)


def chosen(settings: Settings, tree: Tree, wanted: Iterable[str]) -> list[Look]:
    """The configured sources that are meant, by `NAME=PATH` or by their path; without any, all that have a path.

    Raises UsageError where something is none of them, InputError where a configured path leaves the repository.
    """
    if not settings.sources:
        raise UsageError("stocktake.yaml names no sources", "Name a folder under `sources`, or give one here.")
    configured = [Look(source, _inside(tree, source)) for source in settings.sources if source.path]
    found = [_bound(settings, configured, one) for one in wanted] or configured
    names = [look.source.name for look in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise UsageError(f"{twice} is named twice", "One look at a source stands over the other.")
    return found


def _bound(settings: Settings, configured: Iterable[Look], wanted: str) -> Look:
    """One source and where it lies: a folder of that name stands over `NAME=PATH`."""
    name, sign, path = wanted.partition("=")
    if sign and not is_folder(wanted):
        source = next((one for one in settings.sources if one.name == name), None)
        if source is None:
            guess = closest(name, [one.name for one in settings.sources])
            hint = f"Did you mean {guess}?" if guess else "Add it there, `path` may be left out."
            raise UsageError(f"{name} is not one of the `sources` in stocktake.yaml", hint)
        if not is_folder(path):
            raise UsageError(f"{path or 'nothing'} is not a folder", f"Name the folder that holds {name}.")
        return Look(source, path)
    found = next((look for look in configured if real(look.folder) == real(wanted)), None)
    if found is None:
        raise UsageError(
            f"{wanted} is not one of the `sources` in stocktake.yaml",
            "Add it there, so that what is seen has a name and an environment.",
        )
    return found


def see(look: Look, before: Observation | None, today: date, root: str) -> Observation:
    """What one source shows today; where it cannot be looked at, what was seen before, under its own day."""
    source = look.source
    if not is_folder(look.folder):
        reason = f"{source.path or look.folder} is not a folder"
        return _not_looked(Observation(source.name, COLLECTOR, __version__, NOT_LOOKED, reason=reason), source, before)
    # The folder of a tree that lies elsewhere may be called differently on every machine.
    project = os.path.basename(os.path.normpath(source.path)) if source.path else source.name
    project = "" if project == "." else project
    exclude = (*source.exclude, *around(look.folder, root))
    seen = look_at(look.folder, source.name, source.environment, exclude, project, before)
    return _not_looked(seen, source, before) if seen.status == NOT_LOOKED else seen._replace(looked=today)


def around(folder: str, root: str) -> tuple[str, ...]:
    """What to leave out of a folder in which the repository lies: it is no part of what it describes."""
    inside = os.path.relpath(real(root), real(folder)).replace(os.sep, "/")
    return () if inside == "." or inside == ".." or inside.startswith("../") else (inside,)


def _not_looked(now: Observation, source: Source, before: Observation | None) -> Observation:
    if before is None:
        return signed(now._replace(environment=source.environment))
    kept = before._replace(
        version=now.version,
        status=now.status,
        environment=source.environment,
        reason=now.reason,
        problems=now.problems,
    )
    return signed(kept) if is_intact(before) else kept


def _inside(tree: Tree, source: Source) -> str:
    folder = tree.folder(source.path)
    if folder is None:
        where = f"sources.{source.name}.path"
        hint = f"Leave it out, and run `stocktake discover {source.name}={source.path}`."
        raise InputError([Problem("stocktake.yaml", 0, 0, where, f"{source.path} leaves the repository", hint)])
    return folder

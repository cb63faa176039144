"""Make a new repository that is green at once."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from urllib.parse import unquote

from stocktake.discover.tree import BUG
from stocktake.errors import InputError, LookError, UsageError
from stocktake.load import known
from stocktake.load.files import Tree
from stocktake.model.observation import NOT_LOOKED, Observation, Unreadable
from stocktake.pipeline import discover
from stocktake.pipeline.check import check, first_known
from stocktake.pipeline.codeowners import codeowners
from stocktake.pipeline.estate import open_estate
from stocktake.pipeline.look import around, look_at
from stocktake.pipeline.observed import observed_files
from stocktake.pipeline.scaffold import Scaffold, base, managed, scaffold, schemas
from stocktake.run import run
from stocktake.scaffold.base import FILE, base_text
from stocktake.scaffold.render import Wishes, render
from stocktake.values.text import slug
from stocktake.write import LEFTOVER, remove, write, write_all

_UNFINISHED = ".stocktake/unfinished"
_NAME_AT_MOST = 200
_HANDLE = re.compile(r"@[A-Za-z0-9][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_.-]+)?|[^\s@<>#]+@[^\s@<>#]+")
_NOTE = b"`stocktake init` was stopped here before its end. Run it again, and it finishes the work.\n"


class Looked(NamedTuple):
    """A tree that was asked for, the name under which it is looked at again, and why it was not looked at."""

    tree: str
    name: str
    unseen: str


class Start(NamedTuple):
    """What was written: all files, and those of them that are records of what was discovered; how many findings are
    listed as known; mistakes of ours that were met; what was not understood in the trees that were looked at, and
    which those are.
    """

    files: tuple[str, ...]
    records: tuple[str, ...]
    known: int
    bugs: tuple[str, ...]
    problems: tuple[Unreadable, ...] = ()
    looked: tuple[Looked, ...] = ()


def init(folder: str, wishes: Wishes, today: date, sources: Sequence[str] = (), made: Scaffold | None = None) -> Start:
    """Write a repository into an empty or missing folder, or finish one that was begun, with what `sources` show;
    `made` is another scaffold than that of this Stocktake.

    Raises UsageError where the folder holds anything else, LookError where the source has no file,
    FailedProgramError or MissingProgramError for Git.
    """
    tree = Tree(folder)
    _refuse_taken(tree)
    _refuse_missing(wishes.spec)
    if not wishes.name.isprintable() or not 0 < len(wishes.name) <= _NAME_AT_MOST:
        raise UsageError(f"{wishes.name!r} is not a name", f"Give one line of at most {_NAME_AT_MOST} characters.")
    if set(wishes.name) & set("<>"):
        raise UsageError(f"{wishes.name!r} is not a name", "Leave out < and >: builders of sites take them for HTML.")
    if wishes.owner and not _HANDLE.fullmatch(wishes.owner):
        raise UsageError(f"{wishes.owner!r} is not a handle", "Write @name, @organisation/team or an e-mail address.")
    run(["git", "--version"])  # it is needed last, and without it nothing is to be written
    names = _names(sources)
    seen = tuple(_look(source, tree.root, today) for source in sources)
    observed_files(seen)  # a mistake of ours in them must not leave half a repository
    if sources:
        inside = [_inside(source, tree.root) for source in sources]
        wishes = wishes._replace(source="\n".join(names), path="\n".join(inside) if any(inside) else "")
    write(os.path.join(tree.root, _UNFINISHED), _NOTE)
    parts = made or scaffold()
    files = write_all(tree.root, [*render(parts.templates, wishes), *schemas()])
    write(os.path.join(tree.root, known.FILE), known.known_text({}).encode())
    records = _record(tree, seen, today)
    accepted, bugs = _accept(tree, today)
    files += _remember(tree, wishes, parts)
    codeowners(tree, dry_run=False)
    run(["git", "init", "--quiet", "--initial-branch=main"], cwd=tree.root)
    remove(os.path.join(tree.root, _UNFINISHED))
    problems = tuple(one for look in seen for one in look.problems)
    found = [f"{one.file}: {one.message}" for one in problems if one.message.startswith(BUG)]
    told = tuple(one for one in problems if not one.message.startswith(BUG))
    looked = tuple(
        Looked(source, name, look.reason if look.status == NOT_LOOKED else "")
        for source, name, look in zip(sources, names, seen, strict=True)
    )
    return Start((*files, *records), records, accepted, (*found, *bugs), told, looked)


def _refuse_taken(tree: Tree) -> None:
    if tree.has(_UNFINISHED):
        return
    names = set(tree.names("")) - {".git", ".stocktake"}
    if names or not all(map(LEFTOVER.fullmatch, tree.names(".stocktake"))):
        raise UsageError(f"{tree.root} is not empty", "Name a folder that is empty or not there yet.")


def _refuse_missing(requirement: str) -> None:
    """A wheel or checkout that is named by its path is there: nobody could install the new repository otherwise."""
    _, is_file, path = requirement.partition("@ file://")
    if is_file and not Tree("/").has(unquote(path).lstrip("/")):
        raise UsageError(f"There is no {unquote(path)} to install Stocktake from", "Name a wheel or a checkout.")


def _look(source: str, root: str, today: date) -> Observation:
    """What the tree shows; where the new repository lies inside it, that is not looked at.

    A tree that holds only what is not read yet was not looked at, and the repository says so.
    """
    name = _called(source)
    project = "" if _inside(source, root) else name
    seen = look_at(source, name, None, around(source, root), project)
    if seen.status != NOT_LOOKED:
        return seen._replace(looked=today)
    if set(Tree(source).names("")) <= {".git"}:
        raise LookError(f"{source}: {seen.reason}")
    return seen


def _names(sources: Sequence[str]) -> list[str]:
    """What each source is called.

    Raises UsageError where two would be called the same, or a path has a line end in it.
    """
    names = [_called(source) for source in sources]
    for source, name in zip(sources, names, strict=True):
        if "\n" in source:
            raise UsageError(f"{source!r} is no path to look at", "Give its folder another name.")
        if names.count(name) > 1:
            raise UsageError(
                f'Two of the source trees would be called "{name}"', "Give one of the folders another name."
            )
    return names


def _called(source: str) -> str:
    """The name of a source after its folder."""
    return slug(os.path.basename(os.path.abspath(source)))


def _inside(source: str, root: str) -> str:
    """The path of the source below the root, empty where it lies elsewhere."""
    path = os.path.relpath(source, root).replace(os.sep, "/")
    return "" if path == ".." or path.startswith("../") else path


def _record(tree: Tree, seen: tuple[Observation, ...], today: date) -> tuple[str, ...]:
    """Write what was seen, and a record for everything in it."""
    if not seen:
        return ()
    opened = open_estate(tree)
    found = discover.compare(opened, seen, today)
    write_all(tree.root, observed_files(found.audit.estate.observations))
    return tuple(write_all(tree.root, discover.record_files(found, opened, today)))


def _remember(tree: Tree, wishes: Wishes, parts: Scaffold) -> list[str]:
    """Keep what the scaffold wrote, so that `upgrade` can tell it from what people change."""
    copies = {path: (content.decode(), False) for path, content in schemas()}
    made = base(parts.version, wishes, managed(parts.templates, wishes), copies)
    return write_all(tree.root, [(FILE, base_text(made).encode())])


def _accept(tree: Tree, today: date) -> tuple[int, tuple[str, ...]]:
    """List what the rules find in the young registry, so that it is green and nothing is hidden."""
    report = check(tree, today)
    if report.audit is None:
        raise InputError(report.problems)
    listed = first_known(report.audit)
    write(os.path.join(tree.root, known.FILE), known.known_text(listed).encode())
    return len(listed), report.bugs

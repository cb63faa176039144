"""Judge the hand-written pages as a check and a build both must: what lies there, what it says, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stocktake.errors import InputError, Problem
from stocktake.load import documents
from stocktake.load.files import Tree, flawed
from stocktake.render.taken import is_taken

Exists = Callable[[str], bool]


def problems(tree: Tree, folders: dict[str, str], exists: Exists) -> Iterator[Problem]:
    """What is wrong with all of them; `folders` are those of the kinds, `exists` takes the address of a record."""
    for path, flaw in documents.documents(tree, folders):
        yield from [flawed(path, flaw)] if flaw else problems_of(tree, path, folders, exists)


def problems_of(tree: Tree, path: str, folders: dict[str, str], exists: Exists) -> list[Problem]:
    """What is wrong with one of them."""
    found = []
    if is_taken(path.removeprefix(f"{documents.FOLDER}/"), folders, exists):
        found.append(Problem(path, 0, 0, "", "has the place of a generated page", "Rename it."))
    try:
        return found + documents.problems(tree.read(path), path)
    except InputError as error:
        return found + error.problems

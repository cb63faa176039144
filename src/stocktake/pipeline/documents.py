"""Judge the hand-written pages as a check and a build both must: what lies there, what it says, and where."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stocktake.errors import InputError, Problem
from stocktake.load import documents, links
from stocktake.load.files import Tree, flawed
from stocktake.load.twins import Twins
from stocktake.render.taken import is_taken

Exists = Callable[[str], bool]


def problems(tree: Tree, folders: dict[str, str], exists: Exists) -> Iterator[Problem]:
    """What is wrong with all of them; `folders` are those of the kinds, `exists` takes the address of a record."""
    twins = Twins(tree)
    for path, flaw in documents.documents(tree, folders):
        yield from [flawed(path, flaw)] if flaw else problems_of(tree, path, folders, exists, twins)


def problems_of(
    tree: Tree, path: str, folders: dict[str, str], exists: Exists, twins: Twins | None = None
) -> list[Problem]:
    """What is wrong with one of them."""
    found = (twins or Twins(tree)).problems(path)
    page = path.removeprefix(f"{documents.FOLDER}/")
    if is_taken(page, folders, exists):
        found.append(Problem(path, 0, 0, "", "has the place of a generated page", "Rename it."))
    try:
        raw = tree.read(path)
    except InputError as error:
        return found + error.problems
    found += documents.problems(raw, path)
    if documents.is_page(path):
        for address, line, column in links.to_records(raw.decode(errors="replace"), page, folders):
            if not exists(address) and not tree.has(f"{documents.FOLDER}/{address}.md"):
                message = f"a link leads to {address}, and there is no such record"
                found.append(Problem(path, line, column, "", message, "Correct the link, or delete it."))
    return found

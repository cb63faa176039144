"""Make a new repository that is green at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date

from stocktake.errors import UsageError
from stocktake.load import known
from stocktake.load.files import Tree, schema_folder
from stocktake.pipeline.check import check, first_known
from stocktake.run import run
from stocktake.scaffold.render import Wishes, render
from stocktake.scaffold.templates import templates
from stocktake.write import LEFTOVER, remove, write, write_all

_UNFINISHED = ".stocktake/unfinished"
_NOTE = b"`stocktake init` was stopped here before its end. Run it again, and it finishes the work.\n"


def init(folder: str, wishes: Wishes, today: date) -> list[str]:
    """Write a repository into an empty or missing folder, or finish one that was begun; the files that were written.

    Raises UsageError where the folder holds anything else, FailedProgramError or MissingProgramError for Git.
    """
    tree = Tree(folder)
    _refuse_taken(tree)
    write(os.path.join(tree.root, _UNFINISHED), _NOTE)
    written = write_all(tree.root, [*render(templates(), wishes), *_schemas()])
    write(os.path.join(tree.root, known.FILE), known.known_text({}).encode())
    _accept(tree, today)
    run(["git", "init", "--quiet", "--initial-branch=main"], cwd=tree.root)
    remove(os.path.join(tree.root, _UNFINISHED))
    return written


def _refuse_taken(tree: Tree) -> None:
    names = set(tree.names("")) - {".git", ".stocktake"}
    begun = tree.has(_UNFINISHED) or all(map(LEFTOVER.fullmatch, tree.names(".stocktake")))
    if not begun or (names and not tree.has(_UNFINISHED)):
        raise UsageError(f"{tree.root} is not empty", "Name a folder that is empty or not there yet.")


def _schemas() -> Iterator[tuple[str, bytes]]:
    """Copies of our schemas, for the editor."""
    ours = Tree(schema_folder())
    for name in ours.names(""):
        if name.endswith(".schema.json"):
            yield f"schemas/{name}", ours.read(name)


def _accept(tree: Tree, today: date) -> None:
    """List what the rules find in the young registry, so that it is green and nothing is hidden."""
    judged = check(tree, today).audit
    if judged:
        write(os.path.join(tree.root, known.FILE), known.known_text(first_known(judged)).encode())

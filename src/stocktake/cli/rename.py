"""The verb `rename`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from stocktake.cli import console
from stocktake.errors import UsageError

if TYPE_CHECKING:
    from stocktake.load.files import Tree
    from stocktake.pipeline.rename import Rewritten


@click.command()
@click.argument("old", metavar="ADDRESS")
@click.argument("new", metavar="ID")
@click.option("--dry-run", is_flag=True, help="Show what would change, write nothing.")
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(old: str, new: str, dry_run: bool, folder: str) -> None:
    """Give the record at ADDRESS another ID, as in `stocktake rename asset/orders-db orders`.

    Its file is moved, and every record, the settings, the list of known findings and the links of hand-written pages
    name it as it is called now; nothing else in these files changes. The record lists its former id under `formerly`,
    so that what was written elsewhere still finds it.
    """
    from stocktake.load.files import find
    from stocktake.pipeline.rename import rename
    from stocktake.pipeline.unfinished import unfinished

    tree = find(folder)
    if begun := unfinished(tree):
        if dry_run:
            raise UsageError("A rename was interrupted", "Run `stocktake rename` without --dry-run to finish it.")
        _apply(tree, begun)
        console.say(f"{begun[0].path} is now {begun[0].to}, as an interrupted rename began")
        if _is_same(begun[0], old, new):
            return
        tree = find(folder)
    changed = rename(tree, old, new)
    if dry_run:
        from stocktake.cli.text_diff import diff_lines

        console.say(f"{changed[0].path} becomes {changed[0].to}")
        for one in changed:
            console.lines(diff_lines(one.to, one.before, one.after))
        return
    _apply(tree, changed)
    console.say(f"{changed[0].path} is now {changed[0].to}")
    for one in changed[1:]:
        console.say(f"rewrote {one.path}")


def _apply(tree: Tree, changed: Sequence[Rewritten]) -> None:
    """Write every file, so that whoever is interrupted can go on: what is to be done is noted first."""
    from stocktake.pipeline.unfinished import FILE, noted
    from stocktake.write import remove, write_all

    write_all(tree.root, [(FILE, noted(changed))])
    write_all(tree.root, [(one.to, one.after.encode("utf-8", "surrogateescape")) for one in changed])
    if tree.has(changed[0].path):
        remove(os.path.join(tree.root, changed[0].path))
    remove(os.path.join(tree.root, FILE))


def _is_same(own: Rewritten, old: str, new: str) -> bool:
    """Whether what was asked for is what was interrupted."""
    stems = (os.path.splitext(os.path.basename(path))[0] for path in (own.path, own.to))
    return tuple(stems) == (old.rpartition("/")[2], new.rpartition("/")[2])

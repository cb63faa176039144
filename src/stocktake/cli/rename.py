"""The verb `rename`."""

from __future__ import annotations

import os

import click

from stocktake.cli import console


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
    from stocktake.write import remove, write_all

    tree = find(folder)
    changed = rename(tree, old, new)
    if dry_run:
        from stocktake.cli.diff import diff_lines

        console.say(f"{changed[0].path} becomes {changed[0].to}")
        for one in changed:
            console.lines(diff_lines(one.to, one.before, one.after))
        return
    write_all(tree.root, [(one.to, one.after.encode()) for one in changed])
    remove(os.path.join(tree.root, changed[0].path))
    console.say(f"{changed[0].path} is now {changed[0].to}")
    for one in changed[1:]:
        console.say(f"rewrote {one.path}")

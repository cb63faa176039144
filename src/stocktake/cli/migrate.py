"""The verb `migrate`."""

from __future__ import annotations

import click

from stocktake.cli import console


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what would change, write nothing.")
@click.option("--check", "check_only", is_flag=True, help="Say which files would change; write nothing.")
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(dry_run: bool, check_only: bool, folder: str) -> int:
    """Move records that were written for an older schema to the present one.

    `schema` in stocktake.yaml says for which version they were written. Fields get their present names, places and
    values, also those that other tools call otherwise, such as `title` for `name`; comments, order and all else stay.
    Where one file cannot be moved, none is written. --check ends with 1 where a file would change.
    """
    from stocktake.load.files import find
    from stocktake.pipeline.migrate import migrate, told
    from stocktake.write import write_all

    tree = find(folder)
    found = migrate(tree)
    if dry_run:
        from stocktake.cli.text_diff import diff_lines

        for one in found:
            console.lines(diff_lines(one.path, one.before, one.after))
        return 1 if check_only and found else 0
    if not check_only:
        write_all(tree.root, [(one.path, one.after.encode()) for one in found])
    console.lines(told(found))
    if not found:
        console.say("every record is of the present schema")
    return 1 if check_only and found else 0

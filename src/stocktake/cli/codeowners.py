"""The verb `codeowners`."""

from __future__ import annotations

import click

from stocktake.cli import console


@click.command()
@click.option("--check", "check_only", is_flag=True, help="Say what differs and end with 1; write nothing.")
@click.option("--dry-run", is_flag=True, help="Show the difference; write nothing.")
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(check_only: bool, dry_run: bool, folder: str) -> int:
    """Write into CODEOWNERS whom the forge asks about each record: the team that owns it, or what it is about.

    The lines stand in a block of their own; what you wrote before and behind it stays. A team needs a `handle`.
    """
    from stocktake.cli.text_diff import diff_lines
    from stocktake.load.files import find
    from stocktake.pipeline.codeowners import codeowners

    made = codeowners(find(folder), check_only or dry_run)
    differs = made.before != made.after
    if differs and (check_only or dry_run):
        console.lines(diff_lines(made.path, made.before, made.after))
    for team in made.owners.silent:
        console.say(f"{team} owns records but has no handle, so the forge asks nobody: add `handle`.")
    if made.owners.unnamed:
        first = ", ".join(made.owners.unnamed[:3])
        console.say(f"{len(made.owners.unnamed)} of the records have no owner to name, such as {first}.")
    if not differs:
        console.say(f"{made.path} says what the registry says.")
    elif not (check_only or dry_run):
        console.say(f"{made.path}: {len(made.owners.lines)} records have owners.")
    return 1 if check_only and differs else 0

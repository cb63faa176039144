"""The verb `build`."""

from __future__ import annotations

import click

from stocktake.cli import console


@click.command()
@click.option("--pages-only", is_flag=True, help="Write build/docs only; `mkdocs build --strict` then makes the site.")
@click.option("--today", metavar="DAY", help="Judge as at this day (default: the day of the last commit).")
@click.option("--check", "check_only", is_flag=True, help="Say which pages differ from what is there; write nothing.")
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(pages_only: bool, today: str | None, check_only: bool, folder: str) -> int:
    """Write the site from the registry: pages and diagrams to build/docs, the site to build/site."""
    from stocktake.cli.today import day
    from stocktake.cli.today import today as present
    from stocktake.load.files import find
    from stocktake.pipeline.build import build

    result = build(find(folder), day(today) if today else None, present(), pages_only, check_only, console.progress)
    for bug in result.bugs:
        console.trace(bug)
    if check_only:
        console.lines(result.changed)
        return 3 if result.bugs else 1 if result.changed else 0
    for note in result.notes:
        console.complain(note)
    console.say(f"{result.pages} files, {len(result.changed)} changed: {result.where}")
    return 3 if result.bugs else 0

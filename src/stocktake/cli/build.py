"""The verb `build`."""

from __future__ import annotations

import os

import click

from stocktake.cli import console
from stocktake.model.audience import AUDIENCES, RESTRICTED


@click.command()
@click.option("--pages-only", is_flag=True, help="Write build/docs only; `mkdocs build --strict` then makes the site.")
@click.option("--today", metavar="DAY", help="Judge as at this day (default: the day of the last commit).")
@click.option("--at", metavar="WHEN", help="Show the estate as it was on a day or at a revision; into build/at.")
@click.option("--check", "check_only", is_flag=True, help="Say which pages differ from what is there; write nothing.")
@click.option(
    "--audience",
    type=click.Choice(AUDIENCES),
    default=RESTRICTED,
    show_default=True,
    help="Who the site is for: what is not for them is left out everywhere.",
)
@click.option("--offline", is_flag=True, help="Write build/offline instead: a site that needs no server, with search.")
@click.option(
    "--pdf",
    "papers",
    metavar="PAGE",
    multiple=True,
    help="Also print a page of the site into build/pdf, such as report or asset/orders-db; needs Chromium.",
)
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(
    pages_only: bool,
    today: str | None,
    at: str | None,
    check_only: bool,
    audience: str,
    offline: bool,
    papers: tuple[str, ...],
    folder: str,
) -> int:
    """Write the site from the registry: pages and diagrams to build/docs, the site to build/site."""
    from stocktake.cli.today import day
    from stocktake.cli.today import today as present
    from stocktake.errors import UsageError
    from stocktake.load.files import find
    from stocktake.pipeline import paper
    from stocktake.pipeline.at import then
    from stocktake.pipeline.build import build

    if (offline or papers) and (pages_only or check_only):
        raise UsageError(f"{'--offline' if offline else '--pdf'} is about the site, and this makes the pages only")
    program = paper.browser(os.environ) if papers else ""
    when, tree = day(today) if today else None, find(folder)
    past = then(tree, at, when) if at else None
    when = past.day if past else when
    result = build(tree, when, present(), pages_only, check_only, console.progress, audience, offline, past)
    for bug in result.bugs:
        console.trace(bug)
    if check_only:
        console.lines(result.changed)
        return 3 if result.bugs else 1 if result.changed else 0
    for note in result.notes:
        console.complain(note)
    edition = "" if audience == RESTRICTED else f"{audience} edition, "
    console.say(f"{edition}{result.pages} files, {len(result.changed)} changed: {result.where}")
    for path in paper.papers(tree, result.where, papers, program) if papers else ():
        console.say(f"printed: {path}")
    return 3 if result.bugs else 0

"""The verb `serve`."""

from __future__ import annotations

import click

from stocktake.cli import console
from stocktake.model.audience import AUDIENCES, RESTRICTED


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port on this machine; 0 takes a free one.")
@click.option("--no-build", is_flag=True, help="Serve the site that was built last.")
@click.option("--today", metavar="DAY", help="Judge as at this day instead of the present one.")
@click.option(
    "--audience",
    type=click.Choice(AUDIENCES),
    default=RESTRICTED,
    show_default=True,
    help="Who the site is for: what is not for them is left out everywhere.",
)
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(port: int, no_build: bool, today: str | None, audience: str, folder: str) -> None:
    """Build the site and serve it on this machine only, until it is stopped."""
    from stocktake.cli.today import day
    from stocktake.errors import UsageError
    from stocktake.load.files import find
    from stocktake.serve import serve

    tree = find(folder)
    if no_build and audience != RESTRICTED:
        raise UsageError("--no-build serves what was built last, for whomever that was", "Leave out one of the two.")
    if not no_build:
        from stocktake.pipeline.build import build

        result = build(tree, day(today), day(today), False, False, console.progress, audience)
        for note in (*result.bugs, *result.notes):
            console.trace(note)
    site = tree.folder("build/site")
    if site is None or not tree.has_folder("build/site"):
        raise UsageError("There is no site in build/site", "Leave out --no-build, and it is built.")
    serve(site, port, lambda address: console.say(f"The site is at {address} (stop it with Ctrl-C)."))

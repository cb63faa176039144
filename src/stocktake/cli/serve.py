"""The verb `serve`."""

from __future__ import annotations

import click

from stocktake.cli import console


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port on this machine; 0 takes a free one.")
@click.option("--no-build", is_flag=True, help="Serve the site that was built last.")
@click.option("--today", metavar="DAY", help="Judge as at this day instead of the present one.")
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(port: int, no_build: bool, today: str | None, folder: str) -> None:
    """Build the site and serve it on this machine only, until it is stopped."""
    from stocktake.cli.today import day
    from stocktake.errors import UsageError
    from stocktake.load.files import find
    from stocktake.serve import serve

    tree = find(folder)
    if not no_build:
        from stocktake.pipeline.build import build

        result = build(tree, day(today), day(today), False, False, console.progress)
        for note in (*result.bugs, *result.notes):
            console.trace(note)
    site = tree.folder("build/site")
    if site is None or not tree.has_folder("build/site"):
        raise UsageError("There is no site in build/site", "Leave out --no-build, and it is built.")
    serve(site, port, lambda address: console.say(f"The site is at {address} (stop it with Ctrl-C)."))

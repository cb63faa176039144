"""The verb `serve`."""

from __future__ import annotations

import click

from stocktake.cli import console


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port on this machine; 0 takes a free one.")
@click.option("--today", metavar="DAY", help="Judge as at this day instead of the present one.")
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(port: int, today: str | None, folder: str) -> None:
    """Build the site and serve it on this machine only, until it is stopped."""
    from stocktake.cli.today import day
    from stocktake.load.files import find
    from stocktake.pipeline.build import build
    from stocktake.serve import serve

    result = build(find(folder), day(today), day(today), False, False, console.progress)
    for note in (*result.bugs, *result.notes):
        console.trace(note)
    serve(result.where, port, lambda address: console.say(f"The site is at {address} (stop it with Ctrl-C)."))

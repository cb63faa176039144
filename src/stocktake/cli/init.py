"""The verb `init`."""

from __future__ import annotations

import os

import click

from stocktake import __version__
from stocktake.cli import console


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False))
@click.option("--name", help="What the data estate is called (default: after the folder).")
@click.option(
    "--stocktake",
    "spec",
    metavar="SPEC",
    default=f"stocktake=={__version__}",
    show_default=True,
    help="Where the new repository installs Stocktake from: a requirement, an address, or the path of a wheel.",
)
@click.option("--today", metavar="DAY", help="The day to write where one is needed.")
def command(folder: str, name: str | None, spec: str, today: str | None) -> None:
    """Make a new repository in DIR: a registry with its schemas, site, hook, tests and workflows, green at once."""
    from stocktake.cli.today import day
    from stocktake.pipeline.init import init
    from stocktake.scaffold.render import Wishes
    from stocktake.scaffold.spec import requirement

    start = day(today)
    called = name or os.path.basename(os.path.abspath(folder)).replace("-", " ").replace("_", " ").strip().capitalize()
    wishes = Wishes(called or "Data estate", requirement(spec, os.path.abspath(".")), start.isoformat())
    written = init(folder, wishes, start)
    console.say(f"{len(written)} files written to {folder}")
    console.say(f"Next: cd {folder} && git add . && git commit -m 'Start the registry' && scripts/test")

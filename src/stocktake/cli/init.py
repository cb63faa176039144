"""The verb `init`."""

from __future__ import annotations

import os
import shlex

import click

from stocktake import __version__
from stocktake.cli import console


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False))
@click.option("--name", help="What the data estate is called (default: after the folder).")
@click.option("--from", "source", metavar="PATH", type=click.Path(), help="Also write records of what this tree shows.")
@click.option(
    "--stocktake",
    "spec",
    metavar="SPEC",
    default=f"stocktake=={__version__}",
    show_default=True,
    help="Where the new repository installs Stocktake from: a requirement, an address, or the path of a wheel.",
)
@click.option("--today", metavar="DAY", help="The day to write where one is needed.")
def command(folder: str, name: str | None, source: str | None, spec: str, today: str | None) -> int:
    """Make a new repository in DIR: a registry with its schemas, site, hook, tests and workflows, green at once.

    With --from, the tree at PATH is looked at, and each store, service and dependency in it gets a first record.
    What the rules find in these is listed in `.stocktake/known.txt`, so that only new findings fail a check.
    """
    from stocktake.cli.today import day
    from stocktake.pipeline.init import init
    from stocktake.scaffold.render import Wishes
    from stocktake.scaffold.spec import requirement
    from stocktake.values.text import shown

    start = day(today)
    wishes = Wishes(name or _called(folder), requirement(spec, os.path.abspath(".")), start.isoformat())
    made = init(folder, wishes, start, source)
    for bug in made.bugs:
        console.trace(shown(bug, multiline=True))
    console.say(f"{len(made.files)} files written to {folder}")
    if source:
        console.say(f"{len(made.records)} of them are first records of what {source} shows")
        console.say(f"{made.known} findings about them are listed in .stocktake/known.txt: they are where to start")
    console.say(f"Next: cd {shlex.quote(folder)} && git add . && git commit -m 'Start the registry' && scripts/test")
    return 3 if made.bugs else 0


def _called(folder: str) -> str:
    words = os.path.basename(os.path.abspath(folder)).replace("-", " ").replace("_", " ").split()
    return " ".join(words).capitalize() or "Data estate"

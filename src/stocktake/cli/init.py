"""The verb `init`."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from stocktake.cli import console
from stocktake.values.text import shown

if TYPE_CHECKING:
    from stocktake.pipeline.init import Start

_TOLD = 20
_ONLY_HERE = ": for others, name a place that they reach in pyproject.toml and .pre-commit-config.yaml"


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False))
@click.option("--name", help="What the data estate is called (default: after the folder).")
@click.option("--from", "source", metavar="PATH", type=click.Path(), help="Also write records of what this tree shows.")
@click.option(
    "--stocktake",
    "spec",
    metavar="SPEC",
    help="Where the new repository installs Stocktake from: a requirement, an address, or the path of a wheel or a "
    "checkout (default: from where this one came).",
)
@click.option("--today", metavar="DAY", help="The day to write where one is needed.")
def command(folder: str, name: str | None, source: str | None, spec: str | None, today: str | None) -> int:
    """Make a new repository in DIR: a registry with its schemas, site, hook, tests and workflows, green at once.

    With --from, the tree at PATH is looked at, and each store, service and dependency in it gets a first record.
    What the rules find in these is listed in `.stocktake/known.txt`, so that only new findings fail a check.
    """
    from stocktake.cli.today import day
    from stocktake.pipeline.init import init
    from stocktake.scaffold.origin import origin
    from stocktake.scaffold.render import Wishes
    from stocktake.scaffold.spec import requirement

    start = day(today)
    wanted = requirement(spec or origin(), os.path.abspath("."))
    wishes = Wishes(name or _called(folder), wanted, start.isoformat())
    made = init(folder, wishes, start, source)
    for bug in made.bugs:
        console.trace(shown(bug, multiline=True))
    console.say(f"{len(made.files)} files written to {folder}")
    for line in _problem_lines(made):
        console.say(line)
    if made.unseen:
        console.say(f"not looked at: {source}: {made.unseen}, so nothing is known of it yet")
    elif source:
        console.say(f"{len(made.records)} of them are first records of what {source} shows")
        console.say(f"{made.known} findings about them are listed in .stocktake/known.txt: they are where to start")
        console.say(f"Look again: stocktake discover -C {shlex.quote(folder)} {made.source}={shlex.quote(source)}")
    console.say(f"It installs {wanted}{_ONLY_HERE if ' @ file:' in wanted else ''}")
    console.say(f"Next: cd {shlex.quote(folder)} && git add . && git commit -m 'Start the registry' && scripts/test")
    return 3 if made.bugs else 0


def _problem_lines(made: Start) -> Iterator[str]:
    """What was not understood: what it holds is in no record."""
    for problem in made.problems[:_TOLD]:
        yield f"not understood: {shown(problem.place())}: {shown(problem.message)}"
    if (more := len(made.problems) - _TOLD) > 0:
        yield f"not understood: {more} more, listed in observed/{made.source}.json"
    if made.problems:
        places = "place was" if len(made.problems) == 1 else "places were"
        yield f"{len(made.problems)} {places} not understood: what stands there is in no record"


def _called(folder: str) -> str:
    words = os.path.basename(os.path.abspath(folder)).replace("-", " ").replace("_", " ").split()
    return " ".join(words).capitalize() or "Data estate"

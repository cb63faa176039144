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

HOSTS = ("github", "gitlab")
_TOLD = 20
_ONLY_HERE = ": for others, name a place that they reach in pyproject.toml and .pre-commit-config.yaml"


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False))
@click.option("--name", help="What the data estate is called (default: after the folder).")
@click.option(
    "--from",
    "sources",
    metavar="PATH",
    type=click.Path(),
    multiple=True,
    help="Also write records of what this tree shows; again for more.",
)
@click.option("--host", type=click.Choice(HOSTS), help="Where the repository is kept (default: github).")
@click.option(
    "--owner",
    metavar="HANDLE",
    help="Who reviews what judges pull requests, as the host knows them: @organisation/team (default: a comment "
    "to fill in).",
)
@click.option(
    "--stocktake",
    "spec",
    metavar="SPEC",
    help="Where the new repository installs Stocktake from: a requirement, an address, or the path of a wheel or a "
    "checkout (default: from where this one came).",
)
@click.option("--defaults", is_flag=True, help="Ask nothing, as where there is no terminal.")
@click.option("--today", metavar="DAY", help="The day to write where one is needed.")
def command(
    folder: str,
    name: str | None,
    sources: tuple[str, ...],
    host: str | None,
    owner: str | None,
    spec: str | None,
    defaults: bool,
    today: str | None,
) -> int:
    """Make a new repository in DIR: a registry with its schemas, site, hook, tests and workflows, green at once.

    With --from, the tree at PATH is looked at, and each store, service and dependency in it gets a first record; again
    for more trees. What the rules find in these is listed in `.stocktake/known.txt`, so that only new findings fail a
    check.
    On a terminal what no option says is asked, each with a default.
    """
    from stocktake.cli.today import day
    from stocktake.pipeline.init import init
    from stocktake.scaffold.origin import origin
    from stocktake.scaffold.render import Wishes
    from stocktake.scaffold.spec import requirement

    start, ask = day(today), _answer if defaults or not console.is_asked() else console.ask
    named = name or ask("What is the data estate called?", _called(folder))
    kept = host or ask("Where is the repository kept?", HOSTS[0], HOSTS)
    reviewer = (
        ask("Who reviews what judges pull requests (such as @organisation/team)?", "") if owner is None else owner
    )
    place = spec or ask("Where does it install Stocktake from?", origin())
    looked = sources or tuple(filter(None, (ask("Which source tree shall be looked at?", ""),)))
    wanted = requirement(place, os.path.abspath("."))
    wishes = Wishes(named, wanted, start.isoformat(), host=kept, owner=reviewer)
    made = init(folder, wishes, start, looked)
    for bug in made.bugs:
        console.trace(shown(bug, multiline=True))
    console.lines(_told(made, folder, wanted))
    return 3 if made.bugs else 0


def _answer(question: str, default: str, choices: tuple[str, ...] = ()) -> str:
    """The default, where nobody is asked."""
    return default


def _told(made: Start, folder: str, wanted: str) -> Iterator[str]:
    yield f"{len(made.files)} files written to {folder}"
    yield from _problem_lines(made)
    for one in made.looked:
        if one.unseen:
            yield f"not looked at: {one.tree}: {one.unseen}, so nothing is known of it yet"
    if seen := [one for one in made.looked if not one.unseen]:
        trees = " and ".join(one.tree for one in seen)
        yield f"{len(made.records)} of them are first records of what {trees} {'show' if len(seen) > 1 else 'shows'}"
        yield f"{made.known} findings about them are listed in .stocktake/known.txt: they are where to start"
        again = " ".join(f"{one.name}={shlex.quote(one.tree)}" for one in seen)
        yield f"Look again: stocktake discover -C {shlex.quote(folder)} {again}"
    yield f"It installs {wanted}{_ONLY_HERE if ' @ file:' in wanted else ''}"
    yield f"Next: cd {shlex.quote(folder)} && git add . && git commit -m 'Start the registry' && scripts/test"


def _problem_lines(made: Start) -> Iterator[str]:
    """What was not understood: what it holds is in no record."""
    for problem in made.problems[:_TOLD]:
        yield f"not understood: {shown(problem.place())}: {shown(problem.message)}"
    if (more := len(made.problems) - _TOLD) > 0:
        yield f"not understood: {more} more, listed below observed/"
    if made.problems:
        places = "place was" if len(made.problems) == 1 else "places were"
        yield f"{len(made.problems)} {places} not understood: what stands there is in no record"


def _called(folder: str) -> str:
    words = os.path.basename(os.path.abspath(folder)).replace("-", " ").replace("_", " ").split()
    return " ".join(words).capitalize() or "Data estate"

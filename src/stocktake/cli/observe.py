"""The verb `observe`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from stocktake.cli import console
from stocktake.cli.console import paint
from stocktake.values.text import shown

if TYPE_CHECKING:
    from stocktake.model.observation import Observation


@click.command()
@click.argument("assets", nargs=-1, metavar="[ASSET]...")
@click.option("--environment", metavar="E", help="Only in this environment.")
@click.option("--sizes", is_flag=True, help="Also measure tables and databases; that doubles the time.")
@click.option(
    "--from",
    "answers",
    type=click.Path(exists=True, dir_okay=False),
    help="Read the output of `explain --queries` in the place of a connection.",
)
@click.option("--dry-run", is_flag=True, help="Write nothing.")
@click.option("--today", metavar="DAY", help="The day of this look.")
@click.option(
    "--output-format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How the result is written.",
)
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(
    assets: tuple[str, ...],
    environment: str | None,
    sizes: bool,
    answers: str | None,
    dry_run: bool,
    today: str | None,
    form: str,
    folder: str,
) -> int:
    """Look at live stores, and write what they show to observed/.

    Without ASSET, everything with a `connection` is looked at. The URL is read from the environment variable that
    `connection` names, and from nowhere else. Nothing is ever changed in a store: `explain --privileges postgresql`
    prints the few rights that are needed.
    """
    from stocktake.cli.today import day
    from stocktake.load.files import find
    from stocktake.observe.query import Options
    from stocktake.pipeline.observe import observe
    from stocktake.pipeline.observed import keep, observed_files

    tree = find(folder)
    found = observe(tree, assets, environment, os.environ, day(today), Options(sizes=sizes), answers)
    if not dry_run:
        keep(tree, observed_files(found.every))
    if form == "json":
        from stocktake.load.observations import to_data

        console.data([to_data(one) for one in found.fresh])
    else:
        console.lines(line for one in found.fresh for line in _lines(one))
    for bug in found.bugs:
        console.trace(shown(bug, multiline=True))
    return found.exit_code


def _lines(seen: Observation) -> Iterator[str]:
    from stocktake.model.observation import NOT_LOOKED, PARTIAL

    name = shown(seen.source)
    if seen.status == NOT_LOOKED:
        yield f"{paint('not looked', 'high')}: {name}: {shown(seen.reason)}"
        return
    role = f" as {shown(seen.role)}" if seen.role else ""
    yield f"{paint('seen', 'good')}{role}: {name}: {_summary(seen)}"
    if seen.status == PARTIAL:
        for gap in seen.reason.split("; "):
            yield f"  {shown(gap)}"


def _summary(seen: Observation) -> str:
    from stocktake.values.name import keys

    facts = seen.things[0].facts
    what = " ".join(str(facts[name]) for name in ("engine", "version") if name in facts)
    words = {"schema.tables[]": "tables and views", "access.principals[]": "roles", "settings[]": "settings"}
    counts = [f"{len(found)} {word}" for name, word in words.items() if (found := keys(facts, name))]
    return ", ".join([shown(what), *counts])

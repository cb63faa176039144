"""The verb `baseline`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from stocktake.cli import console
from stocktake.values.text import shown

if TYPE_CHECKING:
    from stocktake.pipeline.baseline import Shown


@click.group()
def command() -> None:
    """Compare a running system with its baseline, or accept what runs."""


@command.command()
@click.argument("asset")
@click.option("--environment", required=True, help="The environment.")
@click.option("--today", metavar="DAY", help="Judge as at this day.")
@click.option(
    "--output-format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How the result is written.",
)
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def show(asset: str, environment: str, today: str | None, form: str, folder: str) -> None:
    """Say how ASSET differs from its baseline, and what was not compared."""
    from stocktake.cli.today import day
    from stocktake.load.files import find
    from stocktake.pipeline import baseline as flow

    found = flow.show(find(folder), asset, environment, day(today))
    if form == "json":
        data = {"schema": 1, "baseline": found.address, "not_compared": dict(found.not_compared)}
        console.data({**data, "differences": [one._asdict() for one in found.differences]})
    else:
        console.lines(_lines(found, asset, environment))


def _lines(found: Shown, asset: str, environment: str) -> Iterator[str]:
    from stocktake.model import answer

    for one in found.differences:
        yield f"{one.area}: {shown(one.words)}"
        yield f"  accept it: {answer.accept(one, asset, environment)}"
        yield f"  track it:  {answer.track(one, found.address)}"
    for area, reason in found.not_compared:
        yield f"not compared: {area}: {shown(reason)}"
    count = len(found.differences)
    yield f"{count or 'no'} difference{'s' * (count != 1)} from {found.address}"


@command.command()
@click.argument("asset")
@click.option("--environment", required=True, help="The environment.")
@click.option(
    "--only", multiple=True, metavar="NAME", help="Only this setting, role, table, extension or grant; again for more."
)
@click.option("--dry-run", is_flag=True, help="Show what would change, write nothing.")
@click.option("--today", metavar="DAY", help="Judge as at this day.")
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def accept(asset: str, environment: str, only: tuple[str, ...], dry_run: bool, today: str | None, folder: str) -> None:
    """Write what was last seen of ASSET into its baseline; comments and order stay."""
    from difflib import unified_diff

    from stocktake.cli.today import day
    from stocktake.load.files import find
    from stocktake.pipeline import baseline as flow
    from stocktake.write import write

    tree = find(folder)
    path, before, after = flow.accept(tree, asset, environment, only, day(today))
    console.lines(
        shown(line.rstrip("\n"))
        for line in unified_diff(before.splitlines(), after.splitlines(), f"a/{path}", f"b/{path}", lineterm="")
    )
    if not dry_run and after != before:
        write(os.path.join(tree.root, path), after.encode())
    console.say(path if after != before else f"{path} says so already")

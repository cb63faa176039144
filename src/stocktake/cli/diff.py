"""The verb `diff`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from stocktake.cli import console
from stocktake.model.outcome import SEVERITIES

if TYPE_CHECKING:
    from stocktake.pipeline.diff import Compared

FORMATS = ("text", "json", "markdown", "summary")


@click.command()
@click.argument("base", required=False, default="")
@click.argument("head", required=False, default="HEAD")
@click.option(
    "--output-format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How the result is written; markdown fits into a comment, summary is whole.",
)
@click.option("--output", type=click.Path(dir_okay=False), help="Write it to this file, to keep it.")
@click.option(
    "--fail-on",
    type=click.Choice(SEVERITIES),
    help="New findings count from this severity up (default: as the base says).",
)
@click.option(
    "--reviews",
    type=click.Path(exists=True, dir_okay=False),
    help="What the host knows of the pull request: a file that a job of the base branch wrote.",
)
@click.option("--today", metavar="DAY", help="Judge both sides as at this day.")
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(
    base: str,
    head: str,
    form: str,
    output: str | None,
    fail_on: str | None,
    reviews: str | None,
    today: str | None,
    folder: str,
) -> int:
    """Say what HEAD changes for the estate since it left BASE.

    BASE is the branch that the change goes into, by default the one that is published; HEAD is the last commit. Nothing
    is checked out. Both sides are judged as at one day, by the settings, rules and known findings of BASE. Exit code 1:
    a new finding counts, or nobody approved what becomes weaker.
    """
    from stocktake.cli.today import day
    from stocktake.pipeline.diff import compare
    from stocktake.pipeline.gated import around, read_reviews

    tree, when = around(folder), day(today)
    host = read_reviews(tree.root, reviews) if reviews else None
    found = compare(tree, base, head, when, fail_on, host)
    text = "\n".join(_lines(found, form))
    if output:
        from stocktake.write import write

        write(output, f"{text}\n".encode("utf-8", "surrogatepass"))
    else:
        console.lines(text.split("\n"))
    for bug in found.bugs:
        console.trace(bug)
    return found.exit_code


def _lines(found: Compared, form: str) -> Iterator[str]:
    from stocktake.render.comparison import data, markdown, text

    if form == "json":
        import json

        yield from json.dumps(data.data(found.comparison, found.exit_code), indent=2).split("\n")
    elif form == "text":
        yield from text.lines(found.comparison)
    else:
        most = markdown.COMMENT if form == "markdown" else markdown.SUMMARY
        yield from markdown.markdown(found.comparison, most).rstrip("\n").split("\n")

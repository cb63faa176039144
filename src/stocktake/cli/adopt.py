"""The verb `adopt`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from stocktake.cli import console
from stocktake.values.text import shown

if TYPE_CHECKING:
    from stocktake.pipeline.adopt import Adoption


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path(exists=True))
@click.option("--write", is_flag=True, help="Write the records, and list what the rules find in them as known.")
@click.option("--kind", help="What every table lists (default: by its headings; asset, dependency or risk).")
@click.option("--type", "type_", metavar="TYPE", help="The type of assets of which nothing says it, such as service.")
@click.option(
    "--column",
    "columns",
    metavar="HEADING=FACT",
    multiple=True,
    help="What a column is, such as 'Cost Centre=labels' for a label or 'Team Lead=owner'; again for more.",
)
@click.option("--url", metavar="ADDRESS", help="Where the folder is published, to link each source to its page.")
@click.option("--by", metavar="NAME", help="Who reads this now, for the sources.")
@click.option("--today", metavar="DAY", help="The day to write as that of the reading.")
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(
    paths: tuple[str, ...],
    write: bool,
    kind: str | None,
    type_: str | None,
    columns: tuple[str, ...],
    url: str | None,
    by: str | None,
    today: str | None,
    folder: str,
) -> int:
    """Turn the files at PATH, and in the folders there, into first records: shown as a difference, written by --write.

    Read are tables (CSV, TSV, and XLSX where openpyxl is installed), Backstage catalogues, and documents. Each row or
    entity becomes a record, each file a source that the records came from. What a column is, is told by its heading;
    what is no fact is kept as a label, what can be no record yet as a question of the source: nothing is lost. What
    is there already is left alone, so that a second run proposes nothing.
    """
    from stocktake.cli.today import day
    from stocktake.load.files import find
    from stocktake.pipeline.adopt import Wanted, adopt, apply

    tree = find(folder)
    wanted = Wanted(_kind(kind), type_ or "", dict(map(_column, columns)), url or "", by or "")
    made = adopt(tree, paths, day(today), wanted)
    for bug in made.bugs:
        console.trace(shown(bug, multiline=True))
    for line in made.told:
        console.say(shown(line))
    if write:
        apply(tree, made)
        console.lines(f"wrote {path}" for path, _ in made.files)
    else:
        _show(made)
    _count(made, write)
    return 3 if made.bugs else 0


def _kind(given: str | None) -> str:
    from stocktake.errors import UsageError
    from stocktake.pipeline.adopt import kinds

    if given and given not in kinds():
        raise UsageError(f"No table is read as {given!r}", f"Kinds are {', '.join(kinds())}.")
    return given or ""


def _column(given: str) -> tuple[str, str]:
    from stocktake.errors import UsageError
    from stocktake.pipeline.adopt import facts

    heading, equals, fact = given.rpartition("=")
    fact = "" if fact in ("label", "labels") else fact
    if not equals or not heading or (fact and fact not in facts()):
        raise UsageError(
            f"{given!r} does not say what a column is", f"Facts are {', '.join(sorted(facts()))}; or labels."
        )
    return heading, fact


def _show(made: Adoption) -> None:
    from stocktake.cli.text_diff import diff_lines

    for path, content in made.files:
        console.lines(diff_lines(path, "", content.decode()))


def _count(made: Adoption, written: bool) -> None:
    there = f", {made.there} are there already" if made.there else ""
    console.say(f"{len(made.files)} {'records written' if written else 'new records'}{there}")
    if made.findings:
        listed = "are listed" if written else "would be listed"
        console.say(
            f"{len(made.findings)} findings about them {listed} in .stocktake/known.txt: they are where to start"
        )
    if made.files and not written:
        console.say("Nothing is written yet: add --write")

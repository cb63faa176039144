"""The verb `export`."""

from __future__ import annotations

import os
from collections.abc import Iterable

import click

from stocktake.cli import console
from stocktake.errors import UsageError
from stocktake.exchange.formats import FORMATS

_ALL = "build/export"


@click.command()
@click.argument("form", metavar="FORMAT", type=click.Choice(sorted(FORMATS)))
@click.argument("tables", nargs=-1, metavar="[TABLE]...")
@click.option("-o", "--output", metavar="PATH", help="A file for one table, a folder for several, - for stdout.")
@click.option("--check", "check_only", is_flag=True, help="Say which files differ from what is there; write nothing.")
@click.option("--excel", is_flag=True, help="Begin with a byte order mark, so that Excel reads UTF-8.")
@click.option("--today", metavar="DAY", help="What is known at this day (YYYY-MM-DD) instead of the present one.")
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(
    form: str,
    tables: tuple[str, ...],
    output: str | None,
    check_only: bool,
    excel: bool,
    today: str | None,
    folder: str,
) -> int:
    """Write TABLES in FORMAT, as in `stocktake export csv asset -o assets.csv`; all of them where none is named.

    A table is a kind, such as `asset`; a mapping of a kind, such as `asset.backup.plans`; `inventory`, the inventory
    sheet of the audit plan; or `matrix`, who passes data to whom. One table goes to stdout unless -o says where,
    several go into a folder, build/export unless -o says otherwise.
    """
    from stocktake.cli.today import day
    from stocktake.load.files import find
    from stocktake.pipeline.export import export

    only = dict.fromkeys(tables)
    if output == "-" and (len(only) != 1 or check_only):
        raise UsageError("stdout takes one table", "Name one table without --check, or a folder with -o.")
    if check_only and len(only) == 1 and output is None:
        raise UsageError("--check compares with a file", "Name the file with -o.")
    tree = find(folder)
    made = export(tree, form, only, day(today), excel)
    for bug in made.bugs:
        console.trace(bug)
    code = 3 if made.bugs else 0
    if len(only) == 1 and output in (None, "-"):
        console.raw(made.files[0][1])
        return code
    where = os.path.join(folder, output) if output else os.path.join(tree.root, _ALL)
    return max(code, _write(made.files, where, len(only) == 1, check_only, prune=not output and not only))


def _write(files: Iterable[tuple[str, bytes]], where: str, is_one: bool, check_only: bool, prune: bool) -> int:
    """Put the files in their place; 1 where some differ and are only compared."""
    from stocktake.load.files import is_folder
    from stocktake.write import write_all

    root = where
    if is_one and not where.endswith("/") and not is_folder(where):
        root, name = os.path.split(where)
        files = [(name, content) for _, content in files]
    changed = write_all(root or ".", files, check=check_only, prune=prune, durable=False)
    if check_only:
        console.lines(changed)
        return 1 if changed else 0
    console.say(f"{len(changed)} file{'s' * (len(changed) != 1)} changed in {where}")
    return 0

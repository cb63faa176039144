"""The verb `new`."""

from __future__ import annotations

import click

from stocktake.cli import console


@click.command()
@click.argument("kind")
@click.argument("identity", metavar="ID")
@click.option(
    "--set",
    "facts",
    multiple=True,
    metavar="NAME=VALUE",
    help="A fact to write, such as type=cache or backup.plans[nightly].method=wal-g; again for more. Lists: a,b.",
)
@click.option("--within", default="", metavar="FOLDER", help="A sub-folder of the kind's folder.")
@click.option("--dry-run", is_flag=True, help="Print the record, write nothing.")
@click.option("--today", metavar="DAY", help="The day to write where one is needed.")
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(
    kind: str, identity: str, facts: tuple[str, ...], within: str, dry_run: bool, today: str | None, folder: str
) -> None:
    """Write a starting record of KIND with this ID under its folder, as in `stocktake new asset orders-db --set
    type=relational-db`.

    What a record of this kind must say and was not given is asked for in a comment, and by `stocktake check` until it
    is there. Decisions get the next number.
    """
    from stocktake.cli.pairs import nested
    from stocktake.cli.today import day
    from stocktake.load.files import find
    from stocktake.pipeline.new import new
    from stocktake.write import write_all

    tree = find(folder)
    made = new(tree, kind, identity, nested(facts), day(today), within)
    if dry_run:
        console.say(made.text.rstrip("\n"))
        return
    write_all(tree.root, [(made.path, made.text.encode())])
    console.say(made.path)
    if made.asked:
        console.progress(f"Still to say in it: {', '.join(made.asked)}")

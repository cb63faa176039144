"""The verb `new`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from stocktake.cli import console

if TYPE_CHECKING:
    from stocktake.load.files import Tree
    from stocktake.pipeline.from_issue import Told


@click.command()
@click.argument("kind")
@click.argument("identity", metavar="ID", required=False, default="")
@click.option(
    "--set",
    "facts",
    multiple=True,
    metavar="NAME=VALUE",
    help="A fact to write, such as type=cache or backup.plans[nightly].method=wal-g; again for more. Lists: a,b.",
)
@click.option(
    "--from-issue",
    "issue",
    type=click.Path(exists=True, dir_okay=False),
    help="Take the facts from an issue that was opened with the form for KIND; its text is in this file.",
)
@click.option("--within", default="", metavar="FOLDER", help="A sub-folder of the kind's folder.")
@click.option("--dry-run", is_flag=True, help="Print the record, write nothing.")
@click.option("--today", metavar="DAY", help="The day to write where one is needed.")
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(
    kind: str,
    identity: str,
    facts: tuple[str, ...],
    issue: str | None,
    within: str,
    dry_run: bool,
    today: str | None,
    folder: str,
) -> None:
    """Write a starting record of KIND with this ID under its folder, as in `stocktake new asset orders-db --set
    type=relational-db`.

    What a record of this kind must say and was not given is asked for in a comment, and by `stocktake check` until it
    is there. Decisions get the next number.

    With --from-issue, the ID may be left out: the name says it. Answers that do not fit the form are refused, each with
    its line, and what is no fact of KIND stays in the issue.
    """
    from stocktake.cli.pairs import nested
    from stocktake.cli.today import day
    from stocktake.load.files import find
    from stocktake.pipeline.new import new
    from stocktake.write import write_all

    tree = find(folder)
    given = nested(facts)
    left: tuple[str, ...] = ()
    if issue:
        identity, told, left = _issue(tree, kind, issue, identity)
        given = {**told, **given}
    elif not identity:
        raise click.UsageError("Missing argument 'ID'.")
    made = new(tree, kind, identity, given, day(today), within)
    if dry_run:
        console.say(made.text.rstrip("\n"))
        return
    write_all(tree.root, [(made.path, made.text.encode())])
    console.say(made.path)
    if made.asked:
        console.progress(f"Still to say in it: {', '.join(made.asked)}")
    if left:
        console.progress(f"What stays in the issue: {', '.join(left)}")


def _issue(tree: Tree, kind: str, issue: str, identity: str) -> Told:
    from stocktake.pipeline.from_issue import from_issue

    return from_issue(tree, kind, issue, identity)

"""The verb `approve`."""

from __future__ import annotations

import click

from stocktake.cli import console


@click.command()
@click.argument("base", required=False, default="")
@click.argument("head", required=False, default="HEAD")
@click.option("--key", type=click.Path(exists=True, dir_okay=False), help="Sign with this SSH key, or with its agent.")
@click.option(
    "--reviews",
    type=click.Path(exists=True, dir_okay=False),
    help="What the host knows of the pull request: a file that a job of the base branch wrote.",
)
@click.option(
    "--check", "check_only", is_flag=True, help="End with 1 where nobody approved what needs it; sign nothing."
)
@click.option("--kept", is_flag=True, help="List the approvals that HEAD keeps, each verified as at its day.")
@click.option("--today", metavar="DAY", help="Judge as at this day.")
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(
    base: str,
    head: str,
    key: str | None,
    reviews: str | None,
    check_only: bool,
    kept: bool,
    today: str | None,
    folder: str,
) -> int:
    """Show what HEAD makes weaker since it left BASE, and who must approve; with --key, approve it.

    BASE is the branch that the change goes into, by default the one that is published. Its settings, gates, teams and
    signers judge. An approval is a signature of all that differs: it lies in `.stocktake/approvals`, is committed with
    the change, and no longer counts when the change changes.
    """
    from stocktake.cli.today import day
    from stocktake.load.files import find
    from stocktake.pipeline import approve as flow
    from stocktake.pipeline.gated import gated, read_reviews, sides
    from stocktake.render.verdict import text_lines, total

    tree, when = find(folder), day(today)
    if kept:
        return _list(tree.root, head)
    found = gated(sides(tree, base, head), when, read_reviews(tree.root, reviews) if reviews else None)
    console.lines(text_lines(found.ballot, found.edits))
    console.say(total(found.ballot, found.edits))
    if check_only or not key or not found.ballot.verdicts:
        return 1 if check_only and found.is_refused else 0
    signed = flow.approve(tree, found, key, when)
    console.say(f"{signed.by} approves it: commit {signed.folder}, and push.")
    return 0


def _list(root: str, head: str) -> int:
    from datetime import UTC, datetime

    from stocktake.pipeline.ledger import ledger

    for one in ledger(root, head):
        day = datetime.fromtimestamp(one.time, UTC).date()
        console.say(f"{day} {one.commit[:12]} {one.by}{f' does not count: it {one.flaw}' if one.flaw else ''}")
        console.lines(f"  {path}" for path in one.paths)
    return 0

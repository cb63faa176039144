"""The verb `retire`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from stocktake.cli import console
from stocktake.errors import UsageError

if TYPE_CHECKING:
    from stocktake.pipeline.retire import Retired

_COLOURS = {"done": "good", "not done": "error", "unknown": "medium", "not needed": "path"}


@click.command()
@click.argument("address")
@click.option("--date", "day", metavar="DAY", help="When it was, or will be, switched off; today if left out.")
@click.option("--decided-by", metavar="NAME", help="Who decided it.")
@click.option("--reason", metavar="TEXT", help="Why it is no longer needed.")
@click.option("--replaced-by", metavar="ADDRESS", help="What takes its place.")
@click.option(
    "--set",
    "pairs",
    multiple=True,
    metavar="NAME=VALUE",
    help="Any fact of `retirement`, such as data_erased=2026-11-20 or last_backup.set=orders.dump; again for more.",
)
@click.option("--force", metavar="TEXT", help="Retire it although something depends on it; the record keeps why.")
@click.option("--check", "only", is_flag=True, help="Answer the check-list, write nothing.")
@click.option("--dry-run", is_flag=True, help="Answer the check-list and show what would change, write nothing.")
@click.option(
    "--output-format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How the check-list is written.",
)
@click.option("--today", metavar="DAY", help="Answer as if it were this day.")
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(
    address: str,
    day: str | None,
    decided_by: str | None,
    reason: str | None,
    replaced_by: str | None,
    pairs: tuple[str, ...],
    force: str | None,
    only: bool,
    dry_run: bool,
    form: str,
    today: str | None,
    folder: str,
) -> None:
    """Retire the record at ADDRESS, as in `stocktake retire asset/orders-db --decided-by Ada`.

    Each step of the check-list is answered from the records and from what was seen: done, not done, unknown or not
    needed, each with its reason and the field that says it. The record becomes `lifecycle: retired` and keeps what
    was said under `retirement`; run it again with more of it. With a day to come it becomes `deprecated`.

    Something on which others still depend is refused, and the command ends with 2.
    """
    from stocktake.cli.pairs import nested
    from stocktake.cli.today import day as day_of
    from stocktake.load.files import find
    from stocktake.pipeline.retire import retire

    named = {"date": day, "decided_by": decided_by, "reason": reason, "replaced_by": replaced_by}
    if force is not None and not force.strip():
        raise UsageError("--force needs the reason", "It stays in the record.")
    said = {**nested(pairs), **{name: value for name, value in named.items() if value is not None}}
    tree = find(folder)
    told = retire(tree, address, said, day_of(today), force or "")
    _tell(told, form)
    if told.needed:
        hint = "Retire or move them first, or say with --force why it is retired all the same."
        raise UsageError(f"{told.address} is still needed by {told.needed}", hint)
    if dry_run and form == "text":
        from stocktake.cli.text_diff import diff_lines

        console.lines(diff_lines(told.path, told.before, told.after))
    if only or dry_run:
        return
    _write(tree.root, told, form)


def _write(root: str, told: Retired, form: str) -> None:
    from stocktake.write import write_all

    changed = write_all(root, [(told.path, told.after.encode())])
    if form != "text":
        return
    state = f"to be retired on {told.planned}" if told.planned else "retired"
    console.say(f"{told.address} is {state}; wrote {told.path}" if changed else f"{told.address} is {state} already")


def _tell(told: Retired, form: str) -> None:
    if form == "json":
        console.data(
            {
                "schema": 1,
                "address": told.address,
                "path": told.path,
                "refused": bool(told.needed),
                "steps": [step._asdict() for step in told.steps],
            }
        )
        return
    console.lines(_lines(told))


def _lines(told: Retired) -> Iterator[str]:
    from stocktake.values.text import shown

    width = max(len(step.title) for step in told.steps)
    for step in told.steps:
        field = f" [{step.field}]" if step.field and step.answer in ("unknown", "not done") else ""
        answer = console.paint(f"{step.answer:10}", _COLOURS[step.answer], bold=False)
        yield f"{answer}  {step.title:{width}}  {shown(step.reason)}{field}"

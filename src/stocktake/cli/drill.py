"""The verb `drill`."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from stocktake.cli import console
from stocktake.cli.console import paint
from stocktake.values.text import shown

if TYPE_CHECKING:
    from stocktake.pipeline.drill import Held, Plan

_COLOURS = {
    "fail": "high",
    "failed": "high",
    "no-verdict": "medium",
    "pass": "good",
    "passed": "good",
    "unknown": "medium",
}

_ENDS = (signal.SIGHUP, signal.SIGTERM)  # a closed terminal as well, but not where nohup says otherwise


@click.command()
@click.argument("asset")
@click.option("--plan", metavar="PLAN", help="The backup plan to restore from; needed where there are several.")
@click.option("--environment", metavar="E", help="The environment; needed where the asset has several.")
@click.option("--dry-run", is_flag=True, help="Say what would be restored and where; restore and write nothing.")
@click.option("--manifest", is_flag=True, help="Print what the source holds now, to be kept beside a backup of it.")
@click.option("--today", metavar="DAY", help="The day that names the record, and from which the next drill is due.")
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(
    asset: str,
    plan: str | None,
    environment: str | None,
    dry_run: bool,
    manifest: bool,
    today: str | None,
    folder: str,
) -> int:
    """Restore the newest backup of ASSET into a sandbox, and find out whether it is good.

    The backups lie in the folder that the plan's `location` names; without one, the drill makes a backup itself. What
    came back is checked and compared with the source, or with the manifest that lies beside the backup. The record
    goes to registry/drills, the evidence to observed/drills. A backup that is bad is a finding of `stocktake check`;
    the exit code is 4 only where the drill could not decide.
    """
    from stocktake.cli.today import day, now
    from stocktake.load.files import find
    from stocktake.pipeline import drill as flow

    tree = find(folder)
    ask = flow.Ask(asset, plan, environment, os.environ)
    if manifest:
        console.say(flow.manifest(tree, ask, now).decode().rstrip("\n"))
        return 0
    if dry_run:
        console.lines(_plan_lines(flow.plan(tree, ask, now)))
        return 0
    before = {
        number: signal.signal(number, _stop) for number in _ENDS if signal.getsignal(number) is not signal.SIG_IGN
    }
    try:
        held = flow.hold(tree, ask, day(today), now, console.progress)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return _tell(held, tree.root)


def _stop(number: int, frame: Any) -> None:
    """Leave as after Ctrl-C, so that the sandbox is taken down."""
    raise KeyboardInterrupt


def _tell(held: Held, root: str) -> int:
    from stocktake.write import write_all

    write_all(root, held.files)
    console.lines(_lines(held))
    return 4 if held.drilled.log.verdict()[0] == "no-verdict" else 0


def _lines(held: Held) -> Iterator[str]:
    from stocktake.pipeline.drill_record import backup_set, measured, not_reached, told
    from stocktake.values import duration

    for folder in held.swept:
        yield f"removed the sandbox of a drill that was killed: {folder}"
    for name, result, message in told(held.drilled):
        yield f"{paint(result, _COLOURS.get(result, ''))} {name}: {message}"
    if left := not_reached(held.drilled):
        yield f"the drill ended before: {', '.join(left)}"
    for name, length in sorted(measured(held.drilled).items()):
        of = name.removeprefix("measured_")
        took = length if length == "not-measured" else duration.words(duration.seconds(length))
        promise = held.promised.get(of)
        said = f"promised {duration.words(duration.seconds(promise))}" if promise else "nothing promised"
        yield f"{of.upper()}: {took.replace('-', ' ')}, {said}"
    result, cause = held.drilled.log.verdict()
    why = "" if cause == "none" else f", {cause.replace('-', ' ')}"
    yield f"{paint(result, _COLOURS[result])}: {backup_set(held.drilled)}{why}"
    for path, _ in held.files:
        yield path


def _plan_lines(plan: Plan) -> Iterator[str]:
    backup = plan.choice.backup
    yield f"would restore {shown(backup.name)}" if backup else "would make a backup and restore it"
    for other, reason in plan.choice.passed_over:
        yield f"passes over {shown(other.name)}: {shown(reason)}"
    yield f"needs about {plan.room:,} bytes in {plan.folder}"

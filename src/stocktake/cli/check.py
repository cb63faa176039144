"""The verb `check`."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import click

from stocktake.cli import console
from stocktake.errors import Problem
from stocktake.load.files import Tree
from stocktake.model.outcome import SEVERITIES

_FORMATS = ("text", "concise", "json", "github")


@click.command()
@click.argument("files", nargs=-1, type=click.Path())
@click.option(
    "--fail-on", type=click.Choice(SEVERITIES), help="Fail from this severity up (default: the gate in stocktake.yaml)."
)
@click.option("--timed", is_flag=True, help="Let failures count that came only with time: expired, overdue, stale.")
@click.option("--today", metavar="DAY", help="Judge as at this day (YYYY-MM-DD) instead of the present one.")
@click.option("--output-format", "form", type=click.Choice(_FORMATS), default="text", show_default=True)
@click.option("--fix", is_flag=True, help="Remove from the list of known findings what passes now.")
@click.option("--dry-run", is_flag=True, help="With --fix: say what would be removed, write nothing.")
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(
    files: tuple[str, ...],
    fail_on: str | None,
    timed: bool,
    today: str | None,
    form: str,
    fix: bool,
    dry_run: bool,
    folder: str,
) -> int:
    """Check FILES, or judge the whole registry.

    With FILES, each is checked against its schema, and what it names must exist. Without, every record is loaded,
    joined with what was observed, and every rule is asked. Exit code 0: clean, 1: findings that count, 2: the input
    is wrong.
    """
    from stocktake.load.files import find

    tree = find(folder)
    if files:
        from stocktake.pipeline.check_files import check_files

        problems, count = check_files(
            tree, [os.path.relpath(os.path.join(folder, name), tree.root).replace(os.sep, "/") for name in files]
        )
        return _files(problems, count, form)
    return _whole(tree, fail_on, timed, today, form, fix, dry_run)


def _files(problems: list[Problem], count: int, form: str) -> int:
    if form == "json":
        from stocktake.values.showable import showable

        told = [showable(problem)._asdict() for problem in problems]
        console.data({"schema": 1, "exit_code": 2 if problems else 0, "problems": told})
        return 2 if problems else 0
    from stocktake.cli import findings

    console.lines(findings.problem_lines(problems, form))
    if form == "text":
        console.say(findings.problem_summary(problems, count))
    return 2 if problems else 0


def _whole(tree: Tree, fail_on: str | None, timed: bool, today: str | None, form: str, fix: bool, dry_run: bool) -> int:
    from stocktake.cli import findings
    from stocktake.cli.today import day
    from stocktake.pipeline import check as flow

    report = flow.check(tree, day(today), fail_on, timed, everywhere=form == "json")
    for bug in report.bugs:
        console.trace(bug)
    if form == "json":
        console.data(flow.as_data(report))
    else:
        console.lines(findings.report_lines(report, form))
    if fix and report.audit:
        _settle(tree, report.audit, dry_run, console.say if form in ("text", "concise") else console.progress)
    return report.exit_code


def _settle(tree: Tree, judged: Any, dry_run: bool, say: Callable[[str], None]) -> None:
    from stocktake.load import known
    from stocktake.pipeline.check import settled
    from stocktake.write import write_all

    before = judged.estate.known
    after = settled(before, judged)
    gone = sorted(before.keys() - after.keys())
    if after != before and not dry_run:
        write_all(tree.root, [(known.FILE, known.known_text(after).encode())])
    verb = "would remove" if dry_run else "removed"
    say(f"{verb} {len(gone)} of {len(before)} lines from {known.FILE}" if before else f"{known.FILE} is empty")

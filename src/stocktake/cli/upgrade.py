"""The verb `upgrade`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from stocktake.cli import console
from stocktake.values.text import shown

if TYPE_CHECKING:
    from stocktake.pipeline.upgrade import Listed, Plan


@click.command()
@click.option(
    "--check", "only_check", is_flag=True, help="Say how far behind it is, end with 1 if it is, write nothing."
)
@click.option("--dry-run", is_flag=True, help="Show what would change, write nothing.")
@click.option(
    "--stocktake",
    "spec",
    metavar="SPEC",
    help="Where the repository installs Stocktake from, from now on: a requirement, an address or a path (default: "
    "this version, where it names a version; else from where it does now).",
)
@click.option(
    "--from",
    "older",
    metavar="PATH",
    type=click.Path(),
    help="The wheel or checkout of the Stocktake that made a repository which has no record of it.",
)
@click.option(
    "--afresh", is_flag=True, help="Compare a repository without a record with nothing: show all that differs."
)
@click.option("--today", metavar="DAY", help="The day on which findings are listed as known.")
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(
    only_check: bool,
    dry_run: bool,
    spec: str | None,
    older: str | None,
    afresh: bool,
    today: str | None,
    folder: str,
) -> int:
    """Bring the repository up to the scaffold of this Stocktake.

    Workflows, hooks, scripts, settings of tools and copies of schemas get what the scaffold changed since; what you
    changed in them stays. Where both changed the same lines, your file stays as it is, and both texts are put into a
    file below `.stocktake/conflicts` to look at: take from it what you want, then delete it. What you deleted stays
    away, and records are never touched. What only rules find that are new here is put on the list of known findings.
    """
    from stocktake.cli.today import day
    from stocktake.load.files import find
    from stocktake.pipeline.scaffold import scaffold
    from stocktake.pipeline.upgrade import apply, findings, plan
    from stocktake.scaffold.spec import requirement
    from stocktake.scaffold.templates import older as older_scaffold

    tree, start = find(folder), day(today)
    wanted = requirement(spec, os.path.abspath(".")) if spec else ""
    made = plan(tree, scaffold(), wanted, older_scaffold(older) if older else None, afresh)
    console.lines(_how_far(made))
    if only_check:
        console.lines(_step_lines(made, "to be "))
        return int(made.is_due or bool(made.unsettled))
    if dry_run:
        console.lines(_shown(made))
        return _told(findings(tree, made.rules, start), made, "would be")
    listed = apply(tree, made, start)
    console.lines(_step_lines(made, ""))
    return _told(listed, made, "are")


def _how_far(made: Plan) -> Iterator[str]:
    old, new = made.before.version, made.after.version
    if not made.is_due and not made.unsettled:
        yield f"up to date: the scaffold here is of Stocktake {new}"
    elif made.behind:
        releases = "1 release" if len(made.behind) == 1 else f"{len(made.behind)} releases"
        yield f"the scaffold here is of Stocktake {shown(old)}, {releases} behind {new}"
    else:
        yield f"the scaffold here is of Stocktake {shown(old)}, this is {new}"
    if made.rules:
        yield f"{len(made.rules)} rules are new here: {', '.join(made.rules)}"


def _step_lines(made: Plan, tense: str) -> Iterator[str]:
    from stocktake.pipeline.upgrade import conflict_file
    from stocktake.scaffold.plan import CONFLICT, GONE, KEPT

    for step in made.steps:
        word = step.word if step.word in (CONFLICT, GONE, KEPT) else f"{tense}{step.word}"
        why = f": {step.why}" if step.why else ""
        look = f"; look at {conflict_file(step.path)}" if step.conflict is not None and not tense else ""
        yield shown(f"{word} {step.path}{why}{look}")
    new = {step.path for step in made.steps if step.conflict is not None}
    for path in made.unsettled:
        if path not in new:
            yield shown(f"conflict {path} is still to look at: {conflict_file(path)}")


def _shown(made: Plan) -> Iterator[str]:
    from stocktake.cli.text_diff import diff_lines
    from stocktake.pipeline.upgrade import conflict_file

    yield from _step_lines(made, "to be ")
    for step in made.steps:
        if step.conflict is not None:
            yield from diff_lines(conflict_file(step.path), "", step.conflict)
        if step.text is not None:
            yield from diff_lines(step.path, step.before, step.text)


def _is_left_behind(made: Plan) -> bool:
    """Whether the repository goes on to install from a place that may hold the older version."""
    new, spec = made.after.version, made.after.answers.get("spec", "")
    return made.before.version != new and " @ " in spec and spec == made.before.answers.get("spec") and new not in spec


def _told(listed: Listed, made: Plan, verb: str) -> int:
    """Say what the new rules find, and what is wrong in the registry; the exit code."""
    from stocktake.values.showable import showable

    for bug in listed.bugs:
        console.trace(shown(bug, multiline=True))
    for problem in listed.problems:
        console.complain(showable(problem).text())
    if listed.problems:
        console.say("What the new rules find is not listed: mend these, then run this again")
        return 2
    if listed.new:
        console.say(f"{len(listed.new)} findings of new rules {verb} listed in .stocktake/known.txt")
    if _is_left_behind(made):
        console.say(
            f"It still installs {made.after.answers.get('spec')}: name the place of the new one with --stocktake"
        )
    if made.is_due and verb == "are":
        console.say("Next: git diff, scripts/test, then commit it")
    return 3 if listed.bugs else 0

"""The verb `check`."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from stocktake.cli import console
from stocktake.cli.formats.table import FORMATS
from stocktake.load.files import Tree
from stocktake.model.outcome import SEVERITIES

if TYPE_CHECKING:
    from stocktake.cli.formats.told import Result
    from stocktake.pipeline.kept import Kept

_PEOPLE = ("text", "concise")  # what else is said may stand between the lines of these formats


@click.command()
@click.argument("files", nargs=-1, type=click.Path())
@click.option("--select", multiple=True, metavar="RULES", help="Answer only for these: ids or families, as BKP,INV001.")
@click.option("--ignore", multiple=True, metavar="RULES", help="Do not answer for these: ids or families.")
@click.option(
    "--fail-on", type=click.Choice(SEVERITIES), help="Fail from this severity up (default: the gate in stocktake.yaml)."
)
@click.option("--timed", is_flag=True, help="Let failures count that came only with time: expired, overdue, stale.")
@click.option("--only-timed", is_flag=True, help="Show and count nothing but what came only with time.")
@click.option("--today", metavar="DAY", help="Judge as at this day (YYYY-MM-DD) instead of the present one.")
@click.option("--at", metavar="WHEN", help="Judge the registry as it was on a day or at a revision, by rules of today.")
@click.option(
    "--output-format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="How the result is written.",
)
@click.option("--fix", is_flag=True, help="Mend what is safe to mend, and tidy the list of known findings.")
@click.option("--dry-run", is_flag=True, help="With --fix: show what would change, write nothing.")
@click.option("--coverage", is_flag=True, help="Show how much is known and what runs out, in place of findings.")
@click.option("--watch", is_flag=True, help="Check again whenever a file changes, until Ctrl-C.")
@click.option("--no-cache", is_flag=True, help="Judge anew, also where nothing has changed since the last time.")
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(files: tuple[str, ...], folder: str, watch: bool, coverage: bool, at: str | None, **options: Any) -> int:
    """Check FILES, or judge the whole registry.

    With FILES, each is checked against its schema, and what it names must exist. Without, every record is loaded,
    joined with what was observed, and every rule is asked. Exit code 0: clean, 1: findings that count, 2: the input
    is wrong.

    --fix mends what has one right answer only: a word that is nearly one of those allowed, a number where text is
    expected, a date without quotes or zeros, the order of keys, spaces at the end of a line, the end of the
    file. It also removes from the list of known findings what passes now.

    --coverage says of each system, team and rule how many questions were answered, of each fact whether a machine saw
    it or could, and what runs out within 90 days. It judges nothing, so it ends with 0.

    --at takes everything from Git as it was, without a checkout: records, observations, settings, waivers and the list
    of known findings. What judges them are the rules of today, and the day is that of --at, or of the commit.
    """
    from stocktake.load.files import find

    tree = find(folder)
    if at:
        tree = _then(tree, at, bool(files or watch), options)
    if coverage:
        from stocktake.cli.coverage import show

        once = partial(show, tree, files, **options)
    elif files:
        paths = [os.path.relpath(os.path.join(folder, name), tree.root).replace(os.sep, "/") for name in files]
        once = partial(_files, tree, paths, **options)
    else:
        once = partial(_whole, tree, **options)
    if not watch:
        return once()
    from stocktake.cli.watch import repeat

    return repeat(tree, once)


def _then(tree: Tree, at: str, is_narrow: bool, options: dict[str, Any]) -> Tree:
    """The files as they were; the options say as at which day they are judged."""
    from stocktake.cli.today import day
    from stocktake.errors import UsageError
    from stocktake.pipeline.at import then

    if is_narrow or options["fix"]:
        raise UsageError("--at judges the whole registry, and changes nothing", "Leave FILES, --watch and --fix out.")
    found = then(tree, at, day(options["today"]) if options["today"] else None)
    options["today"] = found.day.isoformat()
    return found.tree


def _files(tree: Tree, paths: list[str], form: str, fix: bool, dry_run: bool, **options: Any) -> int:
    from stocktake.pipeline.check_files import check_files

    if options["select"] or options["ignore"]:
        from stocktake.errors import UsageError

        raise UsageError("No rule is asked of single files", "Leave --select and --ignore out, or FILES.")
    if fix:
        _mend(tree, paths, dry_run, form)
    problems, count = check_files(tree, paths)
    if not problems and form == "concise":  # and nothing more is imported at every save and every commit
        return 0
    if not problems and form == "text":
        nothing = console.paint("nothing wrong", "good")
        console.say(f"{count} file{'s' * (count != 1)} checked, {nothing}")
        return 0
    from stocktake.cli.formats import told

    return _tell(told.of_files(problems, count, partial(_read, tree)), form)


def _whole(
    tree: Tree,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str | None,
    timed: bool,
    only_timed: bool,
    today: str | None,
    form: str,
    fix: bool,
    dry_run: bool,
    no_cache: bool,
) -> int:
    from stocktake.cli.formats import told
    from stocktake.cli.formats.table import lines
    from stocktake.cli.today import day
    from stocktake.pipeline import check as flow
    from stocktake.pipeline.own_rules import rules_of
    from stocktake.rules.choose import chosen

    only = chosen(select, ignore, rules_of(tree.home)) if select or ignore else None
    if fix:
        _mend(tree, ["."], dry_run, form)
    options = (day(today).isoformat(), fail_on, timed, only_timed, only, form, console.is_coloured())
    kept = _kept(tree, options) if tree.home is tree and not (fix or no_cache) else None
    if kept and (said := kept.said()):
        console.lines(said.lines)
        return said.code
    tree = kept.tree if kept else tree
    report = flow.check(
        tree,
        day(today),
        fail_on,
        timed,
        everywhere=form not in _PEOPLE,
        only=only,
        brief=form in _PEOPLE and not (fix or only_timed),
        only_timed=only_timed,
    )
    for bug in report.bugs:
        console.trace(bug)
    result = told.of_report(report, partial(_read, tree))
    texts = [*lines(form, result)]
    console.lines(texts)
    if kept:
        kept.keep(report, texts)
    if fix and report.audit:
        _settle(tree, report.audit, dry_run, _aside(form))
    return result.exit_code


def _kept(tree: Tree, options: tuple[object, ...]) -> Kept:
    from stocktake.pipeline.kept import Kept

    names = ("today", "fail_on", "timed", "only_timed", "only", "output_format", "colour")
    return Kept(tree, dict(zip(names, options, strict=True)))


def _tell(result: Result, form: str) -> int:
    from stocktake.cli.formats.table import lines

    console.lines(lines(form, result))
    return result.exit_code


def _aside(form: str) -> Callable[[str], None]:
    """Where to say what is no part of the result."""
    return console.say if form in _PEOPLE else console.progress


def _read(tree: Tree, path: str) -> str:
    """The text of a file, to show a line of it; empty where it cannot be read."""
    from stocktake.errors import InputError
    from stocktake.load.yaml import SIZE_AT_MOST

    try:
        return tree.read(path, SIZE_AT_MOST).decode("utf-8", "replace") if path else ""
    except InputError:
        return ""


def _mend(tree: Tree, paths: list[str], dry_run: bool, form: str) -> None:
    from stocktake.cli.text_diff import diff_lines
    from stocktake.pipeline.fix import mended
    from stocktake.write import write_all

    say = _aside(form)
    for one in mended(tree, paths):
        if dry_run:
            for line in diff_lines(one.path, one.before, one.after):
                say(line)
        else:
            write_all(tree.root, [(one.path, one.after.encode())])
            say(f"mended {one.path}")


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

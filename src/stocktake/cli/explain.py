"""The verb `explain`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from stocktake.cli import console
from stocktake.errors import UsageError

if TYPE_CHECKING:
    from stocktake.model.rule import Rule


@click.command()
@click.argument("rule", required=False)
@click.option("--privileges", metavar="ENGINE", help="Print the least rights that `observe` needs.")
@click.option("--queries", metavar="ENGINE", help="Print a script of all that `observe` asks, for `observe --from`.")
@click.option(
    "--output-format",
    "form",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="How the result is written.",
)
@click.option("-C", "folder", type=click.Path(exists=True, file_okay=False), default=".", help="Work in this folder.")
def command(rule: str | None, privileges: str | None, queries: str | None, form: str, folder: str) -> None:
    """Show what RULE asks, why, and how to fix it; list the rules of a family, or all where none is named.

    In a repository with rules of its own these are shown too, and severities are those of its settings.
    """
    if privileges or queries:
        console.say(_of_engine(privileges, queries).rstrip())
        return
    from stocktake.rules.explain import page
    from stocktake.rules.tailored import all_with

    every = _as_here(all_with(_own(rule, folder)), folder)
    listed = [one for one in every if rule is None or one.family == rule.upper()]
    if rule is None or listed:
        if form == "json":
            console.data([{"id": one.id, "severity": one.severity, "title": one.title} for one in listed])
        else:
            console.lines(
                f"{one.id}  {console.paint(f'{one.severity:<8}', one.severity)}  {one.title}" for one in listed
            )
        return
    found = _found(rule, every)
    if form == "json":
        from stocktake.model.rule_facts import asked_of

        sections = {head.lower().replace(" ", "_"): text for head, text in found.sections().items()}
        console.data(
            {
                "id": found.id,
                "name": found.name,
                "severity": found.severity,
                "title": found.title,
                "family": found.family,
                "asked_of": asked_of(found),
                "needs": list(found.needs),
                "sees": list(found.sees),
                "timed": found.timed,
                "since": found.since,
                "controls": list(found.controls),
                **sections,
            }
        )
    else:
        heads = (f"# {found.id}", "## ")
        console.lines(
            console.paint(line, "path") if line.startswith(heads) else line for line in page(found).split("\n")
        )


def _found(rule: str, every: Iterable[Rule]) -> Rule:
    by_id = {one.id: one for one in every}
    if rule.upper() in by_id:
        return by_id[rule.upper()]
    from stocktake.values.text import closest

    guess = closest(rule.upper(), by_id)
    hint = f"Did you mean {guess}?" if guess else "`stocktake explain` lists all."
    raise UsageError(f'There is no rule "{rule}"', hint)


def _own(rule: str | None, folder: str) -> tuple[Rule, ...]:
    """The rules of the team whose repository this is; none where one of ours is asked for."""
    from stocktake.load.files import Tree, repository
    from stocktake.rules.table import BY_ID

    root = None if rule and rule.upper() in BY_ID else repository(folder)
    if root is None:
        return ()
    from stocktake.pipeline.own_rules import rules_of

    return rules_of(Tree(root))


def _as_here(rules: tuple[Rule, ...], folder: str) -> tuple[Rule, ...]:
    """The rules with the severities that the repository gives them, as its site shows them."""
    from stocktake.load.files import Tree, repository, schema_folder

    root = repository(folder)
    if root is None:
        return rules
    from stocktake.errors import InputError
    from stocktake.load.schemas import read_schemas
    from stocktake.load.settings import read_settings
    from stocktake.rules.tailored import with_severities

    try:
        tree = Tree(root)
        return with_severities(rules, read_settings(tree, read_schemas(Tree(schema_folder()), tree)).severities)
    except InputError:  # what a rule asks can be read while the settings are wrong; `check` tells what is
        return rules


def _of_engine(privileges: str | None, queries: str | None) -> str:
    from stocktake.observe.script import PRIVILEGES, SCRIPTS

    texts = {**PRIVILEGES} if privileges else {engine: write() for engine, write in SCRIPTS.items()}
    engine = privileges or queries or ""
    if engine not in texts:
        raise UsageError(f'There is nothing to print for "{engine}"', f"There is something for {', '.join(texts)}.")
    return texts[engine]

"""The verb `explain`."""

from __future__ import annotations

import click

from stocktake.cli import console
from stocktake.errors import UsageError


@click.command()
@click.argument("rule", required=False)
@click.option("--output-format", "form", type=click.Choice(("text", "json")), default="text", show_default=True)
def command(rule: str | None, form: str) -> None:
    """Show what RULE asks, why, and how to fix it; without RULE, list all rules."""
    from stocktake.rules.explain import page
    from stocktake.rules.table import BY_ID, RULES

    if rule is None:
        if form == "json":
            console.data([{"id": one.id, "severity": one.severity, "title": one.title} for one in RULES])
        else:
            console.lines(f"{one.id}  {one.severity:<8}  {one.title}" for one in RULES)
        return
    found = BY_ID.get(rule.upper())
    if found is None:
        from stocktake.values.text import closest

        guess = closest(rule.upper(), BY_ID)
        raise UsageError(
            f'There is no rule "{rule}"', f"Did you mean {guess}?" if guess else "`stocktake explain` lists all."
        )
    if form == "json":
        sections = {head.lower().replace(" ", "_"): text for head, text in found.sections().items()}
        console.data(
            {
                "id": found.id,
                "severity": found.severity,
                "title": found.title,
                "controls": list(found.controls),
                **sections,
            }
        )
    else:
        console.say(page(found))

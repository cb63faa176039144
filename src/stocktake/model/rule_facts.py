"""What stands at the head of the page of a rule, the same in `stocktake explain` and on the site."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.plan_lines import lines_of
from stocktake.model.rule import FAMILIES, Rule

TITLES = {"Fix": "What to do"}


def facts(rule: Rule) -> Iterator[tuple[str, str]]:
    """What is to be known of a rule in short, as a word and a line of Markdown."""
    yield "Severity", rule.severity
    yield "Family", FAMILIES.get(rule.family, rule.family)
    yield "Asked of", asked_of(rule)
    if rule.needs:
        yield "Needs to know", f"{_listed(rule.needs)}; declared or seen lately, else the answer is unknown"
    if rule.sees:
        yield "Needs to have seen lately", f"{_listed(rule.sees)}; else the answer is unknown"
    if rule.timed:
        yield "Time", "can fail only because time has passed; counts for the exit code with `--timed` alone"
    if lines := lines_of(rule.id):
        yield "Line of the audit plan", ", ".join(lines)
    if rule.since:
        yield "Asked since", f"Stocktake {rule.since}"
    waiver = f"`stocktake new waiver ID --set target={rule.id}@...`"
    setting = f"`rules: {{disable: [{rule.id}]}}` in `stocktake.yaml`"
    yield "To accept it", f"one finding with a waiver ({waiver}), or no longer ask it with {setting}"


def sections(rule: Rule) -> Iterator[tuple[str, str]]:
    """The parts of its page as (title, Markdown), the controls last."""
    for head, text in rule.sections().items():
        yield TITLES.get(head, head), text
    if rule.controls:
        yield "Controls", "\n".join(f"- {control}" for control in rule.controls)


def asked_of(rule: Rule) -> str:
    """What a rule is asked of, in words."""
    if not rule.kind:
        return "the whole registry"
    whole = "every record" if rule.kind == "*" else f"each {rule.kind}"
    if rule.when:
        whole += " that it makes sense for"
    if rule.each:
        whole += f", once for each entry of `{rule.each.removesuffix('[]')}`"
    return whole + (", in each environment" if rule.per else "")


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)

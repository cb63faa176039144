"""The page of a rule, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import FAMILIES, Rule


def page(rule: Rule) -> str:
    """Everything there is to know about a rule: what it asks, of what, why it matters and what to do."""
    parts = [f"# {rule.id} {rule.title}", "\n".join(f"- {line}" for line in _facts(rule))]
    parts += [f"## {heading}\n\n{text}" for heading, text in rule.sections().items()]
    if rule.controls:
        parts.append("## Controls\n\n" + "\n".join(f"- {control}" for control in rule.controls))
    return "\n\n".join(parts) + "\n"


def _facts(rule: Rule) -> Iterator[str]:
    yield f"Severity: {rule.severity}"
    yield f"Family: {FAMILIES.get(rule.family, rule.family)}"
    yield f"Asked of: {asked_of(rule)}"
    if rule.needs:
        yield f"Needs to know: {_listed(rule.needs)}; declared or seen lately, else the answer is unknown"
    if rule.sees:
        yield f"Needs to have seen lately: {_listed(rule.sees)}; else the answer is unknown"
    if rule.timed:
        yield "Can fail only because time has passed; counts for the exit code with `--timed` alone"


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

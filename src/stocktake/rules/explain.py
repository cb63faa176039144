"""The page of a rule, as Markdown."""

from __future__ import annotations

from stocktake.model.rule import Rule
from stocktake.model.rule_facts import facts, sections


def page(rule: Rule) -> str:
    """Everything there is to know about a rule: what it asks, of what, why it matters and what to do."""
    parts = [f"# {rule.id} {rule.title}", "\n".join(f"- {label}: {text}" for label, text in facts(rule))]
    parts += [f"## {heading}\n\n{text}" for heading, text in sections(rule)]
    return "\n\n".join(parts) + "\n"

"""The rules as `stocktake.yaml` has them: which are asked, and how grave what they find is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stocktake.model.rule import FAMILIES, Rule
from stocktake.model.settings import Settings
from stocktake.rules.table import BY_ID, RULES
from stocktake.values.text import closest


def tailored(settings: Settings, own: tuple[Rule, ...] = ()) -> tuple[Rule, ...]:
    """The rules that are asked, with the severities of this registry; `own` are those of the team itself."""
    if not (settings.select or settings.disable or settings.severities):
        return all_with(own)
    kept = [rule for rule in all_with(own) if not settings.select or _is_named(rule, settings.select)]
    return with_severities([rule for rule in kept if not _is_named(rule, settings.disable)], settings.severities)


def left_out(settings: Settings, own: tuple[Rule, ...] = ()) -> tuple[Rule, ...]:
    """The rules that are not asked here."""
    if not (settings.select or settings.disable):
        return ()
    asked = {rule.id for rule in tailored(settings, own)}
    return tuple(rule for rule in all_with(own) if rule.id not in asked)


def with_severities(rules: Iterable[Rule], severities: Mapping[str, str]) -> tuple[Rule, ...]:
    """The rules with the severities that a registry gives them."""
    return tuple(_with_severity(rule, severities) for rule in rules)


def all_with(own: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """All rules by id, those of a team among them."""
    return tuple(sorted((*RULES, *own), key=lambda rule: rule.id)) if own else RULES


def unknown(settings: Settings, own: tuple[Rule, ...] = ()) -> list[tuple[str, str, str]]:
    """Names that are neither a rule nor a family: the field, the name, and the one that was probably meant."""
    ids = [*BY_ID, *(rule.id for rule in own)]
    families = dict.fromkeys([*FAMILIES, *(rule.family for rule in own)])
    named: list[tuple[str, Iterable[str], list[str]]] = [
        ("rules.select", settings.select, [*ids, *families]),
        ("rules.disable", settings.disable, [*ids, *families]),
        ("rules.severity", settings.severities, ids),
    ]
    return [
        (field, name, closest(name, right) or "")
        for field, names, right in named
        for name in names
        if name not in right
    ]


def _is_named(rule: Rule, names: Iterable[str]) -> bool:
    return rule.id in names or rule.family in names


def _with_severity(rule: Rule, severities: Mapping[str, str]) -> Rule:
    severity = severities.get(rule.id, rule.severity)
    if severity == rule.severity:
        return rule
    own = {name: getattr(rule, name) for name in Rule.__slots__ if name != "doc"}
    return Rule(**{**own, "severity": severity})

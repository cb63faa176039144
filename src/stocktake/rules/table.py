"""All rules by id; a rule that its family does not list is not asked, and a test says so."""

from __future__ import annotations

from collections.abc import Mapping

from stocktake.model.rule import Rule
from stocktake.rules import (
    access,
    accounts,
    alerts,
    archives,
    attestation,
    backup,
    baselines,
    change,
    changes,
    configuration,
    contracts,
    decisions,
    dependencies,
    described,
    drift,
    drills,
    edges,
    governance,
    health,
    inventory,
    oversight,
    people,
    personal,
    plans,
    postgresql,
    relations,
    retired,
    shielding,
    sqlite,
    tiers,
    versions,
    watched,
)
from stocktake.values.version import compare

FAMILIES: tuple[tuple[Rule, ...], ...] = (
    access.RULES,
    accounts.RULES,
    alerts.RULES,
    archives.RULES,
    attestation.RULES,
    backup.RULES,
    baselines.RULES,
    change.RULES,
    changes.RULES,
    configuration.RULES,
    contracts.RULES,
    decisions.RULES,
    dependencies.RULES,
    described.RULES,
    drift.RULES,
    drills.RULES,
    edges.RULES,
    governance.RULES,
    health.RULES,
    inventory.RULES,
    oversight.RULES,
    people.RULES,
    personal.RULES,
    plans.RULES,
    postgresql.RULES,
    relations.RULES,
    retired.RULES,
    shielding.RULES,
    sqlite.RULES,
    tiers.RULES,
    versions.RULES,
    watched.RULES,
)

RULES: tuple[Rule, ...] = tuple(sorted((rule for family in FAMILIES for rule in family), key=lambda rule: rule.id))

BY_ID: Mapping[str, Rule] = {rule.id: rule for rule in RULES}


def newer_than(version: str) -> tuple[Rule, ...]:
    """The rules that a Stocktake of this version did not ask, by id."""
    return tuple(rule for rule in RULES if compare(rule.since, version) == 1)

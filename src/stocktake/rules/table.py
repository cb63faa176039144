"""All rules by id; a rule that its family does not list is not asked, and a test says so."""

from __future__ import annotations

from collections.abc import Mapping

from stocktake.model.rule import Rule
from stocktake.rules import (
    access,
    alerts,
    backup,
    change,
    changes,
    configuration,
    dependencies,
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
    retired,
    sqlite,
    tiers,
    versions,
)

FAMILIES: tuple[tuple[Rule, ...], ...] = (
    access.RULES,
    alerts.RULES,
    backup.RULES,
    change.RULES,
    changes.RULES,
    configuration.RULES,
    dependencies.RULES,
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
    retired.RULES,
    sqlite.RULES,
    tiers.RULES,
    versions.RULES,
)

RULES: tuple[Rule, ...] = tuple(sorted((rule for family in FAMILIES for rule in family), key=lambda rule: rule.id))

BY_ID: Mapping[str, Rule] = {rule.id: rule for rule in RULES}

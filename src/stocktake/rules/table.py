"""All rules by id; a rule that its family does not list is not asked, and a test says so."""

from __future__ import annotations

from collections.abc import Mapping

from stocktake.model.rule import Rule
from stocktake.rules import (
    access,
    backup,
    change,
    configuration,
    dependencies,
    drift,
    drills,
    governance,
    health,
    inventory,
    postgresql,
    sqlite,
)

FAMILIES: tuple[tuple[Rule, ...], ...] = (
    access.RULES,
    backup.RULES,
    change.RULES,
    configuration.RULES,
    dependencies.RULES,
    drift.RULES,
    drills.RULES,
    governance.RULES,
    health.RULES,
    inventory.RULES,
    postgresql.RULES,
    sqlite.RULES,
)

RULES: tuple[Rule, ...] = tuple(sorted((rule for family in FAMILIES for rule in family), key=lambda rule: rule.id))

BY_ID: Mapping[str, Rule] = {rule.id: rule for rule in RULES}

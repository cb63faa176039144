"""Rules about PostgreSQL servers that were looked at while they ran."""

from __future__ import annotations

from stocktake.model.rule import Rule
from stocktake.rules.postgresql import (
    durability,
    load,
    logins,
    logs,
    network,
    privileges,
    recovery,
    roles,
    schema,
    server,
)

RULES: tuple[Rule, ...] = (
    *durability.RULES,
    *load.RULES,
    *logins.RULES,
    *logs.RULES,
    *network.RULES,
    *privileges.RULES,
    *recovery.RULES,
    *roles.RULES,
    *schema.RULES,
    *server.RULES,
)

"""Which roles a role is a member of, as seen on a PostgreSQL server."""

from __future__ import annotations

from stocktake.model.sheet import Sheet
from stocktake.rules.postgresql.grants import path
from stocktake.rules.visibility import entries


def groups(asset: Sheet, role: str) -> frozenset[str]:
    """All roles that a role is a member of, through others too."""
    direct = {name: _direct(facts.get("roles")) for name, facts in entries(asset, "access.principals")}
    found: set[str] = set()
    waiting = [role]
    while waiting:
        new = direct.get(waiting.pop(), frozenset()) - found
        found |= new
        waiting += new
    return frozenset(found)


def _direct(roles: object) -> frozenset[str]:
    names = roles if isinstance(roles, (list, tuple)) else ()
    return frozenset(".".join(path(str(name).removesuffix(" with admin"))) for name in names)

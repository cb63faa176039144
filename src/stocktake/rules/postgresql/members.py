"""Which roles a role is a member of, as seen on a PostgreSQL server."""

from __future__ import annotations

from stocktake.model.sheet import Sheet
from stocktake.rules.postgresql.grants import path
from stocktake.values.name import encode_key


def groups(asset: Sheet, role: str) -> frozenset[str]:
    """All roles that a role is a member of, through others too."""
    found: set[str] = set()
    waiting = [role]
    while waiting:
        seen = asset.observed(f"access.principals[{encode_key(waiting.pop())}].roles")
        new = _direct(seen.value if seen and seen.fresh else ()) - found
        found |= new
        waiting += new
    return frozenset(found)


def _direct(roles: object) -> frozenset[str]:
    names = roles if isinstance(roles, (list, tuple)) else ()
    return frozenset(".".join(path(str(name).removesuffix(" with admin"))) for name in names)

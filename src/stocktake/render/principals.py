"""Who can get in: every account and role of every store, with its rights, grants and what the baseline says of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from stocktake.model.baseline import PRINCIPALS
from stocktake.model.graph import Entry
from stocktake.model.sheet import Seen, Sheet
from stocktake.render.live import Refusal, refusals, running, seen_of
from stocktake.render.view import View
from stocktake.values.name import encode_key, keys

RIGHTS = ("superuser", "bypassrls", "createrole", "replication", "createdb")
EVERYBODY = "PUBLIC"
# Roles of PostgreSQL that give power over the server or all of its data.
POWERFUL = frozenset(
    {
        "pg_execute_server_program",
        "pg_maintain",
        "pg_read_all_data",
        "pg_read_server_files",
        "pg_write_all_data",
        "pg_write_server_files",
    }
)
DECLARED, UNDECLARED, NO_BASELINE, MISSING = "declared", "not declared", "no baseline", "declared, not there"
# What a look at access gives, the most telling first: who there is, else what the file lets everybody do.
_LOOKS = ("access.principals[", "access.grants", "file.mode")
_ABOUT = ("access", "file", "role_settings")
_TO = re.compile(r' TO ("(?:[^"]|"")*"|[^"]*)$')
_OPTION = " WITH GRANT OPTION"


class Door(NamedTuple):
    """One store in one environment; `allowed` are the names its baseline lets in, None where it says nothing, `seen` is
    the look at its access, and `refused` what that look did not get.
    """

    asset: Entry
    sheet: Sheet
    baseline: Sheet | None
    allowed: frozenset[str] | None
    grants: Mapping[str, tuple[str, ...]]
    seen: Seen | None
    refused: tuple[Refusal, ...]

    @property
    def is_refused(self) -> bool:
        """Whether somebody looked and the role was not let see who there is."""
        return self.seen is None and self.hides("access.principals")

    def hides(self, start: str) -> bool:
        """Whether facts that begin so were refused."""
        return any(one.covers(start) for one in self.refused)


class Principal(NamedTuple):
    """One account or role at one door. `rank` is 0 for who may do everything, 1 for other power over the server, 2 for
    the rest; `through` is the role that gives the power, "" where it is its own.
    """

    door: Door
    name: str
    rank: int
    through: str
    declared: str
    grants: tuple[str, ...] = ()

    def seen(self, what: str) -> Any:
        """What was seen of it, or None."""
        fact = self.door.sheet.observed(f"access.principals[{encode_key(self.name)}].{what}")
        return fact.value if fact else None

    def meant(self, what: str) -> Any:
        """What the baseline says of it, or None."""
        baseline = self.door.baseline
        return baseline.declared(f"access.principals[{encode_key(self.name)}].{what}") if baseline else None


def doors(view: View) -> list[Door]:
    """Every store in each of its environments: those never looked at first, then stale ones, then by name."""
    found = [door for entry in view.assets("stores") for door in doors_of(view, entry)]
    return sorted(found, key=lambda one: (_staleness(one.seen), one.asset.name.casefold(), one.sheet.environment or ""))


def doors_of(view: View, entry: Entry) -> list[Door]:
    """One store in each of its environments."""
    baselines = {one.environment: one.sheet for one in view.baselines_of.get(entry.address, ())}
    only = next(iter(baselines.values())) if len(baselines) == 1 else None
    found = []
    for sheet in running(view, entry.address):
        baseline = baselines.get(sheet.environment) if sheet.environment else only
        seen = next((one for start in _LOOKS if (one := seen_of(sheet, start))), None)
        refused = tuple(one for one in refusals(sheet) if one.group.startswith(_ABOUT))
        found.append(Door(entry, sheet, baseline, _allowed(baseline), _grants(sheet), seen, refused))
    return found


def _staleness(seen: Seen | None) -> int:
    return 0 if seen is None else 2 if seen.fresh else 1


def _allowed(baseline: Sheet | None) -> frozenset[str] | None:
    if baseline is None:
        return None
    names = [name for name in baseline.names() if baseline.declared(name) is not None]
    return frozenset(keys(names, PRINCIPALS)) or None


def _grants(sheet: Sheet) -> dict[str, tuple[str, ...]]:
    """Grants by who holds them."""
    seen = sheet.observed("access.grants")
    found: dict[str, list[str]] = {}
    for grant in seen.value if seen and isinstance(seen.value, (list, tuple)) else ():
        found.setdefault(holder(str(grant)), []).append(str(grant))
    return {name: tuple(grants) for name, grants in found.items()}


def holder(grant: str) -> str:
    """Who holds a grant, without the quotes of SQL."""
    found = _TO.search(grant.removesuffix(_OPTION))
    name = found[1] if found else ""
    return name[1:-1].replace('""', '"') if name.startswith('"') else name


def there(door: Door) -> list[str]:
    """The names that were seen at one door; those that come with the server are left out."""
    return [name for name in keys(door.sheet.seen, PRINCIPALS) if not name.startswith("pg_")]


def principals(door: Door) -> list[Principal]:
    """Who there is at one door, the most powerful first; who is only declared is among them."""
    names = there(door)
    roles = {name: _roles(door.sheet, name) for name in names}
    found = [_principal(door, name, roles) for name in names]
    if EVERYBODY in door.grants:
        found.append(Principal(door, EVERYBODY, 2, "", _declared(door, EVERYBODY), door.grants[EVERYBODY]))
    if names:
        found += [Principal(door, name, 2, "", MISSING) for name in sorted((door.allowed or frozenset()) - set(names))]
    return sorted(found, key=lambda one: (one.rank, one.name))


def _roles(sheet: Sheet, name: str) -> tuple[str, ...]:
    seen = sheet.observed(f"access.principals[{encode_key(name)}].roles")
    listed = seen.value if seen and isinstance(seen.value, (list, tuple)) else ()
    bare = (str(role).removesuffix(" with admin") for role in listed)
    return tuple(role[1:-1].replace('""', '"') if role.startswith('"') else role for role in bare)


def _principal(door: Door, name: str, roles: Mapping[str, tuple[str, ...]]) -> Principal:
    ranked = [(_rank(door.sheet, role), role != name, role) for role in _reachable(name, roles)]
    rank, is_other, role = min(ranked)
    through = role if is_other and rank < 2 else ""
    return Principal(door, name, rank, through, _declared(door, name), door.grants.get(name, ()))


def _reachable(name: str, roles: Mapping[str, tuple[str, ...]]) -> Iterable[str]:
    """The role and every role that it can become."""
    found, waiting = {name}, [name]
    while waiting:
        for role in roles.get(waiting.pop(), ()):
            if role not in found:
                found.add(role)
                waiting.append(role)
    return found


def _rank(sheet: Sheet, name: str) -> int:
    held = [right for right in RIGHTS if _holds(sheet, name, right)]
    if "superuser" in held:
        return 0
    return 1 if set(held) - {"createdb"} or name in POWERFUL else 2


def _holds(sheet: Sheet, name: str, right: str) -> bool:
    seen = sheet.observed(f"access.principals[{encode_key(name)}].{right}")
    return seen is not None and seen.value is True


def _declared(door: Door, name: str) -> str:
    if door.allowed is None or (name == EVERYBODY and (door.baseline is None)):
        return NO_BASELINE
    if name == EVERYBODY:
        wanted = door.baseline.declared("access.grants") if door.baseline else None
        if wanted is None:
            return NO_BASELINE
        return DECLARED if {*door.grants[EVERYBODY]} <= {*map(str, wanted)} else UNDECLARED
    return DECLARED if name in door.allowed else UNDECLARED

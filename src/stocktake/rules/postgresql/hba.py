"""The rules by which a PostgreSQL server lets somebody log in, in the order in which it tries them."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from stocktake.model.sheet import Sheet
from stocktake.rules.visibility import Entry, entries
from stocktake.values.text import shown

_ANYWHERE = frozenset({"all", "0.0.0.0/0", "::/0", "0.0.0.0 0.0.0.0", ":: ::"})


class Login(NamedTuple):
    """One rule of pg_hba.conf."""

    type: str
    databases: tuple[str, ...]
    users: tuple[str, ...]
    address: str
    method: str

    @property
    def words(self) -> str:
        """The rule as it stands in the file, which tells it from others whatever its line."""
        parts = (self.type, ",".join(self.databases), ",".join(self.users), self.address, self.method)
        return shown(" ".join(filter(None, parts)))

    @property
    def is_remote(self) -> bool:
        """Whether it lets in from another machine."""
        is_near = self.type == "local" or self.address.startswith(("127.", "::1")) or self.address == "samehost"
        return not is_near and self.method != "reject"

    @property
    def is_anywhere(self) -> bool:
        """Whether it is about every address there is."""
        return self.type != "local" and self.address in _ANYWHERE

    def fits(self, role: str, groups: Collection[str]) -> bool:
        """Whether it is about a role that is a member of these groups; patterns (`/^adm/`) are not followed."""
        return any(user in ("all", role) or (user[:1] == "+" and user[1:] in {role, *groups}) for user in self.users)


def logins(asset: Sheet) -> list[Login]:
    """All rules, each once."""
    return list(dict.fromkeys(_login(facts) for _, facts in entries(asset, "access.hba")))


def _login(facts: Entry) -> Login:
    return Login(
        str(facts.get("type", "")),
        _words(facts.get("database")),
        _words(facts.get("user")),
        str(facts.get("address", "")),
        str(facts.get("method", "")),
    )


def _words(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, (list, tuple)) else tuple(str(value or "").split(","))

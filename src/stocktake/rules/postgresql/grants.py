"""Grants as they were seen: `INSERT, SELECT ON TABLE orders.public.books TO app`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from stocktake.model.sheet import Sheet

_GRANT = re.compile(r"(.+?) ON (?:ALL )?([A-Z][A-Z ]*[A-Z]) (.+) TO (.+?)( WITH GRANT OPTION)?", re.DOTALL)
_COLUMNS = re.compile(r"\s*\([^)]*\)")
_NAME = re.compile(r'"((?:[^"]|"")*)"|([^."]+)')


class Grant(NamedTuple):
    """Privileges on one object for one grantee; `name` as it was seen, quotes and all."""

    privileges: frozenset[str]
    kind: str
    name: str
    grantee: str
    is_grantable: bool

    @property
    def path(self) -> tuple[str, ...]:
        """Database, schema and name, without quotes."""
        return path(self.name)


def grants(asset: Sheet) -> Iterator[Grant]:
    """All grants that were seen; what is no grant is left out."""
    for text in asset.get("access.grants") or ():
        if found := _GRANT.fullmatch(str(text)):
            privileges, kind, name, grantee, grantable = found.groups()
            names = frozenset(part.strip() for part in _COLUMNS.sub("", privileges).split(","))
            yield Grant(names, kind, name, grantee, bool(grantable))


def path(text: str) -> tuple[str, ...]:
    """The names in a dotted path, without quotes."""
    return tuple(found[1].replace('""', '"') if found[1] is not None else found[2] for found in _NAME.finditer(text))

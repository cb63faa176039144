"""What could be looked at, and what of it never was."""

from __future__ import annotations

from typing import NamedTuple

from stocktake.model.settings import Source
from stocktake.render.live import running
from stocktake.render.view import View


class Missing(NamedTuple):
    """Something that could be looked at and never was, and the command that would; `address` where it has a record."""

    name: str
    address: str
    kind: str
    environment: str | None
    command: str


def missing(view: View) -> list[Missing]:
    """Configured sources and instances with a `connection` of which there is no observation."""
    names = {seen.source for seen in view.estate.observations}
    found = [
        Missing(source.name, "", "source tree", source.environment, _discover(source))
        for source in view.estate.settings.sources
        if source.name not in names
    ]
    for asset, environment, source in connections(view):
        if source not in names:
            where = f" --environment {environment}" if environment else ""
            command = f"stocktake observe {asset}{where}"
            found.append(Missing(asset, f"asset/{asset}", "live store", environment, command))
    return found


def _discover(source: Source) -> str:
    return "stocktake discover" if source.path else f"stocktake discover {source.name}=PATH"


def connections(view: View) -> list[tuple[str, str | None, str]]:
    """(asset, environment, name of its observation) of everything that names a `connection`."""
    found = []
    for record in view.estate.of("asset"):
        for sheet in running(view, record.address):
            if sheet.declared("connection"):
                name = f"{record.id}-{sheet.environment}" if sheet.environment else record.id
                found.append((record.id, sheet.environment, name))
    return found

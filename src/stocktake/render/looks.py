"""The looks behind everything observed: which are fresh, and what could be looked at and never was."""

from __future__ import annotations

from typing import NamedTuple

from stocktake.model.audit import Audit
from stocktake.model.observation import Observation
from stocktake.render.live import running
from stocktake.render.view import View
from stocktake.values import duration


class Missing(NamedTuple):
    """Something that could be looked at and never was, and the command that would; `address` where it has a record."""

    name: str
    address: str
    kind: str
    environment: str | None
    command: str


def is_fresh(audit: Audit, seen: Observation) -> bool:
    """Whether the last look is recent enough to count."""
    return seen.looked is not None and seen.looked >= duration.before(audit.today, audit.estate.settings.freshness)


def missing(view: View) -> list[Missing]:
    """Configured sources and instances with a `connection` of which there is no observation."""
    names = {seen.source for seen in view.estate.observations}
    found = [
        Missing(source.name, "", "source tree", source.environment, "stocktake discover")
        for source in view.estate.settings.sources
        if source.name not in names
    ]
    for asset, environment, source in connections(view):
        if source not in names:
            where = f" --environment {environment}" if environment else ""
            command = f"stocktake observe {asset}{where}"
            found.append(Missing(asset, f"asset/{asset}", "live store", environment, command))
    return found


def connections(view: View) -> list[tuple[str, str | None, str]]:
    """(asset, environment, name of its observation) of everything that names a `connection`."""
    found = []
    for record in view.estate.of("asset"):
        for sheet in running(view, record.address):
            if sheet.declared("connection"):
                name = f"{record.id}-{sheet.environment}" if sheet.environment else record.id
                found.append((record.id, sheet.environment, name))
    return found

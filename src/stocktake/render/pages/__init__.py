"""All kinds of pages, in one alphabetical table; each is a function from a view to a stream of pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from stocktake.render.document import Page
from stocktake.render.pages import (
    access,
    adr,
    architecture,
    backups,
    catalogue,
    controls,
    coverage,
    dependencies,
    drift,
    environment,
    environments,
    feeds,
    findings,
    guides,
    home,
    inventory,
    kinds,
    matrix,
    observations,
    plan,
    reconciliation,
    records,
    report,
    risks,
    rules,
    schemas,
    waivers,
)
    trends,
from stocktake.render.view import View

PAGES: Mapping[str, Callable[[View], Iterator[Page]]] = {
    "access": access.pages,
    "adr": adr.pages,
    "architecture": architecture.pages,
    "backups": backups.pages,
    "catalogue": catalogue.pages,
    "controls": controls.pages,
    "coverage": coverage.pages,
    "dependencies": dependencies.pages,
    "drift": drift.pages,
    "environment": environment.pages,
    "environments": environments.pages,
    "feeds": feeds.pages,
    "findings": findings.pages,
    "guides": guides.pages,
    "home": home.pages,
    "inventory": inventory.pages,
    "kinds": kinds.pages,
    "matrix": matrix.pages,
    "observations": observations.pages,
    "plan": plan.pages,
    "reconciliation": reconciliation.pages,
    "records": records.pages,
    "report": report.pages,
    "risks": risks.pages,
    "rules": rules.pages,
    "schemas": schemas.pages,
    "waivers": waivers.pages,
}
    "trends": trends.pages,

"""All kinds of pages, in one alphabetical table; each is a function from a view to a stream of pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from stocktake.render.document import Page
from stocktake.render.pages import (
    adr,
    architecture,
    catalogue,
    findings,
    home,
    kinds,
    matrix,
    plan,
    reconciliation,
    records,
    rules,
    schemas,
    waivers,
)
from stocktake.render.view import View

PAGES: Mapping[str, Callable[[View], Iterator[Page]]] = {
    "adr": adr.pages,
    "architecture": architecture.pages,
    "catalogue": catalogue.pages,
    "findings": findings.pages,
    "home": home.pages,
    "kinds": kinds.pages,
    "matrix": matrix.pages,
    "plan": plan.pages,
    "reconciliation": reconciliation.pages,
    "records": records.pages,
    "rules": rules.pages,
    "schemas": schemas.pages,
    "waivers": waivers.pages,
}

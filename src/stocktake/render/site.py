"""The whole site as a stream: pages below `docs/`, changes to the theme below `overrides/`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from stocktake.model.audit import Audit
from stocktake.model.coverage import Coverage
from stocktake.model.trend import Trend
from stocktake.render import asof, edition, theme
from stocktake.render.diagram.catalogue import catalogue, sequences, sources
from stocktake.render.document import Page
from stocktake.render.paged import with_tables
from stocktake.render.pages import PAGES
from stocktake.render.view import View


def site(
    audit: Audit,
    pictures: Mapping[str, str],
    documents: Mapping[str, str] = MappingProxyType({}),
    coverage: Coverage | None = None,
    site_url: str = "",
    read: Callable[[str], str] | None = None,
    trend: Trend | None = None,
) -> Iterator[Page]:
    """Everything that the site builder needs beside the hand-written pages, with paths below the build folder.

    `pictures` are SVGs as dot drew them, by the names of `pictures.dots` and `architecture`; pages whose picture is
    missing show the list alone. `documents` are the texts of the hand-written files that will be there, by
    their paths below docs; of what is no page, nothing. Without `coverage` there is no page on it. `site_url` is
    the address of the site with a slash at its end, where somebody said it. `read` gives the text of a record's file,
    where pages may show it. Without `trend` nobody asked for the past.
    """
    view = View(audit, pictures, documents, coverage)
    view.site_url = site_url
    view.read = read
    view.trend = trend or view.trend
    view.diagrams, view.sequences = catalogue(view), sequences(view)
    if not view.is_full:
        view.diagrams = {name: one for name, one in view.diagrams.items() if edition.is_drawn(view, one.here)}
    yield from theme.files()
    yield from sources(view)
    made = (page for name, pages in PAGES.items() for page in edition.pages(view, name, with_tables(pages)))
    yield from asof.stamped(view, made)

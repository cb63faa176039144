"""The whole site in parts, each a stream: pages below `docs/`, changes to the theme below `overrides/`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

from stocktake.model.audit import Audit
from stocktake.model.chronicle import Chronicle
from stocktake.model.coverage import Coverage
from stocktake.model.trend import Trend
from stocktake.render import asof, edition, theme
from stocktake.render.diagram.catalogue import catalogue, sequences, sources
from stocktake.render.document import Page
from stocktake.render.paged import with_tables
from stocktake.render.pages import PAGES, records
from stocktake.render.view import View

_RECORDS, _SOURCES, _THEME = "records", "sources", "theme"
_SLICE = 250  # records whose pages are one part


class Part(NamedTuple):
    """Files that can be made whatever becomes of the others; of the pages of records those from `start` on."""

    name: str
    start: int = 0
    stop: int | None = None


def opened(
    audit: Audit,
    pictures: Mapping[str, str],
    documents: Mapping[str, str] = MappingProxyType({}),
    coverage: Coverage | None = None,
    site_url: str = "",
    read: Callable[[str], str] | None = None,
    trend: Trend | None = None,
    past: Chronicle | None = None,
) -> View:
    """What all files of a site are made from; their paths are below the build folder.

    `pictures` are SVGs as dot drew them, by the names of `pictures.dots` and `architecture`; pages whose picture is
    missing show the list alone. `documents` are the texts of the hand-written files that will be there, by
    their paths below docs; of what is no page, nothing. Without `coverage` there is no page on it. `site_url` is
    the address of the site with a slash at its end, where somebody said it. `read` gives the text of a record's file,
    where pages may show it. Without `trend` and `past` nobody asked for the past.
    """
    view = View(audit, pictures, documents, coverage)
    view.site_url = site_url
    view.read = read
    view.trend = trend or view.trend
    view.past = past or view.past
    view.diagrams, view.sequences = catalogue(view), sequences(view)
    if not view.is_full:
        view.diagrams = {name: one for name, one in view.diagrams.items() if edition.is_drawn(view, name)}
    return view


def parts(view: View) -> Iterator[Part]:
    """What the site falls into."""
    yield from (Part(_THEME), Part(_SOURCES))
    for name in PAGES:
        if name == _RECORDS:
            starts = range(0, len(view.estate.every), _SLICE)
            yield from (Part(name, start, start + _SLICE) for start in starts)
        else:
            yield Part(name)


def files(view: View, part: Part) -> Iterator[Page]:
    """The files of one part."""
    if part.name == _THEME:
        yield from theme.files()
    elif part.name == _SOURCES:
        yield from sources(view)
    else:
        some = partial(records.pages, start=part.start, stop=part.stop)
        make = some if part.name == _RECORDS else PAGES[part.name]
        yield from asof.stamped(view, edition.pages(view, part.name, with_tables(make)))

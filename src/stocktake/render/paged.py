"""Long tables on several pages, so that no page grows with the estate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.table import Column, Row, table
from stocktake.render.view import href

PAGE_ROWS = 500


def paged(
    path: str, headers: Sequence[str | Column], rows: Sequence[Row], caption: str, empty: object, filtered: bool = False
) -> Iterator[tuple[str, Markup]]:
    """(path, table with links to its other pages); the first page keeps `path`."""
    parts = [rows[start : start + PAGE_ROWS] for start in range(0, len(rows), PAGE_ROWS)] or [rows]
    paths = [path, *(f"{path.removesuffix('.md')}_{number}.md" for number in range(2, len(parts) + 1))]
    for here, part in zip(paths, parts, strict=True):
        yield here, join((table(headers, part, caption, empty, filtered), _others(here, paths, len(rows))))


def _others(here: str, paths: list[str], total: int) -> Markup | None:
    if len(paths) == 1:
        return None
    links = [
        el("b", number) if path == here else anchor(number, href(here, path)) for number, path in enumerate(paths, 1)
    ]
    return el("nav", f"{total:,} rows on {len(paths)} pages: ", join(links, " "), class_="st-pages", aria_label="Pages")

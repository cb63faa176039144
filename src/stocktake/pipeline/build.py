"""Write the site: judge the estate, draw, render, and let MkDocs make HTML of it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from functools import partial
from typing import NamedTuple

from stocktake.errors import InputError, MissingProgramError, Problem
from stocktake.history.changes import History, history
from stocktake.load.documents import is_page
from stocktake.load.files import Tree
from stocktake.load.site import site_url
from stocktake.model.audience import RESTRICTED
from stocktake.model.audit import Audit
from stocktake.model.chronicle import Chronicle
from stocktake.model.estate import Estate
from stocktake.model.trend import Trend
from stocktake.pipeline.at import Then
from stocktake.pipeline.audit import Revision, audit
from stocktake.pipeline.chronicle import chronicle
from stocktake.pipeline.coverage import coverage
from stocktake.pipeline.edition import edition
from stocktake.pipeline.estate import open_estate
from stocktake.pipeline.export import downloads
from stocktake.pipeline.handwritten import handwritten
from stocktake.pipeline.pictures import pictures
from stocktake.pipeline.trends import trends
from stocktake.pipeline.write_pages import write_pages
from stocktake.render.asof import handwritten as signed
from stocktake.render.document import Page
from stocktake.render.edition import is_for
from stocktake.render.site import opened
from stocktake.render.view import View
from stocktake.run import run
from stocktake.write import replace_folder

_SHOWN = ("registry", "adr", "docs", "observed", "stocktake.yaml")


class Built(NamedTuple):
    """`pages` files of which `changed` were written; `where` the site (or the pages) is; `notes` on what could not be
    shown.
    """

    pages: int
    changed: tuple[str, ...]
    where: str
    notes: tuple[str, ...]
    bugs: tuple[str, ...]


def build(
    tree: Tree,
    today: date | None,
    otherwise: date,
    pages_only: bool,
    check_only: bool,
    tell: Callable[[str], None],
    audience: str = RESTRICTED,
    offline: bool = False,
    at: Then | None = None,
) -> Built:
    """Write build/docs, and build/site from it, with what `audience` may see. `today` defaults to the day of the last
    commit, outside Git to `otherwise`. With `at` it shows the estate as it was, and goes to build/at.

    Raises InputError where the registry is wrong, FailedProgramError where MkDocs refuses a page.
    """
    if not (pages_only or check_only):
        _refuse_unready(tree)
    files, last = (at.tree, at.commit) if at else (tree, "HEAD")
    estate = open_estate(files).sound()
    tell(f"{len(estate.records)} records")
    past = history(tree.root, _SHOWN, last)
    day = today or _day(estate, past, otherwise)
    judged, bugs = audit(estate, day, files, Revision(past.changes, past.commit, past.committed, past.is_shallow))
    keep = not (check_only or at)
    trend = trends(tree, judged, past.time, keep, last) if audience == RESTRICTED else None
    hands = chronicle(tree, estate, last) if audience == RESTRICTED else None
    shown = edition(judged, audience)
    drawn, notes = pictures(shown, None if check_only else tree)
    tell(f"{len(drawn)} pictures")
    notes = [*notes, *_unclassified(shown)]
    # A file as it is names everybody and everything.
    read = partial(_text, files) if shown is judged else None
    view, others = _opened(files, shown, drawn, read, trend, hands, site_url(tree))
    count, changed = write_pages(tree.root, view, others, check_only)
    if pages_only or check_only:
        return Built(count, changed, "build/docs", tuple(notes), bugs)
    tell("mkdocs build")
    place = make_html(tree, day, past, offline, at is not None)
    return Built(count, changed, os.path.join(tree.root, place), tuple(notes), bugs)


def _unclassified(shown: Audit) -> list[str]:
    """What whoever publishes an edition has to know: that somebody sees what nobody classified."""
    assets = shown.estate.of("asset")
    bare = sum("classification" not in record.data for record in assets)
    if shown.audience == RESTRICTED or not bare:
        return []
    told = f"{bare:,} of {len(assets):,} assets in this edition were classified by nobody"
    return [f"{told}. INV009 names them, and audience.unclassified in stocktake.yaml can leave them out."]


def _text(tree: Tree, path: str) -> str:
    return tree.read(path).decode(errors="replace")


def _opened(
    tree: Tree,
    shown: Audit,
    drawn: Mapping[str, str],
    read: Callable[[str], str] | None,
    trend: Trend | None,
    past: Chronicle | None,
    url: str,
) -> tuple[View, list[Page]]:
    """What is below build/ for the audience of an audit: what makes the pages, and the files that are no part of it."""
    estate, is_full = shown.estate, shown.audience == RESTRICTED
    written, stubs = handwritten(tree, estate.kinds, shown.audience, estate.settings.pages)
    texts = {path.removeprefix("docs/"): raw.decode(errors="replace") if is_page(path) else "" for path, raw in written}
    tables = [table for table in downloads(shown) if is_full or is_for(shown, table[0])]
    texts |= {path.removeprefix("docs/"): "" for path, _ in tables}
    known = coverage(shown)
    dated = [(path, raw + signed(shown, path) if is_page(path) else raw) for path, raw in written]
    return opened(shown, drawn, texts, known, url, read, trend, past), [*tables, *dated, *stubs]


def _day(estate: Estate, past: History, present: date) -> date:
    """That of the last commit, or of a look since then that is not committed yet; outside Git the present one."""
    if not past.committed:
        return present
    return max([date.fromisoformat(past.committed), *(day for day in estate.looked.values() if day <= present)])


def _refuse_unready(tree: Tree) -> None:
    """Say what is missing before a big estate is read, not after."""
    if not tree.has("mkdocs.yml"):
        raise InputError([Problem("mkdocs.yml", 0, 0, "", "there is no such file", "`stocktake init` writes one.")])
    try:
        import mkdocs  # noqa: F401
    except ImportError:
        raise MissingProgramError("mkdocs", "Install `stocktake[site]`.") from None


def make_html(tree: Tree, day: date, past: History, offline: bool, is_past: bool = False) -> str:
    """Let MkDocs write the site, with what it made before, and say where; the last good one stays where it is until the
    new one is whole.
    """
    place = "build/at" if is_past else "build/offline" if offline else "build/site"
    moment = past.time or int(datetime.combine(day, time(), UTC).timestamp())
    env = {
        **os.environ,
        "SOURCE_DATE_EPOCH": str(moment),
        "COLUMNS": "1000",  # so that no message is broken into lines
        "NO_MKDOCS_2_WARNING": "1",
        "DISABLE_MKDOCS_2_WARNING": "true",
    }
    fresh = os.path.join(tree.root, f"{place}.new")
    # Safe, so that a file of the repository is never taken for a module of MkDocs.
    run(
        [sys.executable, "-P", "-m", "stocktake.pipeline.builder", fresh, place, *(["--offline"] if offline else [])],
        cwd=tree.root,
        env=env,
        timeout=1800,
    )
    replace_folder(fresh, os.path.join(tree.root, place))
    return place

"""Which places on the site belong to generated pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection

_PAGES = frozenset(
    {
        "access",
        "access-review",
        "approvals",
        "architecture",
        "backups",
        "catalogue",
        "coverage",
        "dependencies",
        "drift",
        "environments",
        "findings",
        "glossary",
        "guides",
        "heatmaps",
        "history",
        "index",
        "inventory",
        "matrix",
        "observations",
        "plan",
        "reconciliation",
        "report",
        "trends",
    }
)
_FOLDERS = frozenset({"control", "data", "diagram", "environment", "rule", "schema"})
_FILES = frozenset(
    {"changes.xml", "findings.xml", "inventory.csv", "javascripts/map.js", "javascripts/stocktake.js", "matrix.csv"}
    | {"javascripts/told.js", "stylesheets/stocktake.css"}
)
_WHOLE = frozenset({"data", "diagram", "javascripts/vendor"})
_ENDING = re.compile(r"\.(?:md|html)\Z")
_BESIDE = re.compile(r"(?:_rows\.js|\.csv)\Z")  # what all pages of a long table hold
_BEHIND = re.compile(r"_(?:facts|history|named)(?:_[0-9]+)?\Z")  # what the page of a record has no room for
_NUMBER = re.compile(r"_[0-9]+\Z")  # a long table goes on at findings_2


def is_taken(path: str, kinds: Collection[str], exists: Callable[[str], bool]) -> bool:
    """Whether a file, as a path below docs/, has the place of a page that is made of the registry; `exists` takes the
    address of a record.
    """
    folder, _, name = path.rpartition("/")
    if not _ENDING.search(name):
        return (
            path in _FILES
            or folder in _WHOLE
            or (_BESIDE.search(name) is not None and _is_beside(folder, _BESIDE.sub("", name)))
            or (_BESIDE.search(name) is not None and folder in kinds and _is_behind(folder, name, exists))
            or (folder in kinds and name.startswith(f"{folder}.") and name.endswith(".csv"))
        )
    name = _ENDING.sub("", name)
    first = "index" if name == "README" else _NUMBER.sub("", name)  # MkDocs takes a README for the index
    if not folder:
        return first in _PAGES
    if folder in kinds:
        name = "index" if name == "_index" else name
        return first == "index" or exists(f"{folder}/{name}") or _is_behind(folder, name, exists)
    return folder in _FOLDERS


def _is_behind(folder: str, name: str, exists: Callable[[str], bool]) -> bool:
    """Whether it tells the rest of what the page of a record begins."""
    behind = _BEHIND.search(name := _BESIDE.sub("", name))
    return behind is not None and exists(f"{folder}/{name[: behind.start()]}")


def _is_beside(folder: str, page: str) -> bool:
    """Whether a page has files of its rows beside it."""
    first = page.partition("-")[0]
    return first == "index" or folder in _FOLDERS if folder else page in _PAGES or first in _PAGES

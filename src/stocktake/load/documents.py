"""What people wrote for the site below docs/: found, and refused where it must not be published."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.errors import Problem
from stocktake.load.files import READ_AT_MOST, Tree
from stocktake.load.record import kind_of
from stocktake.load.yaml import encoding_problems
from stocktake.values.suspicion import is_suspicious

FOLDER = "docs"
_MARKDOWN = (".markdown", ".md", ".mdown", ".mkd", ".mkdn")
_BEGINNING = 8_000


def documents(tree: Tree, folders: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(path, flaw) of everything that is copied to the site as it is; records have pages of their own."""
    for path, flaw in tree.walk(FOLDER):
        if kind_of(path, folders) is None:
            yield path, flaw


def is_page(path: str) -> bool:
    """Whether the site makes a page of it; everything else is copied."""
    return path.lower().endswith(_MARKDOWN)


def problems(raw: bytes, path: str) -> list[Problem]:
    """What is wrong with the content of one of them: characters that hide in Markdown, secrets in any text."""
    if not is_page(path) and b"\0" in raw[:_BEGINNING]:
        return []
    wrong = encoding_problems(raw, path, tabs=True, at_most=READ_AT_MOST) if is_page(path) else []
    text = raw.decode(errors="replace")
    if not is_suspicious(text):
        return wrong
    from stocktake.load.leaks import in_page  # what it knows of secrets takes a while to compile

    return wrong + in_page(text, path)

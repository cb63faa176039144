"""The files that people wrote below docs/, as far as they are for the audience of a site."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from stocktake.errors import InputError, Problem
from stocktake.load.documents import documents, is_page
from stocktake.load.files import Tree
from stocktake.model.audience import AUDIENCES, RESTRICTED, sees
from stocktake.model.kind import Kind
from stocktake.render.document import Page
from stocktake.render.edition import left_out

_FRONT = re.compile(rb"\A---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_SAID = re.compile(rb"^audience[ \t]*:[ \t]*[\"']?([^\s\"'#]*)", re.MULTILINE)


class Handwritten(NamedTuple):
    """`files` go to the site as they are; `stubs` stand in the place of pages that others link to."""

    files: tuple[Page, ...]
    stubs: tuple[Page, ...]


def handwritten(tree: Tree, kinds: Mapping[str, Kind], audience: str, otherwise: str) -> Handwritten:
    """A page says in its front matter whom it is for, else it is for `otherwise`; every other file goes with the pages
    that name it. Records that lie here have pages of their own.

    Raises InputError where a page names an audience that there is none of.
    """
    found = [
        (path, tree.read(path)) for path, _ in documents(tree, {kind.name: kind.folder for kind in kinds.values()})
    ]
    least = _least(found, otherwise)
    if audience == RESTRICTED:
        return Handwritten(tuple(found), ())
    pages = [(path, raw) for path, raw in found if path in least and sees(audience, least[path])]
    texts = [raw for _, raw in pages] + ([tree.read("mkdocs.yml")] if tree.has("mkdocs.yml") else [])
    files = [(path, raw) for path, raw in found if path not in least and _is_named(path, texts)]
    gone = {path for path in least if not sees(audience, least[path])}
    return Handwritten((*pages, *files), tuple(_stubs(gone, texts, audience)))


def _stubs(gone: Collection[str], texts: Collection[bytes], audience: str) -> Iterator[Page]:
    for path in sorted(gone):
        if _is_named(path, texts):
            yield left_out(path.removeprefix("docs/"), audience)


def _least(found: Collection[Page], otherwise: str) -> dict[str, str]:
    """Whom each page is for."""
    least: dict[str, str] = {}
    problems = []
    for path, raw in found:
        if is_page(path):
            front = _FRONT.match(raw)
            said = _SAID.search(front[1]) if front else None
            word = said[1].decode(errors="replace") if said else otherwise
            least[path] = word
            if word not in AUDIENCES and front and said:
                line = raw.count(b"\n", 0, front.start(1) + said.start()) + 1
                hint = f"Write {', '.join(AUDIENCES[:-1])} or {AUDIENCES[-1]}."
                problems.append(Problem(path, line, 1, "audience", f'"{word}" is not an audience', hint))
    if problems:
        raise InputError(problems)
    return least


def _is_named(path: str, texts: Collection[bytes]) -> bool:
    name = path.rpartition("/")[2].encode()
    return any(name in text for text in texts)

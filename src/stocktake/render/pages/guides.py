"""What people wrote for the site: an index of the hand-written pages, by folder."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from stocktake.render.document import Page, document
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.parts import code, counted, lead, muted
from stocktake.render.prose import line, summary
from stocktake.render.view import View, href

_HERE = "guides.md"
_FIRST = ("getting-started", "tutorial", "concepts")
_PAGE = re.compile(r"\.(?:markdown|md|mdown|mkd|mkdn)\Z", re.IGNORECASE)
_FRONT = re.compile(r"\A---\n.*?^---$\n?", re.DOTALL | re.MULTILINE)
_TITLE = re.compile(r"^(?:# +|title: *)(.+)$", re.MULTILINE)
_NO_PROSE = ("#", "<", "```", "|", "!", "-", ">", "=")


def pages(view: View) -> Iterator[Page]:
    """The index, with the pages at the top of docs/ first."""
    groups: dict[str, list[str]] = {}
    for path in sorted(filter(_PAGE.search, view.documents), key=lambda path: _order(path, view.documents)):
        groups.setdefault(posixpath.dirname(path), []).append(path)
    blocks = [part for folder in sorted(groups, key=_late) for part in _group(view, folder, groups[folder])]
    count = counted(sum(map(len, groups.values())), "page")
    intro = lead(
        "Written by people. What is made of schemas and rules: ",
        anchor("Record kinds", href(_HERE, "schema/index.md")),
        ", ",
        anchor("Rules", href(_HERE, "rule/index.md")),
        ". ",
        muted(count, " in ", code("docs/"), "."),
    )
    empty = el("p", "Nobody has written a page yet: put a Markdown file into ", code("docs/"), ".", class_="st-empty")
    yield document(_HERE, "Guides", [intro, *(blocks or [empty])], wide=True)


def _late(folder: str) -> tuple[bool, str]:
    """Pages for those who use it come before pages for those who change it."""
    return folder.startswith("contributing"), folder


def _group(view: View, folder: str, paths: list[str]) -> Iterator[Markup]:
    name = folder.replace("/", ", ").replace("-", " ").capitalize()
    if folder:
        yield el("h2", name)
    yield el("ul", *(_entry(path, view.documents[path]) for path in paths))


def _entry(path: str, text: str) -> Markup:
    about = _about(text)
    below = (el("br"), muted(about)) if about else ()
    return el("li", anchor(title(path, text), _address(path)), *below)


def title(path: str, text: str) -> str:
    """What a page calls itself, or else what its file is called."""
    found = _TITLE.search(text)
    if found:
        return found[1].strip().strip("\"'").replace("`", "")
    return _PAGE.sub("", posixpath.basename(path)).replace("-", " ").replace("_", " ").capitalize()


def _about(text: str) -> Markup:
    """The first sentence of the first paragraph."""
    for part in _FRONT.sub("", text, count=1).split("\n\n"):
        if part.strip() and not part.lstrip().startswith(_NO_PROSE):
            return line(summary(part))
    return join(())


def _order(path: str, documents: Mapping[str, str]) -> tuple[int, str, str]:
    name = _PAGE.sub("", path)
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), title(path, documents[path]).casefold(), path)


def _address(path: str) -> str:
    """Where the site builder puts it; it takes a README for the index of its folder."""
    folder, _, name = _PAGE.sub("", path).rpartition("/")
    page = f"{'index' if name == 'README' else name}.md"
    return href(_HERE, f"{folder}/{page}" if folder else page)

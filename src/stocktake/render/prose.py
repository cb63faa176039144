"""Prose fields and Markdown bodies become HTML: raw HTML is shown as text, and links lead only where they may."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import cache
from typing import Any

from stocktake.render.escape.html import Markup, el, safe_url
from stocktake.values.text import shown

Resolve = Callable[[str], str | None]
_LONGEST = 60_000
_MOST_BRACKETS = 1_000  # the converter needs quadratic time for open brackets
_MARKUP = re.compile(r"[\\`*_\[\]<>#&!~|]|^\s*(?:[-+]|\d+[.)])\s|\n", re.MULTILINE)
_BETWEEN = re.compile(r">\s*\n\s*<")


def prose(text: str, resolve: Resolve = lambda url: None, below: int = 2) -> Markup:
    """The text as HTML on one line. `resolve` says where a relative link leads, None for nowhere; `below` is the level
    of the heading that it stands under.
    """
    source = shown(str(text)[:_LONGEST], multiline=True)
    if not _MARKUP.search(source.strip()):
        return el("p", source.strip()) if source.strip() else Markup("")
    if source.count("[") > _MOST_BRACKETS:
        return el("pre", source)
    try:
        return _converted(source, resolve, below)
    except RecursionError:
        return el("pre", source)


def line(text: str, resolve: Resolve = lambda url: None) -> Markup:
    """Prose that stands within a line or a cell: as one paragraph it loses its box."""
    html = prose(text, resolve)
    inner = html.removeprefix("<p>").removesuffix("</p>")
    return Markup(inner) if len(inner) == len(html) - 7 and "<p>" not in inner else html


def summary(text: str, most: int = 160) -> str:
    """The first sentence of a prose field as plain text."""
    first = " ".join(str(text).strip().partition("\n\n")[0].split())
    sentence = re.match(r".{12,}?[.!?](?=\s|$)", first)
    short = sentence[0] if sentence else first
    return short if len(short) <= most else f"{short[: most - 1].rstrip()}…"


def _converted(source: str, resolve: Resolve, below: int) -> Markup:
    converter, guard = _converter()
    guard.resolve, guard.below = resolve, below
    html = converter.reset().convert(source)
    lines = html.replace("\r", "")
    # Newlines matter only inside code; written as references, no line of a value starts a line of the page.
    return Markup(_BETWEEN.sub("><", lines).replace("\n", "&#10;"))


class _Guard:
    """Checks every link and image after parsing, so that no syntax leads around it, and puts headings in their place:
    each at most one level below the one before it, so that nobody who goes from heading to heading misses one.
    """

    resolve: Resolve
    below: int

    def run(self, root: ET.Element) -> None:
        around: list[str] = []
        for element in root.iter():
            if element.tag == "a":
                _bound(element, "href", self.resolve)
            elif element.tag == "img":
                _as_link(element, self.resolve)
            elif element.tag in _HEADINGS:
                around = [*(level for level in around if level < element.tag), element.tag]
                element.tag = f"h{min(self.below + len(around), 6)}"


@cache
def _converter() -> tuple[Any, _Guard]:
    from markdown import Markdown  # part of what builds the site, and slow to import

    converter = Markdown(extensions=["tables", "fenced_code", "sane_lists"], output_format="html")
    converter.preprocessors.deregister("html_block")
    converter.inlinePatterns.deregister("html")
    converter.inlinePatterns.deregister("entity")
    guard = _Guard()
    converter.treeprocessors.register(guard, "stocktake", 5)
    return converter, guard


_HEADINGS = frozenset(f"h{level}" for level in range(1, 7))


def _bound(element: ET.Element, attribute: str, resolve: Resolve) -> None:
    """Keep a link that may stay, resolve a relative one, and take the target from every other."""
    target = _allowed(element.attrib.pop(attribute, ""), resolve)
    element.attrib.pop("title", None)
    if target is None:
        element.tag = "span"
    else:
        element.set(attribute, target)
        element.set("rel", "noopener noreferrer")


def _as_link(element: ET.Element, resolve: Resolve) -> None:
    """An image is fetched by whoever opens the page, so only a link to it remains."""
    label = element.attrib.get("alt", "") or "image"
    element.set("href", element.attrib.pop("src", ""))
    for name in ("alt", "title"):
        element.attrib.pop(name, None)
    element.tag = "a"
    element.text = label
    _bound(element, "href", resolve)


def _allowed(url: str, resolve: Resolve) -> str | None:
    if safe_url(url) is None:
        return None
    if re.match(r"(?i)https?:|mailto:", url):
        return url
    target = resolve(url)
    return target if target is not None and safe_url(target) is not None else None

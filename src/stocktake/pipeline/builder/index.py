"""The search entries of a page, as the theme's search makes them, in a quarter of the time."""

from __future__ import annotations

from html import escape, unescape
from typing import Any

from material.plugins.search.plugin import Element, Section

from stocktake.pipeline.builder.tokens import VOID, Token, attributes, tokens

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_KEPT = frozenset({"p", "code", "pre", "li", "ol", "ul", "sub", "sup"})


def sections(html: str) -> list[Any] | None:
    """What the parser of the theme makes of the HTML; None where only that can read it."""
    found = tokens(html)
    if found is None or "&" in html[html.rfind(">") + 1 :]:
        return None
    reader = _Reader()
    for token in found:
        end, tag, _, text = token
        if not tag:
            reader.text(text)
        elif end:
            reader.end(tag)
        else:
            reader.start(token)
    return reader.found


class _Reader:
    """Where we are: the elements around us, those whose text is left out, and the section that the text goes to.

    It does what the parser of the theme does, also where that is odd: an element of the same name inside of one that
    is left out ends the leaving out.
    """

    __slots__ = ("around", "found", "hidden", "section", "written")

    def __init__(self) -> None:
        self.around: list[str] = []
        self.written: list[str] = []
        self.hidden: set[str] = set()
        self.section: Any = None
        self.found: list[Any] = []

    def start(self, token: Token) -> None:
        _, tag, written, _ = token
        if tag in VOID:
            return
        self.around.append(tag)
        self.written.append(written)
        if tag in _HEADINGS:
            self._heading(tag, written)
        if self.section is None:
            self._open(Section(Element("hx")))
        if ("data-search-exclude" in written or "linenodiv" in written) and _is_left_out(written):
            self.hidden.add(tag)
        elif tag in _KEPT and not self._is_hidden():
            self._target().append(f"<{tag}>")

    def end(self, tag: str) -> None:
        if not self.around or self.around[-1] != tag:
            return
        if self.section.depth > len(self.around):
            self._leave()
        self.around.pop()
        self.written.pop()
        if tag in self.hidden:
            self.hidden.remove(tag)
        elif tag in _KEPT and not self._is_hidden():
            self._close(tag)

    def text(self, raw: str) -> None:
        if self.hidden and self._is_hidden():
            return
        said = unescape(raw) if "&" in raw else raw
        if "pre" not in self.around:
            said = " " if said.isspace() else said.replace("\n", " ")
        if self.section is None:
            self._open(Section(Element("hx")))
        if self.section.el.tag in self.around:
            if not any(tag == "a" and _is_permalink(on) for tag, on in zip(self.around, self.written, strict=True)):
                self.section.title.append(escape(said, quote=False))
        elif not said.isspace():
            self.section.text.append(escape(said, quote=False))
        elif not self.section.text or not self.section.text[-1].isspace() or "pre" in self.around:
            self.section.text.append(said)

    def _heading(self, tag: str, written: str) -> None:
        on = _values(written)
        if "id" not in on:
            return
        depth = len(self.around)
        if tag != "h1" and not self.found:
            self._open(Section(Element("hx"), depth))
        opened = Section(Element(tag, on), depth)
        if self.found:
            opened.id = on["id"]
        self._open(opened)

    def _open(self, section: Any) -> None:
        self.section = section
        self.found.append(section)

    def _leave(self) -> None:
        """The heading stood in an element that ends: go on with the section before it."""
        for section in reversed(self.found):
            if section.depth <= len(self.around):
                self.section.depth = float("inf")
                self.section = section
                break

    def _close(self, tag: str) -> None:
        """End an element; one without text goes."""
        target = self._target()
        index = target.index(f"<{tag}>")
        if all(part.isspace() for part in target[index + 1 :]):
            del target[index:]
        else:
            target.append(f"</{tag}>")

    def _target(self) -> list[str]:
        inside = self.section.el.tag in self.around
        target: list[str] = self.section.title if inside else self.section.text
        return target

    def _is_hidden(self) -> bool:
        return bool(self.hidden) and not self.hidden.isdisjoint(self.around)


def _values(written: str) -> dict[str, str | None]:
    return {name: None if value is None else unescape(value) for name, value in attributes(written)}


def _is_left_out(written: str) -> bool:
    on = _values(written)
    return "data-search-exclude" in on or on.get("class") == "linenodiv"


def _is_permalink(written: str) -> bool:
    return _values(written).get("class") == "headerlink"

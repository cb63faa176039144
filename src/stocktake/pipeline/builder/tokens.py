"""HTML as our pages hold it, cut into tags and text: a quick look that gives up where anything is unusual."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from operator import itemgetter

VOID = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905 - easier to read
)
# What a parser reads in another way than the rest of a page, or what MkDocs does something of its own with.
_SPECIAL = frozenset(
    "iframe math noembed noframes noscript object plaintext script style textarea xmp".split()  # noqa: SIM905
)
_NAME = r"[a-z][a-z0-9]*"
_ATTRIBUTES = r"""(?: [A-Za-z][\w:-]*(?:="[^"<>\x00-\x1f\x7f]*")?)*"""
_ENTITY = r"&(?:[a-zA-Z][a-zA-Z0-9]*|#[0-9]+|#x[0-9a-fA-F]+);"
_TOKEN = re.compile(rf"<(/?)({_NAME})({_ATTRIBUTES})>|((?:[^<>&\x00-\x09\x0b-\x1f\x7f]+|{_ENTITY})+)", re.ASCII)
# The only one of these that our pictures have; parsers agree on it while nothing but text is in it.
_PLAIN_TITLE = re.compile(r"<title[^<>]*>[^<>]*</title>")
_ATTRIBUTE = re.compile(r' ([A-Za-z][\w:-]*)(?:="([^"]*)")?')

_TAG_OF = itemgetter(1)

Token = tuple[str, str, str, str]


def tokens(html: str) -> list[Token] | None:
    """(`/` of an end, tag, attributes, text) one by one; None where something is written as we do not write it."""
    found = _TOKEN.findall(html)
    read = sum(map(len, chain.from_iterable(found))) + 2 * sum(map(bool, map(_TAG_OF, found)))
    if read != len(html) or not _SPECIAL.isdisjoint(map(_TAG_OF, found)):
        return None
    if html.count("<title") != len(_PLAIN_TITLE.findall(html)):
        return None
    return found


def attributes(written: str) -> Iterator[tuple[str, str | None]]:
    """(name, value as written) of what stands in a tag; a value may be missing."""
    for found in _ATTRIBUTE.finditer(written):
        yield found[1].lower(), found[2]


def elements(html: str) -> list[tuple[str, str]] | None:
    """(tag, HTML) of the elements that stand beside each other; None where anything stands between them, or one is
    not ended as it was begun.
    """
    found: list[tuple[str, str]] = []
    opened: list[str] = []
    start = here = 0
    for end, tag, written, text in tokens(html) or ():
        here += len(end) + len(tag) + len(written) + len(text) + (2 if tag else 0)
        if end:
            if not opened or opened.pop() != tag:
                return None
            if not opened:
                found.append((tag, html[start:here]))
                start = here
        elif tag and tag not in VOID:
            opened.append(tag)
        elif not opened:
            return None
    return found if start == len(html) and not opened else None

"""A finished page made ready for paper: nothing runs, nothing is folded, and no link leads into somebody's disk."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from stocktake.render.escape.html import text

# Style sheets and pictures of the page itself; nothing else is read, and nothing from another host.
_POLICY = (
    '<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "style-src file: 'unsafe-inline'; img-src file: data:; font-src file: data:\">"
)
_HEAD = re.compile(r"<head\b[^>]*>")
_META = re.compile(r"<meta\b", re.IGNORECASE)
_LINK = re.compile(r"<a\b[^>]*>")
_TARGET = re.compile(r'\s(?:xlink:)?href="([^"]*)"')
_PART = re.compile(r'(<(?:link|img|source)\b[^>]*?\s(?:href|src)=")([^"]*)(")')
_FOLDED = re.compile(r"<details\b(?![^>]*\sopen\b)")
_ELSEWHERE = re.compile(r"https?:|mailto:|#", re.IGNORECASE)


def printed(page: str, place: str, address: str) -> str:
    """The HTML of a page as it is printed. `place` is where it lies, as a file URL; `address` where it will be on the
    web, "" where nobody said: then links to other pages of the site become plain words.
    """
    # One that sends the browser on to another file would print that file.
    stays = _META.sub("<x-meta", page)
    closed = _HEAD.sub(lambda found: found[0] + _POLICY, stays, count=1)
    whole = _PART.sub(lambda found: f"{found[1]}{text(urljoin(place, found[2]))}{found[3]}", closed)
    opened = _FOLDED.sub("<details open", whole)
    return _LINK.sub(lambda found: _TARGET.sub(lambda target: _led(target, address), found[0]), opened)


def _led(target: re.Match[str], address: str) -> str:
    if _ELSEWHERE.match(target[1]):
        return target[0]
    return f' href="{text(urljoin(address, target[1]))}"' if address else ""

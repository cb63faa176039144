"""SVG: XML text and attributes without the characters that XML has no way to hold."""

from __future__ import annotations

import re
from html import escape

from stocktake.values.text import shown

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_PLAIN = re.compile("[A-Za-z0-9 #(),./:;_-]*")  # as all coordinates are


def text(value: object) -> str:
    """The value for element content and quoted attributes alike."""
    written = str(value)
    if _PLAIN.fullmatch(written):
        return written
    return escape(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", shown(written)))

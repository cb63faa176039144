"""SVG: XML text and attributes without the characters that XML has no way to hold."""

from __future__ import annotations

import re
from html import escape

from stocktake.values.text import shown

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(value: object) -> str:
    """The value for element content and quoted attributes alike."""
    return escape(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", shown(str(value))))

"""PlantUML: strings in which every character that it could interpret is written by its code point."""

from __future__ import annotations

import re

from stocktake.values.text import shown

_SPECIAL = re.compile(r"[^\w .,:()-]|(?<=-)-|_", re.ASCII)


def quoted(text: object) -> str:
    """The text as a PlantUML string on one line."""
    plain = shown(" ".join(str(text).split()))
    return '"' + _SPECIAL.sub(lambda found: f"<U+{ord(found[0]):04X}>", plain) + '"'

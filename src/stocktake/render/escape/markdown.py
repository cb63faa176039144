"""Markdown as GitHub and GitLab read it: text in, text out that shows exactly that text."""

from __future__ import annotations

import re

from stocktake.values.text import shown

_ENTITIES = {character: f"&#{ord(character)};" for character in "\\`*_{}[]()<>#+-.!|~&:@$=^\"'/"}
_TABLE = str.maketrans(_ENTITIES)


def escape(text: object) -> str:
    """Plain text on one line: no emphasis, link, mention, HTML or table cell can start in it."""
    return shown(" ".join(str(text).split()) or " ").translate(_TABLE)


def code(text: object) -> str:
    """A code span; a backtick or a pipe in it neither ends the span nor the cell."""
    plain = shown(" ".join(str(text).split())).replace("|", "¦")
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", plain)), default=0))
    pad = " " if plain.startswith("`") or plain.endswith("`") or not plain else ""
    return f"{fence}{pad}{plain}{pad}{fence}"

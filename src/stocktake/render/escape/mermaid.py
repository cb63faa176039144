"""Mermaid: quoted labels with its own entities for whatever it would interpret."""

from __future__ import annotations

from stocktake.values.text import shown

_TABLE = str.maketrans({character: f"#{ord(character)};" for character in "#\"'<>&`;%{}[]()|\\"})


def quoted(text: object) -> str:
    """The text as a Mermaid label on one line."""
    return f'"{shown(" ".join(str(text).split())).translate(_TABLE)}"'

"""Mermaid: quoted labels with its own entities for whatever it would interpret."""

from __future__ import annotations

from stocktake.values.text import shown

_TABLE = str.maketrans({character: f"#{ord(character)};" for character in "#\"'<>&`;%{}[]()|\\"})


def quoted(text: object) -> str:
    """The text as a Mermaid label on one line."""
    return f'"{plain(text)}"'


def lines(*texts: object) -> str:
    """Several lines of text as one label."""
    return '"' + "<br/>".join(plain(text) for text in texts if text) + '"'


def plain(text: object) -> str:
    """The text where Mermaid takes no quotes, as in a sequence diagram."""
    return shown(" ".join(str(text).split())).translate(_TABLE)

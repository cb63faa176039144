"""Workflow commands of GitHub Actions: no message can start a second command."""

from __future__ import annotations

from stocktake.values.text import shown

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def command(name: str, message: str, **properties: object) -> str:
    """`::error file=a.yaml,line=3::message`; properties that are empty are left out."""
    pairs = [
        f"{key}={shown(str(value), multiline=True).translate(_PROPERTY)}" for key, value in properties.items() if value
    ]
    head = f"{name} {','.join(pairs)}" if pairs else name
    return f"::{head}::{shown(message, multiline=True).translate(_DATA)}"

"""Structurizr DSL: strings in which quotes, escapes and the names of constants are not interpreted."""

from __future__ import annotations

from stocktake.values.text import shown

# `${NAME}` would be replaced by a constant or an environment variable of whoever reads the file.
_TABLE = str.maketrans({"\\": "\\\\", '"': '\\"', "$": "\N{FULLWIDTH DOLLAR SIGN}"})


def quoted(text: object) -> str:
    """The text as a string on one line; a dollar sign becomes its full-width form."""
    return '"' + shown(" ".join(str(text).split())).translate(_TABLE) + '"'

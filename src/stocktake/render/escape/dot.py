"""DOT, Graphviz' language: quoted strings in which neither escapes nor entities of the text are interpreted."""

from __future__ import annotations

from functools import lru_cache

from stocktake.values.text import shown

_UNQUOTED = str.maketrans({"\\": "\\\\", "&": "&amp;", "<": "&lt;", ">": "&gt;"})
_LABEL = str.maketrans({"\\": "\\\\", '"': '\\"', "&": "&amp;", "<": "&lt;", ">": "&gt;"})


def quoted(text: object) -> str:
    """The text as a DOT string on one line."""
    return f'"{_inner(text)}"'


def lines(*texts: object) -> str:
    """Several lines of text as one DOT string, centred."""
    return '"' + "\\n".join(_inner(text) for text in texts if text) + '"'


def label(*texts: object) -> str:
    """Lines as a label for a library that quotes by itself: escapes and entities are neutral, quotes as they are."""
    return "\n".join(_plain(text).translate(_UNQUOTED) for text in texts if text)


def _inner(text: object) -> str:
    return _escaped(str(text))


@lru_cache(1 << 13)  # the same nodes stand in many pictures
def _escaped(text: str) -> str:
    return _plain(text).translate(_LABEL)


def _plain(text: object) -> str:
    return shown(" ".join(str(text).split()))

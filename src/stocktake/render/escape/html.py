"""HTML: plain text is always escaped, and only `Markup` passes as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import escape, unescape

from stocktake.values.text import shown

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_ALLOWED = frozenset({"http:", "https:", "mailto:"})
_UNSAFE_IN_URL = re.compile(r"[\x00-\x20\x7f-\xa0\\<>\"'`{}|^\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_TAG = re.compile(r"<[^>]*>")  # a bracket inside an attribute is always escaped
_BREAK = re.compile(r"<br>|</(?:p|li|div|tr|dd|dt)>")
_URLS = frozenset({"href", "src"})
_KEPT = 1 << 15  # texts whose escaped form is remembered: most words of a site stand in it again and again
_VOID = frozenset({"br", "hr", "img", "input", "col", "wbr"})


class Markup(str):
    """HTML that is safe as it stands."""

    __slots__ = ()


def text(value: object) -> Markup:
    """The value as HTML on one line: what is not Markup is escaped, and controls are shown as code points.

    A line never starts inside a value, so nothing in it is read as Markdown by the site builder.
    """
    return value if isinstance(value, Markup) else _escaped(str(value))


@lru_cache(_KEPT)
def _escaped(value: str) -> Markup:
    return Markup(escape(shown(value, multiline=True)).replace("\n", "&#10;").replace("\t", "&#9;"))


def plain(value: object) -> str:
    """What a reader sees of it: the text of Markup, and anything else as it is."""
    if not isinstance(value, Markup):
        return str(value)
    return unescape(_TAG.sub("", _BREAK.sub(" ", value.replace("\u200b", "")))).strip()


def join(parts: Iterable[object], between: str = "") -> Markup:
    """All parts behind each other, each escaped by its type; `between` is text too."""
    return Markup(text(between).join(_texts(parts)))


def _texts(parts: Iterable[object]) -> list[Markup]:
    # One by one without a call where nothing is to be done: a site has millions of them.
    return [part if isinstance(part, Markup) else _escaped(str(part)) for part in parts if part is not None]


def el(name: str, *children: object, **attributes: object) -> Markup:
    """An element. `class_` and `data_sort` name `class` and `data-sort`; None and False leave an attribute out."""
    opening = name
    for key, value in attributes.items():
        if value is not None and value is not False:
            opening += _attribute(key, value) if value.__class__ is str else _written(key, value)
    if name in _VOID:
        return Markup(f"<{opening}>")
    return Markup(f"<{opening}>{''.join(_texts(children))}</{name}>")


def _written(key: str, value: object) -> str:
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    if name in _URLS and safe_url(str(value)) is None:
        raise ValueError(f"not a safe {name}: {value!r}")
    return f' {name}="{text(value)}"'


_attribute = lru_cache(_KEPT)(_written)  # only for plain text: what is Markup equals it, and is written otherwise


def safe_url(url: str) -> str | None:
    """The URL if it is http(s), mailto or relative and holds nothing unusual, else None."""
    return url if _is_safe(str(url)) else None


@lru_cache(_KEPT)
def _is_safe(url: str) -> bool:
    if not url or _UNSAFE_IN_URL.search(url) or url.startswith("//"):
        return False
    scheme = _SCHEME.match(url)
    return scheme is None or scheme[0].lower() in _ALLOWED


def anchor(label: object, url: str, **attributes: object) -> Markup:
    """A link, or the bare label where the URL is not safe."""
    return text(label) if safe_url(url) is None else el("a", label, href=url, **attributes)

"""HTML: plain text is always escaped, and only `Markup` passes as it is."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape, unescape

from stocktake.values.text import shown

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_ALLOWED = frozenset({"http:", "https:", "mailto:"})
_UNSAFE_IN_URL = re.compile(r"[\x00-\x20\x7f-\xa0\\<>\"'`{}|^\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_TAG = re.compile(r"<[^>]*>")  # a bracket inside an attribute is always escaped
_BREAK = re.compile(r"<br>|</(?:p|li|div|tr|dd|dt)>")
_VOID = frozenset({"br", "hr", "img", "input", "col", "wbr"})


class Markup(str):
    """HTML that is safe as it stands."""

    __slots__ = ()


def text(value: object) -> Markup:
    """The value as HTML on one line: what is not Markup is escaped, and controls are shown as code points.

    A line never starts inside a value, so nothing in it is read as Markdown by the site builder.
    """
    if isinstance(value, Markup):
        return value
    return Markup(escape(shown(str(value), multiline=True)).replace("\n", "&#10;").replace("\t", "&#9;"))


def plain(value: object) -> str:
    """What a reader sees of it: the text of Markup, and anything else as it is."""
    if not isinstance(value, Markup):
        return str(value)
    return unescape(_TAG.sub("", _BREAK.sub(" ", value.replace("\u200b", "")))).strip()


def join(parts: Iterable[object], between: str = "") -> Markup:
    """All parts behind each other, each escaped by its type; `between` is text too."""
    return Markup(text(between).join(text(part) for part in parts if part is not None))


def el(name: str, *children: object, **attributes: object) -> Markup:
    """An element. `class_` and `data_sort` name `class` and `data-sort`; None and False leave an attribute out."""
    opening = [name]
    for key, value in attributes.items():
        if value is None or value is False:
            continue
        attribute = key.rstrip("_").replace("_", "-")
        if attribute in ("href", "src") and safe_url(str(value)) is None:
            raise ValueError(f"not a safe {attribute}: {value!r}")
        opening.append(attribute if value is True else f'{attribute}="{text(value)}"')
    inner = f"<{' '.join(opening)}>"
    return Markup(inner if name in _VOID else f"{inner}{join(children)}</{name}>")


def safe_url(url: str) -> str | None:
    """The URL if it is http(s), mailto or relative and holds nothing unusual, else None."""
    if not url or _UNSAFE_IN_URL.search(url) or url.startswith("//"):
        return None
    scheme = _SCHEME.match(url)
    return url if scheme is None or scheme[0].lower() in _ALLOWED else None


def anchor(label: object, url: str, **attributes: object) -> Markup:
    """A link, or the bare label where the URL is not safe."""
    return text(label) if safe_url(url) is None else el("a", label, href=url, **attributes)

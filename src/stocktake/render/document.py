"""One page of the site: front matter, an HTML title, and blocks that the site builder passes through as they are."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from stocktake.render.escape.html import Markup, el, text

Page = tuple[str, bytes]


class Heading(str):
    """A section title of ours, plain words only: as Markdown it comes into the table of contents."""

    __slots__ = ()


class Aside(Heading):
    """One whose section search leaves out: it tells again, in other words or from the other side, what is found
    elsewhere.
    """

    __slots__ = ()


def aside(blocks: Iterable[Markup | Heading]) -> Iterator[Markup | Heading]:
    """The same blocks, with every section left out of search."""
    return (Aside(block) if isinstance(block, Heading) else block for block in blocks)


def document(
    path: str,
    title: str,
    blocks: Iterable[Markup | Heading | None],
    edit: str = "",
    above: Markup | None = None,
    searched: bool = True,
    wide: bool = False,
    alone: bool = False,
    boost: float = 0,
) -> Page:
    """The page at `path` below docs; `edit` is where the file behind it is edited, `above` the line over its title.

    `wide` leaves out the table of contents, `alone` the navigation too.
    """
    meta: dict[str, object] = {"title": str(text(title))}
    if edit:
        meta["edit"] = edit
    if wide or alone:
        meta["hide"] = ["navigation", "toc"] if alone else ["toc"]
    if boost or not searched:
        meta["search"] = {"boost": boost} if boost else {"exclude": True}
    front = "".join(f"{key}: {_yaml(value)}\n" for key, value in meta.items())
    head = el("div", above, el("h1", title, data_search_exclude="yes"), class_="st-head", id="the-page")
    parts = [head, *(block for block in blocks if block)]
    body = "\n\n".join(map(_written, parts))
    return f"docs/{path}", f"---\n{front}---\n\n{body}\n".encode("utf-8", "backslashreplace")


def _written(part: Markup | Heading) -> str:
    if not isinstance(part, Heading):
        return part
    return f"## {part} {{ data-search-exclude }}" if isinstance(part, Aside) else f"## {part}"


def _yaml(value: object) -> str:
    """JSON is YAML as long as every unusual character is escaped the way YAML knows."""
    plain = json.dumps(value, ensure_ascii=False)
    return "".join(character if character.isprintable() else f"\\U{ord(character):08X}" for character in plain)

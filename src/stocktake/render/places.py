"""Environments and where each has its page."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import NamedTuple

from stocktake.model.sheet import Sheet
from stocktake.render.escape.html import Markup, anchor, text
from stocktake.render.live import running
from stocktake.render.view import View, href

FOLDER = "environment"
INDEX = f"{FOLDER}/index.md"
_USUAL = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")


class Place(NamedTuple):
    """An environment: what people call it, what it is for (both "" where nobody said), and what runs there."""

    id: str
    name: str
    description: str
    sheets: tuple[Sheet, ...]


def places(view: View) -> list[Place]:
    """The environments of the settings in their order, then those that only records or observations name."""
    found: dict[str, list[Sheet]] = {name: [] for name in view.estate.settings.environments}
    for record in view.estate.of("asset"):
        for sheet in running(view, record.address):
            if sheet.environment:
                found.setdefault(sheet.environment, []).append(sheet)
    for seen in view.estate.observations:
        if seen.environment:
            found.setdefault(seen.environment, [])
    named = view.estate.settings.environments
    order = [*named, *sorted(set(found) - set(named))]
    said = view.estate.settings.described
    return [Place(name, *said.get(name, ("", "")), tuple(found[name])) for name in order]


def has_pages(view: View) -> bool:
    """Whether there are pages of environments; a kind of that name has the folder first."""
    return FOLDER not in view.estate.kinds


def page_of(name: str) -> str:
    """The page of an environment; a name that is no usual one is told by a digest."""
    if _USUAL.fullmatch(name) and name != "index":
        return f"{FOLDER}/{name}.md"
    return f"{FOLDER}/_{blake2b(name.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}.md"


def link(view: View, here: str, name: str | None) -> Markup | None:
    """A link to an environment, as a table shows it."""
    if not name:
        return None
    return anchor(name, href(here, page_of(name))) if has_pages(view) else text(name)

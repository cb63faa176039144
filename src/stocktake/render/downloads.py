"""Links to the tables that lie beside a page, for spreadsheets."""

from __future__ import annotations

from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.view import View, href


def offer(view: View, here: str, start: str) -> Markup | None:
    """All tables whose paths below docs begin like this; none where none was made."""
    found = sorted(path for path in view.documents if path.startswith(start) and path.endswith(".csv"))
    if not found:
        return None
    named = sorted((path[len(start) :].removesuffix("csv").rstrip(".").replace(".", " "), path) for path in found)
    links = [anchor(name or "all rows", href(here, path), download=True) for name, path in named]
    return el("p", "As CSV: ", join(links, ", "), class_="st-muted")

"""Links to the tables that lie beside a page, for spreadsheets."""

from __future__ import annotations

from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.view import View, href


def offer(view: View, here: str, start: str) -> Markup | None:
    """All tables whose paths below docs begin like this; none where none was made."""
    found = sorted(path for path in view.documents if path.startswith(start) and path.endswith(".csv"))
    if not found:
        return None
    links = [anchor(path.rpartition("/")[2], href(here, path), download=True) for path in found]
    return el("p", "As a table: ", join(links, ", "), class_="st-muted")

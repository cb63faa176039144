"""Draw pictures: DOT texts in, SVG texts out, as few starts of `dot` as can be."""

from __future__ import annotations

import os
from collections.abc import Mapping

from stocktake.load.files import Tree
from stocktake.model.audit import Audit
from stocktake.render.architecture import architecture
from stocktake.render.pictures import dots
from stocktake.render.svg import embed_icons
from stocktake.run import is_there, run

BATCH = 200
NO_DOT = (
    "Graphviz is not installed, so pages show lists instead of pictures. "
    "Install it, for example with `apt-get install graphviz`."
)
NO_DIAGRAMS = (
    "The package `diagrams` is not installed, so there is no architecture picture. Install `stocktake[diagrams]`."
)


def pictures(audit: Audit) -> tuple[dict[str, str], list[str]]:
    """All pictures of a site by name, and notes on what could not be drawn."""
    if not is_there("dot"):
        return {}, [NO_DOT]
    drawn = draw(dots(audit))
    try:
        poster = architecture(audit)
    except ImportError:
        return drawn, [NO_DIAGRAMS]
    if poster is not None:
        icons = {path: Tree(os.path.dirname(path)).read(os.path.basename(path)) for path in poster.icons}
        drawn["architecture"] = embed_icons(draw({"architecture": poster.source})["architecture"], icons)
    return drawn, []


def draw(texts: Mapping[str, str]) -> dict[str, str]:
    """One SVG per DOT text; one start of `dot` draws many, since a start costs more than a small picture."""
    names = list(texts)
    drawn: dict[str, str] = {}
    for start in range(0, len(names), BATCH):
        batch = names[start : start + BATCH]
        output = run(["dot", "-Tsvg"], input="\n".join(texts[name] for name in batch).encode(), timeout=300).decode()
        documents = [f"<?xml{part}" for part in output.split("<?xml")[1:]]
        drawn.update(zip(batch, documents, strict=True))
    return drawn

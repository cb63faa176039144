"""What we add to the theme, as files of the package: a style sheet, scripts, three templates (a door for these)."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files as package

_FILES = {
    "docs/javascripts/map.js": "map.js",
    "docs/javascripts/stocktake.js": "stocktake.js",
    "docs/javascripts/told.js": "told.js",
    "docs/javascripts/vendor/cytoscape.min.js": "vendor/cytoscape.min.js",
    "docs/javascripts/vendor/elk.bundled.js": "vendor/elk.bundled.js",
    "docs/javascripts/vendor/elk.LICENSE.md.txt": "vendor/elk.LICENSE.md",
    "docs/javascripts/vendor/iframe-worker.LICENSE.md.txt": "vendor/iframe-worker.LICENSE.md",
    "docs/javascripts/vendor/iframe-worker.js": "vendor/iframe-worker.js",
    "docs/stylesheets/stocktake.css": "stocktake.css",
    "overrides/main.html": "main.html",
    "overrides/partials/actions.html": "actions.html",
    "overrides/partials/source.html": "source.html",
}


def files() -> Iterator[tuple[str, bytes]]:
    """(path below the build folder, content)."""
    for path, name in _FILES.items():
        yield path, package(__name__).joinpath(name).read_bytes()

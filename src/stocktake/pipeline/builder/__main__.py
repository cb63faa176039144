"""Build the site as `mkdocs build --strict` does, with a memory: `python -m stocktake.pipeline.builder FRESH SITE`.

With `--offline` as third word the site can be opened without a server, search included.
"""

from __future__ import annotations

import os
import sys

from mkdocs.__main__ import State
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig

from stocktake.pipeline.builder.kept import Memory, common
from stocktake.pipeline.builder.plugin import MemoryPlugin

# Search asks for a worker, which no browser starts from a file: the theme names a script that stands in for it, of
# another host unless one of this name is there already.
_WORKER = "javascripts/vendor/iframe-worker.js"


def main(fresh: str, site: str, *how: str) -> None:
    """Build into `fresh`; `site` holds what was built last. The repository is where we stand."""
    log = State()  # type: ignore[no-untyped-call]  # what MkDocs logs is shown as long as this lives
    config = load_config(strict=True, site_dir=fresh)
    if (shared := common(config)) is not None:
        root = os.path.dirname(config.config_file_path)
        config.plugins["stocktake/memory"] = MemoryPlugin(Memory(root, site), shared)
    if "--offline" in how:
        _without_server(config)
    config.plugins.on_startup(command="build", dirty=False)
    try:
        build(config)
    finally:
        config.plugins.on_shutdown()
        del log


def _without_server(config: MkDocsConfig) -> None:
    """As if mkdocs.yml named the plugin of the theme for it."""
    from material.plugins.offline.plugin import OfflinePlugin

    config.extra.setdefault("polyfills", []).append(_WORKER)
    if not any(name.rpartition("/")[2] == "offline" for name in config.plugins):
        plugin = OfflinePlugin()
        plugin.load_config({})
        config.plugins["stocktake/offline"] = plugin


if __name__ == "__main__":
    main(*sys.argv[1:])

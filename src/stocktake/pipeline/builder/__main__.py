"""Build the site as `mkdocs build --strict` does, with a memory: `python -m stocktake.pipeline.builder FOLDER`."""

from __future__ import annotations

import os
import sys

from mkdocs.__main__ import State
from mkdocs.commands.build import build
from mkdocs.config import load_config

from stocktake.pipeline.builder.kept import Memory, common
from stocktake.pipeline.builder.plugin import MemoryPlugin


def main(folder: str) -> None:
    """Build into `folder`; the repository is where we stand."""
    log = State()  # type: ignore[no-untyped-call]  # what MkDocs logs is shown as long as this lives
    config = load_config(strict=True, site_dir=folder)
    if (shared := common(config)) is not None:
        root = os.path.dirname(config.config_file_path)
        config.plugins["stocktake/memory"] = MemoryPlugin(Memory(root), shared)
    config.plugins.on_startup(command="build", dirty=False)
    try:
        build(config)
    finally:
        config.plugins.on_shutdown()
        del log


if __name__ == "__main__":
    main(sys.argv[1])

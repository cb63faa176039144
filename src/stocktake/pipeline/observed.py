"""The files under `observed/`: what every collector saw, and when it last looked."""

from __future__ import annotations

import os
from collections.abc import Iterable

from stocktake import write
from stocktake.load import observations
from stocktake.load.files import Tree
from stocktake.model.observation import Observation

Files = list[tuple[str, bytes]]


def observed_files(every: Iterable[Observation]) -> Files:
    """All observations as files, and the one that says when each source was last looked at."""
    every = tuple(every)
    files = [
        (f"{observations.FOLDER}/{one.source}.json", observations.text(observations.to_data(one))) for one in every
    ]
    looked = {one.source: one.looked for one in every if one.looked}
    return [*files, (observations.LOOKED, observations.looked_text(looked))]


def keep(tree: Tree, files: Files) -> None:
    """Write the files, and remove observations of sources that are gone."""
    named = {path for path, _ in files}
    write.write_all(tree.root, files)
    for name in tree.names(observations.FOLDER):
        path = f"{observations.FOLDER}/{name}"
        if name.endswith(".json") and path not in named:
            write.remove(os.path.join(tree.root, path))

"""The files under `observed/`: what every collector saw, and when it last looked."""

from __future__ import annotations

import os
from collections.abc import Iterable

from stocktake import write
from stocktake.load import observations
from stocktake.load.files import Tree, schema_folder
from stocktake.load.schemas import Schemas, read_schemas
from stocktake.model.observation import Observation

Files = list[tuple[str, bytes]]


def observed_files(every: Iterable[Observation]) -> Files:
    """All observations as files, and the one that says when each source was last looked at."""
    every, schemas = tuple(every), read_schemas(Tree(schema_folder()))
    files = [_file(one, schemas) for one in every]
    looked = {one.source: one.looked for one in every if one.looked}
    return [*files, (observations.LOOKED, observations.looked_text(looked))]


def _file(seen: Observation, schemas: Schemas) -> tuple[str, bytes]:
    """An observation as its file; one that could not be read again is a mistake of ours, and is never written."""
    path, data = f"{observations.FOLDER}/{seen.source}.json", observations.to_data(seen)
    if fault := observations.fault(data, schemas):
        raise AssertionError(f"{path} would be wrong: {fault}")
    return path, observations.text(data)


def keep(tree: Tree, files: Files) -> None:
    """Write the files, and remove observations of sources that are gone."""
    named = {path for path, _ in files}
    write.write_all(tree.root, files)
    for name in tree.names(observations.FOLDER):
        path = f"{observations.FOLDER}/{name}"
        if name.endswith(".json") and path not in named:
            write.remove(os.path.join(tree.root, path))

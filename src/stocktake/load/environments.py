"""The environments that `stocktake.yaml` names, read alone: a check of one file needs nothing else of it."""

from __future__ import annotations

from stocktake.errors import InputError
from stocktake.load import yaml
from stocktake.load.files import Tree

FILE = "stocktake.yaml"


def read_environments(tree: Tree) -> tuple[str, ...] | None:
    """The environments that the file names, whatever else is wrong with it; None where it cannot be read."""
    try:
        data, _ = yaml.parse(tree.read(FILE, yaml.SIZE_AT_MOST), FILE)
    except InputError:
        return None
    named = data.get("environments", {}) if isinstance(data, dict) else None
    return tuple(named) if isinstance(named, dict) else None

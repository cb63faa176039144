"""Env files that a Compose file names and nobody could read: what they set is not known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from stocktake.discover import places
from stocktake.discover.claims import Composition, Configuration
from stocktake.discover.interpolate import interpolate
from stocktake.discover.projects import env_file, variables
from stocktake.discover.scanners import env
from stocktake.model.observation import Unreadable

_OUTSIDE = "lies outside of what is looked at"
_ODD = "is not named like an env file, and is not read"
_ABSENT = "is not there"


def unread(compositions: Iterable[Composition], configurations: Mapping[str, Configuration]) -> Iterator[Unreadable]:
    """Each that a service needs; a sample stands in for what is kept out of the tree."""
    for composition in compositions:
        folder = places.folder(composition.path)
        values = variables(folder, configurations)
        for needed in {file.path: file for file in reversed(composition.env_files)}.values():
            path = places.resolve(folder, interpolate(needed.path, values))
            if path is None or not env_file(path, configurations):
                why = _OUTSIDE if path is None else _ABSENT if env.wants(path) else _ODD
                message = f"the env file {needed.path} {why}"
                yield Unreadable(composition.path, needed.evidence.line, message)


def is_known_to_be_absent(problem: Unreadable) -> bool:
    """Whether nothing of the tree itself was left out."""
    return problem.message.endswith(_ABSENT) and problem.message.startswith("the env file ")

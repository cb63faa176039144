"""The releases in which the scaffold changed, oldest first, and what each of them moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from stocktake.values.version import compare


class Release(NamedTuple):
    """A version of Stocktake; `moved` are the templates that have another path since, by the path of before."""

    version: str
    moved: Mapping[str, str] = {}


RELEASES: tuple[Release, ...] = (Release("0.1.0"),)


def since(version: str, releases: tuple[Release, ...]) -> tuple[Release, ...]:
    """The releases after a version."""
    return tuple(one for one in releases if compare(one.version, version) == 1)


def moves(releases: tuple[Release, ...]) -> dict[str, str]:
    """Where each template of before is now, also where it moved more than once."""
    found: dict[str, str] = {}
    for release in releases:
        for old, new in release.moved.items():
            found = {start: new if end == old else end for start, end in found.items()} | {old: new}
    return found

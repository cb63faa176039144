"""What happened to the files of a registry, as Git tells it: nouns without knowledge of Git."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import NamedTuple

from stocktake.model.ledger import Entry

ADDED, CHANGED, REMOVED, RENAMED = "added", "changed", "removed", "renamed"


class Deed(NamedTuple):
    """A commit: who wrote it, when (seconds since 1970, UTC), and its subject line. `claimed` are those who approved it
    as its trailers say, and `request` is the pull request as a message of Git says: nobody has verified either.
    """

    commit: str
    author: str
    time: int
    subject: str
    claimed: tuple[str, ...] = ()
    request: str = ""


class Edit(NamedTuple):
    """A fact before and after, as text; empty where it was not there."""

    field: str
    before: str
    after: str


class Touch(NamedTuple):
    """What a commit did to a file. `address` is the record as it is called now, empty where it is none or is gone;
    `was` is where it lay before; `more` counts edits that are not among `edits`.
    """

    deed: Deed
    path: str
    address: str
    what: str
    was: str = ""
    edits: tuple[Edit, ...] = ()
    more: int = 0


class Chronicle:
    """Touches, newest first. `told` says why there are none, or why older ones are missing. `signatures` are the
    approvals that are kept, verified, by the path of the file.
    """

    def __init__(self, touches: tuple[Touch, ...] = (), told: str = "", signatures: Mapping[str, Entry] | None = None):
        self.touches = touches
        self.told = told
        self.signatures: Mapping[str, Entry] = signatures or {}

    @cached_property
    def by_address(self) -> Mapping[str, list[Touch]]:
        """The touches of each record that is there, newest first."""
        found: dict[str, list[Touch]] = {}
        for touch in self.touches:
            if touch.address:
                found.setdefault(touch.address, []).append(touch)
        return found

    def hands(self, address: str) -> list[tuple[str, int]]:
        """Who touched a record how often, most often first."""
        counts: dict[str, int] = {}
        for touch in self.by_address.get(address, ()):
            counts[touch.deed.author] = counts.get(touch.deed.author, 0) + 1
        return sorted(counts.items(), key=lambda one: (-one[1], one[0]))

"""How an estate was at some of its revisions: the figures of each, and why there may be few of them."""

from __future__ import annotations

from typing import NamedTuple


class Moment(NamedTuple):
    """A revision: its commit and when it was made, in seconds since 1970."""

    commit: str
    time: int


class Figures(NamedTuple):
    """What was counted at one revision, as of the day of its commit.

    `critical` to `info` are findings, those on the list of known ones too. `questions` are those that apply, `answered`
    those that are not unknown. `seen` are the `assets` that a machine saw lately, `drilled` the backup `plans` with a
    passed drill that still counts. `unread` are record files that today's schemas refuse: nothing of them is counted.
    """

    critical: int = 0
    high: int = 0
    medium: int = 0
    low: int = 0
    info: int = 0
    waived: int = 0
    questions: int = 0
    answered: int = 0
    assets: int = 0
    seen: int = 0
    plans: int = 0
    drilled: int = 0
    records: int = 0
    unread: int = 0

    @property
    def open(self) -> int:
        """All findings."""
        return self.critical + self.high + self.medium + self.low + self.info


class Point(NamedTuple):
    """The figures of one revision; `commit` is empty for the state that is shown now."""

    day: str
    time: int
    commit: str
    figures: Figures


class Trend(NamedTuple):
    """Points from old to new, the state shown now last, of `revisions` that there are; `told` says why there are no
    older ones.
    """

    points: tuple[Point, ...] = ()
    revisions: int = 0
    told: str = ""

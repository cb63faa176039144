"""A repository as it was on another day: its files from Git, and its rules as they are now."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from stocktake.history.at import moment
from stocktake.load.files import Tree
from stocktake.load.held import Held


class Then(NamedTuple):
    """The files at a commit, and the day as at which they are judged."""

    tree: Tree
    commit: str
    day: date


def then(here: Tree, said: str, today: date | None = None) -> Then:
    """The repository as `said` has it, a day or a revision; judged as at `today`, else as at that day or the day of
    the commit. Rules of the repository's own are those that lie there now: nothing that was committed once is run.

    Raises UsageError where there is nothing of the kind.
    """
    found = moment(here.root, said)
    sizes = {path: size for path, (_, size) in found.files.items()}
    is_day = len(said) == 10 and said == _iso(said)
    return Then(
        Held(sizes, found.read, here), found.commit, today or (date.fromisoformat(said) if is_day else found.day)
    )


def _iso(said: str) -> str:
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError:
        return ""

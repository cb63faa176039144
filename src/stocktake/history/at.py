"""A door: the files of a repository as they were on a day or at a revision, read without a checkout."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple

from stocktake.errors import UsageError
from stocktake.history.approvals import Approvals
from stocktake.history.repository import is_partial, required
from stocktake.values.text import shown

if TYPE_CHECKING:
    from git import Repo

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DEEPEN = "`git fetch --unshallow` gets what is missing; in a workflow, check out with `fetch-depth: 0`."


class Moment(NamedTuple):
    """A commit, its day, and its files: their names in Git and their sizes, by path."""

    commit: str
    day: date
    files: Mapping[str, tuple[str, int]]
    contents: Contents

    def read(self, path: str) -> bytes:
        """The content of a file that is there."""
        return self.contents.read(self.files[path][0])


class Contents:
    """Reads contents by their names in Git; each process asks a Git of its own, since two cannot share one."""

    __slots__ = ("_folder", "_opened")

    def __init__(self, folder: str):
        self._folder = folder
        self._opened: tuple[int, Approvals] | None = None

    def read(self, name: str) -> bytes:
        """The content of a file by its name."""
        if self._opened is None or self._opened[0] != os.getpid():
            self._opened = (os.getpid(), Approvals(_repository(self._folder), self._folder))
        return self._opened[1].read(name)


def moment(folder: str, said: str) -> Moment:
    """The last commit of the branch on a day (`2026-06-30`), or what a name of a revision means.

    Raises UsageError where there is none, or the folder is not in Git.
    """
    repository = _repository(folder)
    asked = Approvals(repository, folder)
    if is_partial(repository):
        raise UsageError("This is a partial clone, and what files held is not here", "Clone the whole repository.")
    commit = _on(repository, asked, _parsed(said)) if _DAY.fullmatch(said) else asked.commit(said)
    time = int(repository.git.log("-1", "--no-show-signature", "--format=%ct", commit, "--"))
    return Moment(commit, datetime.fromtimestamp(time, UTC).date(), asked.files(commit), Contents(folder))


def _parsed(said: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise UsageError(f'--at "{said}" is not a day', "Write it as 2026-01-31, or name a revision.") from None


def _on(repository: Repo, asked: Approvals, day: date) -> str:
    """The last commit of the branch by the end of a day, in UTC."""
    head = asked.commit("HEAD")
    until = f"--before={day.isoformat()} 23:59:59 +0000"
    found: str = repository.git.rev_list("-1", "--first-parent", until, head, "--")
    if not found:
        hint = f"This is a shallow clone. {_DEEPEN}" if asked.is_shallow() else "`git log --reverse` shows the first."
        raise UsageError(f"Nothing was committed by {shown(day.isoformat())}", hint)
    return found


def _repository(folder: str) -> Repo:
    return required(folder, "What was there on another day stands in its history.")

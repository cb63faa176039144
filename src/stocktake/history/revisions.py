"""A door: the revisions that changed some folders, and the files of each, read from Git without a checkout."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple

from stocktake.history.repository import is_partial, is_shallow, opened, prefix
from stocktake.model.trend import Moment

if TYPE_CHECKING:
    from git import Repo

_FILES = ("100644", "100755")
_LATEST = 253_402_214_400  # 9999-12-31


class Blob(NamedTuple):
    """The content of a file: its name in Git, and its size in bytes."""

    name: str
    size: int


class Past:
    """The history of the branch that is checked out, as far as it changed `paths` below `folder`.

    `is_shallow` is whether older revisions were cut off; `is_partial` whether contents were left where they came from,
    so that reading them would need the network.
    """

    __slots__ = ("_paths", "_prefix", "_repository", "is_partial", "is_shallow")

    def __init__(self, repository: Repo, folder: str, paths: Iterable[str]):
        self._repository = repository
        self._prefix = prefix(repository, folder)
        self._paths = [f"{self._prefix}{path}" for path in paths]
        self.is_shallow = is_shallow(repository)
        self.is_partial = is_partial(repository)

    def revisions(self, last: str = "HEAD") -> tuple[Moment, ...]:
        """Up to `last` along the first parents: what the branch was, not what others worked on; oldest first."""
        if self.is_partial or not self._repository.head.is_valid():  # nothing was committed yet
            return ()
        asked = [f":(top,literal){path}" for path in self._paths]
        options = ["--first-parent", "--no-show-signature", "--no-color", "--format=%H %ct"]
        found: list[Moment] = []
        for line in self._repository.git.log(*options, last, "--", *asked).splitlines():
            commit, _, time = line.partition(" ")
            latest = found[-1].time if found else _LATEST
            found.append(Moment(commit, max(0, min(int(time), latest))))  # no clock runs backwards
        return tuple(found[::-1])

    def files(self, commit: str) -> Mapping[str, Blob]:
        """The regular files below the paths at a revision; links and submodules are left out."""
        options = ["-r", "-l", "-z", "--full-tree", "--end-of-options", commit]
        found = {}
        with self._repository.git.custom_environment(GIT_LITERAL_PATHSPECS="1"):
            output = self._repository.git.ls_tree(*options, "--", *self._paths, strip_newline_in_stdout=False)
        for entry in output.split("\x00"):
            about, _, path = entry.partition("\t")
            if about[:6] in _FILES:
                _, _, name, size = about.split()
                found[path.removeprefix(self._prefix)] = Blob(name, int(size))
        return found

    def read(self, blob: Blob) -> bytes:
        """The whole content of a file."""
        content: bytes = self._repository.git.get_object_data(blob.name)[3]
        return content


def past(folder: str, paths: Iterable[str]) -> AbstractContextManager[Past | None]:
    """The history around a folder; None outside of Git and before the first commit."""
    return opened(folder, lambda found: Past(found, folder, paths) if found.working_tree_dir else None)

"""A door: who changed which file last, in one pass over the history."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from stocktake.history.repository import is_shallow, opened, prefix
from stocktake.model.estate import Change

if TYPE_CHECKING:
    from git import Repo

# One commit: hash, author, time, subject; then pairs of status and path. All end with NUL, which no text of Git holds.
_FORMAT = "--format=%H%x00%an%x00%at%x00%s"
_STATUS_AT_MOST = 16  # one letter for each parent; a hash is longer


class History(NamedTuple):
    """The last change by path (relative to the folder asked about), the commit shown and its day; all empty outside
    Git. Where the clone is shallow, a change may be older than it seems.
    """

    changes: dict[str, Change]
    commit: str = ""
    committed: str = ""
    time: int = 0
    is_shallow: bool = False


def history(folder: str, paths: Iterable[str], revision: str = "HEAD") -> History:
    """The last change of every file below `paths` in the repository around `folder`, up to a revision; empty where
    there is no Git or no commit.
    """
    with opened(folder, lambda repository: _read(repository, folder, paths, revision)) as found:
        return found or History({})


def _read(repository: Repo, folder: str, paths: Iterable[str], revision: str) -> History:
    head = repository.head.commit if revision == "HEAD" else repository.commit(revision)
    inside = prefix(repository, folder)
    wanted = [f":(top,literal){inside}{path}" for path in paths]
    options = [
        "-c",  # of a merge, the files that differ from both sides
        "--no-renames",
        "--encoding=UTF-8",
        "--no-show-signature",
        "--no-color",
        "--name-status",
        "-z",
        _FORMAT,
        head.hexsha,
        "--",
        *wanted,
    ]
    output = repository.git.log(*options, strip_newline_in_stdout=False)
    committed = datetime.fromtimestamp(head.committed_date, UTC).date().isoformat()
    found = _parse(output, inside)
    return History(found, head.hexsha, committed, head.committed_date, is_shallow(repository))


def _parse(output: str, prefix: str) -> dict[str, Change]:
    """The first, so newest, change of each path."""
    found: dict[str, Change] = {}
    change = None
    parts = iter(output.split("\x00"))
    for part in parts:
        mark = part.lstrip("\n")
        if len(mark) > _STATUS_AT_MOST:
            author, time, subject = next(parts), next(parts), next(parts)
            change = Change(_text(author), int(time), mark, _text(subject))
        elif mark and change:
            found.setdefault(next(parts).removeprefix(prefix), change)
    return found


def _text(text: str) -> str:
    """Text that can be written again; GitPython keeps bytes that are no UTF-8 as half characters."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")

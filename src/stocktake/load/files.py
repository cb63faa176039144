"""A door: read the files of a repository, never outside it, never anything but regular files."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator

from stocktake.errors import InputError, Problem, UsageError

READ_AT_MOST = 64_000_000
TOLD_AT_MOST = 100
LEAVES = "is a link that leaves the repository"
_NOT_REGULAR = "is not a regular file"


def told(problems: list[Problem]) -> list[Problem]:
    """The problems of one file, not more than somebody reads before mending the first."""
    if len(problems) <= TOLD_AT_MOST:
        return problems
    last = problems[TOLD_AT_MOST]
    more = Problem(last.path, last.line, last.column, "", f"here and below, more than {TOLD_AT_MOST} mistakes")
    return [*problems[:TOLD_AT_MOST], more._replace(hint="Mend those above first.")]


def flawed(path: str, flaw: str) -> Problem:
    """A file that is not read, and why."""
    return Problem(path, 0, 0, "", flaw, "" if flaw.startswith("cannot") else "Put the file itself here.")


class Tree:
    """The files below `root`; all paths are relative to it, with slashes."""

    __slots__ = ("_inside", "_real", "root")

    def __init__(self, root: str):
        self.root = os.path.abspath(root)
        self._real = os.path.realpath(root)
        self._inside: dict[str, bool] = {}

    @property
    def home(self) -> Tree:
        """Where the rules lie that may be run."""
        return self

    def read(self, path: str, at_most: int = READ_AT_MOST) -> bytes:
        """The content of a file; one byte more than `at_most` is read where it is larger, so that the caller can tell.

        Raises InputError where it cannot be read, is no regular file, or is a link that leaves the tree.
        """
        full = f"{self.root}/{path}" if path[:1] != "/" else path
        try:
            descriptor, is_link = _open(full)
        except OSError as error:
            raise InputError([flawed(path, f"cannot be read: {error.strerror}")]) from None
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise InputError([flawed(path, _NOT_REGULAR)])
            if self._leaves(full) if is_link else not self._holds(full.rpartition("/")[0]):
                raise InputError([flawed(path, LEAVES)])
            return _read(descriptor, min(status.st_size, at_most) + 1)
        finally:
            os.close(descriptor)

    def _holds(self, folder: str) -> bool:
        """Whether a folder is really inside; remembered, since asking for each file takes longer than reading it."""
        found = self._inside.get(folder)
        if found is None:
            found = self._inside[folder] = not self._leaves(folder)
        return found

    def _leaves(self, full: str) -> bool:
        real = os.path.realpath(full)
        return not (real == self._real or real.startswith(self._real + os.sep))

    def folder(self, path: str) -> str | None:
        """The full path of a folder of the tree; None where it leads out of it."""
        full = os.path.join(self.root, path)
        return None if self._leaves(full) else full

    def has(self, path: str) -> bool:
        """Whether a file or folder is there."""
        return os.path.lexists(os.path.join(self.root, path))

    def has_folder(self, path: str) -> bool:
        """Whether a folder is there."""
        return os.path.isdir(os.path.join(self.root, path))

    def stamp(self, path: str) -> int:
        """A number that changes when the file does; 0 where it is not there."""
        try:
            return os.stat(os.path.join(self.root, path)).st_mtime_ns
        except OSError:
            return 0

    def mode(self, path: str) -> int | None:
        """What a file or link itself is, and who may do what with it; None where nothing is there."""
        try:
            return os.lstat(os.path.join(self.root, path)).st_mode
        except (FileNotFoundError, NotADirectoryError):
            return None

    def names(self, folder: str) -> list[str]:
        """The names directly in a folder, sorted; none where it is not there."""
        try:
            return sorted(os.listdir(os.path.join(self.root, folder)))
        except (FileNotFoundError, NotADirectoryError):
            return []

    def walk(self, folder: str) -> Iterator[tuple[str, str]]:
        """All (path, flaw) below a folder, sorted, hidden ones left out; `flaw` is empty for regular files inside the
        tree.
        """
        full = os.path.join(self.root, folder)
        if os.path.islink(full) and self._leaves(full):
            yield folder, LEAVES
            return
        try:
            entries = sorted(os.scandir(full), key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            yield folder, f"cannot be read: {error.strerror}"
            return
        for entry in entries:
            if entry.name.startswith("."):
                continue
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_symlink():
                yield path, self._linked(entry.path)
            elif entry.is_dir(follow_symlinks=False):
                yield from self.walk(path)
            else:
                yield path, "" if entry.is_file(follow_symlinks=False) else _NOT_REGULAR

    def flaw(self, path: str) -> str:
        """What `walk` says of a file; empty where it may be read, or is not there."""
        full = os.path.join(self.root, path)
        if os.path.islink(full):
            return self._linked(full)
        return "" if os.path.isfile(full) or os.path.isdir(full) or not os.path.exists(full) else _NOT_REGULAR

    def _linked(self, full: str) -> str:
        if self._leaves(full):
            return LEAVES
        if not os.path.exists(full):
            return "is a link that leads back to itself" if _is_circle(full) else "is a link to nothing"
        if os.path.isdir(full):
            return "is a link to a folder"
        return "" if os.path.isfile(full) else _NOT_REGULAR


_PLAIN = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
_NO_LINK = _PLAIN | os.O_NOFOLLOW


def _is_circle(full: str) -> bool:
    try:
        os.stat(full)
    except OSError as error:
        return error.errno == errno.ELOOP
    return False


def _open(full: str) -> tuple[int, bool]:
    """An open file, and whether its name is a link."""
    try:
        return os.open(full, _NO_LINK), False
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
        return os.open(full, _PLAIN), True


def _read(descriptor: int, size: int) -> bytes:
    """At most so many bytes; fewer than were asked for are all there are, since it is a regular file."""
    step = min(size, 1 << 20)
    chunk = os.read(descriptor, step)
    if len(chunk) < step or step == size:
        return chunk
    chunks = []
    while chunk and size > 0:
        chunks.append(chunk)
        size -= len(chunk)
        chunk = os.read(descriptor, min(size, 1 << 20)) if size else b""
    return b"".join(chunks)


def repository(start: str) -> str | None:
    """The nearest folder at or above `start` that holds a `stocktake.yaml`, or None."""
    folder = os.path.abspath(start)
    while not os.path.exists(os.path.join(folder, "stocktake.yaml")):
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return folder


def real(path: str) -> str:
    """Where a path leads when every link on the way is followed."""
    return os.path.realpath(path)


def is_folder(path: str) -> bool:
    """Whether a folder is there."""
    return os.path.isdir(path)


def private(folder: str) -> bool:
    """Whether a folder is really one, is ours, and nobody else may write into it."""
    try:
        status = os.lstat(folder)
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and status.st_uid == os.getuid() and not status.st_mode & 0o022


def find(start: str) -> Tree:
    """The repository around a folder.

    Raises UsageError where there is none.
    """
    root = repository(start)
    if root is None:
        hint = "Run `stocktake init DIR` to make a repository, or change into one."
        raise UsageError("There is no stocktake.yaml here or above", hint)
    return Tree(root)


def schema_folder() -> str:
    """Where the built-in schemas are: in the installed package, or in the checkout that the package is run from."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    installed = os.path.join(package, "schemas")
    return installed if os.path.isdir(installed) else os.path.join(os.path.dirname(os.path.dirname(package)), "schemas")

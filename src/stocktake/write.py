"""The door for writing: a file appears whole or not at all, or, in check mode, is only compared."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from stocktake.errors import InputError, Problem, UsageError

# The name of a file that is being written: the process that writes it, and a number.
LEFTOVER = re.compile(r"\.stocktake-(\d+)-\d+\.tmp")
_numbers = itertools.count()


def write(path: str, content: bytes, *, executable: bool = False, durable: bool = True) -> bool:
    """Put `content` at `path`, making its folders; False if it stood there already.

    `durable` waits for the disk, so that the file survives a power cut too: leave it out for what can be built again.
    """
    _prepare(os.path.dirname(path) or ".")
    return _put(path, content, executable, durable)


def write_all(
    root: str,
    files: Iterable[tuple[str, bytes] | tuple[str, bytes, bool]],
    *,
    check: bool = False,
    prune: bool = False,
    durable: bool = True,
    beside: Iterable[str] = (),
) -> list[str]:
    """Write (path, bytes) or (path, bytes, executable) below `root` and say, sorted, which differed.

    `check` touches nothing; `prune` also removes the files below `root` that were not named, here or in `beside`.
    """
    changed: list[str] = []
    named = set(beside)
    folders: set[str] = set()
    for path, content, *rest in files:
        if (folder := os.path.dirname(path)) not in folders:
            _refuse_outside(root, folder)
            folders.add(folder)
            if not check:
                _prepare(os.path.join(root, folder))
        named.add(path)
        target, executable = os.path.join(root, path), any(rest)
        if _differs(target, content, executable) if check else _put(target, content, executable, durable):
            changed.append(path)
    surplus = [path for path in _files(root) if path not in named] if prune else []
    if not check:
        _remove(root, surplus)
    return sorted([*changed, *surplus])


def make_private(folder: str) -> None:
    """Make a folder that nobody else may look into; one that is there stays as it is."""
    with _telling(folder):
        os.makedirs(os.path.dirname(folder), exist_ok=True)
        if not os.path.lexists(folder):
            os.mkdir(folder, 0o700)


@contextmanager
def kept_for_a_moment(files: Iterable[tuple[str, bytes]]) -> Iterator[str]:
    """A folder with these files that nobody else may look into, for a program that reads them; then it is gone."""
    import tempfile

    with tempfile.TemporaryDirectory(prefix="stocktake-", ignore_cleanup_errors=True) as folder:
        for name, content in files:
            with open(os.path.join(folder, name), "xb") as file:
                file.write(content)
        yield folder


class Scratch:
    """Bytes that are kept outside of memory while the process lives, in a file without a name."""

    __slots__ = ("_file", "_size")

    def __init__(self) -> None:
        import tempfile  # which a check of few records need not import

        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (it lives as long as we do)
        self._size = 0

    def __del__(self) -> None:
        self._file.close()

    def put(self, content: bytes) -> int:
        """Keep it; where it begins."""
        start = self._size
        left = memoryview(content)
        while left:
            left = left[self._file.write(left) :]
        self._size += len(content)
        return start

    def get(self, start: int, size: int) -> bytes:
        """A part again, in this process or in one forked from it."""
        return os.pread(self._file.fileno(), size, start)


def remove(path: str) -> None:
    """Take one file away."""
    with _telling(path):
        os.remove(path)


def replace_folder(fresh: str, place: str) -> None:
    """Put a finished folder where an older one stands; what a killed run left of the older one goes too."""
    old = f"{place}.old"
    shutil.rmtree(old, ignore_errors=True)
    with _telling(place):
        if os.path.lexists(place):
            os.rename(place, old)
        os.rename(fresh, place)
    shutil.rmtree(old, ignore_errors=True)


def _put(path: str, content: bytes, executable: bool, durable: bool) -> bool:
    if not _differs(path, content, executable):
        return False
    with _telling(path):
        _replace(path, content, executable, durable)
    return True


@contextmanager
def _telling(path: str) -> Iterator[None]:
    """What the system refuses, a full disk for example, is not our mistake."""
    try:
        yield
    except OSError as error:
        raise InputError([Problem(path, 0, 0, "", f"cannot be written: {error.strerror}")]) from None


def _replace(path: str, content: bytes, executable: bool, durable: bool) -> None:
    temporary = os.path.join(os.path.dirname(path), f".stocktake-{os.getpid()}-{next(_numbers)}.tmp")
    try:
        with open(temporary, "xb") as file:
            file.write(content)
            if executable:
                mode = os.fstat(file.fileno()).st_mode
                os.fchmod(file.fileno(), stat.S_IMODE(mode | (mode & 0o444) >> 2))
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        if os.path.lexists(temporary):
            os.remove(temporary)
        raise


def _differs(path: str, content: bytes, executable: bool) -> bool:
    try:
        found = os.lstat(path)
        if not stat.S_ISREG(found.st_mode) or found.st_size != len(content):
            return True
        if executable and not found.st_mode & 0o100:
            return True
        with open(path, "rb") as file:
            return file.read() != content
    except (FileNotFoundError, NotADirectoryError):
        return True


def _refuse_outside(root: str, folder: str) -> None:
    """A folder must lie below the root, also where one on the way is a symlink."""
    top, real = os.path.realpath(root), os.path.realpath(os.path.join(root, folder))
    if ".." in folder.split("/") or os.path.commonpath([top, real]) != top:
        raise UsageError(f"{folder!r} leaves the folder that is written to")


def _prepare(folder: str) -> None:
    """Make the folder, and take away what a killed run left in it; files of a run that still lives stay."""
    with _telling(folder):
        os.makedirs(folder, exist_ok=True)
        for name in os.listdir(folder):
            if (match := LEFTOVER.fullmatch(name)) and not _lives(int(match[1])):
                os.remove(os.path.join(folder, name))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


def _files(root: str) -> Iterator[str]:
    for folder, _, names in os.walk(root):
        for name in names:
            yield os.path.relpath(os.path.join(folder, name), root)


def _remove(root: str, paths: Iterable[str]) -> None:
    for path in paths:
        with _telling(path):
            os.remove(os.path.join(root, path))
            folder = os.path.dirname(path)
            while folder and not os.listdir(os.path.join(root, folder)):
                os.rmdir(os.path.join(root, folder))
                folder = os.path.dirname(folder)

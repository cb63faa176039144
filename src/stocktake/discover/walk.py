"""A door: the files of a tree as text, in a fixed order, without leaving the tree or running anything in it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase

from stocktake.model.observation import Unreadable

LARGEST = 1_000_000
_JUNK = (
    ".cache .eggs .git .gradle .hg .idea .mypy_cache .next .nuxt .pnpm-store .pytest_cache .ruff_cache .svn "
    ".terraform .tox .venv "
    ".yarn __pycache__ bower_components build dist node_modules site-packages target third_party vendor venv"
)
JUNK = frozenset(_JUNK.split())


def walk(
    root: str, exclude: tuple[str, ...] = (), wanted: Callable[[str], bool] = lambda path: True
) -> Iterator[tuple[str, str] | Unreadable]:
    """(path below `root`, text) of every `wanted` file, sorted; what cannot be read as text is told in its place.

    Links are not followed; devices, pipes and binary files are passed over. `exclude` holds folders or patterns.
    """
    folders = [""]
    while folders:
        folder = folders.pop()
        below = []
        for entry in _entries(root, folder):
            if not _can_be_told(entry.name):
                yield Unreadable(_told(folder + entry.name), 0, "the name is not UTF-8")
                continue
            path = folder + entry.name
            if _excluded(path, exclude) or entry.is_symlink():
                continue
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in JUNK:
                    below.append(path + "/")
            elif wanted(path) and ".min." not in entry.name:
                found = _text(entry.path, path)
                if found is not None:
                    yield found
        folders.extend(reversed(below))


def _entries(root: str, folder: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(os.path.join(root, folder)) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        if not folder:
            raise
        return []


def _text(full: str, path: str) -> tuple[str, str] | Unreadable | None:
    """The text of a regular file; None for what is no text at all."""
    try:
        handle = os.open(full, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        return Unreadable(path, 0, error.strerror or "cannot be opened")
    with open(handle, "rb") as file:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            return None
        data = file.read(LARGEST + 1)
    if b"\0" in data[:8192]:
        return None
    if len(data) > LARGEST:
        return Unreadable(path, 0, f"larger than {LARGEST:,} bytes")
    try:
        return path, data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        return Unreadable(path, data.count(b"\n", 0, error.start) + 1, "not UTF-8")


def _excluded(path: str, exclude: tuple[str, ...]) -> bool:
    return any(path == pattern.strip("/") or fnmatchcase(path, pattern) for pattern in exclude)


def _can_be_told(name: str) -> bool:
    return all(not "\ud800" <= character <= "\udfff" for character in name)


def _told(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")

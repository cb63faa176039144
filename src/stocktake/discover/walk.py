"""A door: the files of a tree as text, in a fixed order, without leaving the tree or running anything in it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase

from stocktake.discover.ignored import NAME, Ignored
from stocktake.model.observation import Unreadable
from stocktake.values.text import hostile

LARGEST = 1_000_000
CLOSED = "the folder cannot be read"
LEAVES = "a link that leads out of the tree, which is not followed"
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

    Links are not followed, and those that lead out of the tree are told; devices, pipes and binary files are passed
    over, and so are folders that Git ignores. `exclude` holds folders or patterns.
    """
    folders, home = [("", Ignored())], os.path.realpath(root)
    while folders:
        folder, ignored = folders.pop()
        below: list[tuple[str, Ignored]] = []
        entries = _entries(root, folder)
        if entries is None:
            yield Unreadable(_told(folder.rstrip("/")), 0, CLOSED)
        ignored = ignored.below(folder, _patterns(root, folder, entries or []))
        for entry in entries or ():
            path = _told(folder + entry.name)
            if _excluded(path, exclude):
                continue
            if odd := _oddity(entry.name):
                if wanted(path) or entry.is_dir():
                    yield Unreadable(path, 0, odd)
            elif entry.is_dir(follow_symlinks=False):
                if entry.name not in JUNK and not ignored.holds(f"{folder}{entry.name}/"):
                    below.append((f"{folder}{entry.name}/", ignored))
            elif found := _found(entry, path, home, wanted):
                yield found
        folders.extend(reversed(below))


def _found(
    entry: os.DirEntry[str], path: str, home: str, wanted: Callable[[str], bool]
) -> tuple[str, str] | Unreadable | None:
    """A file that is wanted, or why it is not read; None for what is passed over."""
    if entry.is_symlink():
        is_wanted = wanted(path) or (entry.is_dir() and entry.name not in JUNK)
        return Unreadable(path, 0, LEAVES) if is_wanted and _leaves(entry, home) else None
    if not wanted(path) or ".min." in entry.name:
        return None
    return _text(entry.path, path)


def _patterns(root: str, folder: str, entries: list[os.DirEntry[str]]) -> str:
    """What Git is told to ignore in a folder; nothing where nobody says."""
    if not any(entry.name == NAME and not entry.is_symlink() for entry in entries):
        return ""
    found = _text(os.path.join(root, folder, NAME), NAME)
    return found[1] if isinstance(found, tuple) and not isinstance(found, Unreadable) else ""


def _leaves(entry: os.DirEntry[str], home: str) -> bool:
    """Whether a link leads to something that the walk does not reach otherwise, or to nothing."""
    target = os.path.realpath(entry.path)
    return not (target == home or target.startswith(home.rstrip(os.sep) + os.sep)) or not os.path.exists(target)


def _entries(root: str, folder: str) -> list[os.DirEntry[str]] | None:
    """What lies in a folder, by name; None where it cannot be read."""
    try:
        with os.scandir(os.path.join(root, folder)) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        if not folder:
            raise
        return None


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


def _oddity(name: str) -> str:
    """Why a name cannot be told: no record may hold what hides in it."""
    if any("\ud800" <= character <= "\udfff" for character in name):
        return "the name is not UTF-8"
    hidden = [character for _, character in hostile(name)]
    return f"the name holds the character {hidden[0]}" if hidden else ""


def _told(name: str) -> str:
    return os.fsencode(name).decode("utf-8", "backslashreplace")

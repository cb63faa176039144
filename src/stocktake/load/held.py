"""Files of a repository that do not lie in a folder, such as those of an older revision, read as if they did."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping

from stocktake.errors import InputError, Problem
from stocktake.load.files import Tree


class Held(Tree):
    """Files by path with their sizes; `fetch` gives the content of one. Nothing outside of them can be reached.

    `home` is the folder that they are of, whose own rules may be run, where there is one.
    """

    __slots__ = ("_below", "_fetch", "_home", "_sizes")

    def __init__(self, sizes: Mapping[str, int], fetch: Callable[[str], bytes], home: Tree | None = None):
        self.root = ""
        self._home = home
        self._sizes = sizes
        self._fetch = fetch
        self._below: dict[str, set[str]] = {}
        for path in sizes:
            folder, name = posixpath.split(path)
            while name not in self._below.setdefault(folder, set()):
                self._below[folder].add(name)
                if not folder:
                    break
                folder, name = posixpath.split(folder)

    @property
    def home(self) -> Tree:
        """Where the rules lie that may be run."""
        return self._home or self

    def read(self, path: str, at_most: int = 64_000_000) -> bytes:
        """The content of a file.

        Raises InputError where there is none, or it is too large to be fetched at all.
        """
        size = self._sizes.get(path)
        if size is None:
            raise InputError([Problem(path, 0, 0, "", "there was no such file")])
        return bytes(at_most + 1) if size > at_most else self._fetch(path)

    def folder(self, path: str) -> str | None:
        """None: there is no such folder on the disk."""
        return None

    def has(self, path: str) -> bool:
        """Whether a file or folder was there."""
        return path in self._sizes or path in self._below

    def has_folder(self, path: str) -> bool:
        """Whether a folder was there."""
        return path in self._below

    def stamp(self, path: str) -> int:
        """0: what is held does not change."""
        return 0

    def mode(self, path: str) -> int | None:
        """None: nothing lies on the disk."""
        return None

    def names(self, folder: str) -> list[str]:
        """The names directly in a folder, sorted."""
        return sorted(self._below.get("" if folder == "." else folder, ()))

    def walk(self, folder: str) -> Iterator[tuple[str, str]]:
        """All (path, "") below a folder in the order of a walk over the disk, hidden ones left out."""
        for name in self.names(folder):
            if not name.startswith("."):
                path = f"{folder}/{name}" if folder else name
                if path in self._sizes:
                    yield path, ""
                else:
                    yield from self.walk(path)

    def flaw(self, path: str) -> str:
        """Only regular files are held."""
        return ""

"""Find files and folders of which a checkout on macOS or Windows would keep only one."""

from __future__ import annotations

from stocktake.errors import Problem
from stocktake.load.files import Tree


class Twins:
    """Knows of each folder that it was asked about which of its names differ in capital letters or accents only."""

    __slots__ = ("_firsts", "_found", "_tree")

    def __init__(self, tree: Tree):
        self._tree = tree
        self._firsts: dict[str, dict[str, str]] = {}
        self._found: dict[str, str] = {"": ""}

    def problems(self, path: str, shared: str = "") -> list[Problem]:
        """What is wrong with the name of a file, or with that of `shared`, the folder that it lies in."""
        other = self._twin(shared or path)
        if not other:
            return []
        what = f"lies in {shared}, which" if shared else "has a name that"
        message = f"{what} differs from {other} only in capital letters or accents"
        return [Problem(path, 0, 0, "", message, "Rename one: macOS and Windows take both for the same.")]

    def _twin(self, path: str) -> str:
        """The first path that is the same to such a system; empty where it is this one."""
        if path not in self._found:
            folder, _, name = path.rpartition("/")
            above = self._twin(folder)
            first = self._first(folder).get(_folded(name), name)
            self._found[path] = f"{above or folder}/{first}".lstrip("/") if above or first != name else ""
        return self._found[path]

    def _first(self, folder: str) -> dict[str, str]:
        if folder not in self._firsts:
            first: dict[str, str] = {}
            for name in self._tree.names(folder or "."):
                first.setdefault(_folded(name), name)
            self._firsts[folder] = first
        return self._firsts[folder]


def _folded(name: str) -> str:
    if name.isascii():
        return name.lower()
    from stocktake.values.letters import folded

    return folded(name)

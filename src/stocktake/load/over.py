"""A tree with files laid over it that are not written yet, so that they can be judged first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stocktake.load.files import READ_AT_MOST, Tree


class Over(Tree):
    """The files of a tree, and others by path in their place or beside them."""

    __slots__ = ("_laid",)

    def __init__(self, tree: Tree, laid: Mapping[str, bytes]):
        super().__init__(tree.root)
        self._laid = laid

    def read(self, path: str, at_most: int = READ_AT_MOST) -> bytes:
        return self._laid[path][: at_most + 1] if path in self._laid else super().read(path, at_most)

    def has(self, path: str) -> bool:
        return path in self._laid or self.has_folder(path) or super().has(path)

    def has_folder(self, path: str) -> bool:
        return super().has_folder(path) or any(one.startswith(f"{path}/") for one in self._laid)

    def flaw(self, path: str) -> str:
        return "" if path in self._laid else super().flaw(path)

    def names(self, folder: str) -> list[str]:
        start = f"{folder}/" if folder else ""
        laid = {one[len(start) :].split("/")[0] for one in self._laid if one.startswith(start)}
        return sorted({*super().names(folder), *laid})

    def walk(self, folder: str) -> Iterator[tuple[str, str]]:
        below = [(path, "") for path in self._laid if path.startswith(f"{folder}/")]
        laid = {path for path, _ in below}
        yield from sorted([*(one for one in super().walk(folder) if one[0] not in laid), *below])

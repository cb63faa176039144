"""A tree that notes what it was asked and what it answered, so that somebody can tell later whether it still would."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from typing import Any, TypeVar

from stocktake.errors import InputError
from stocktake.load.files import READ_AT_MOST, Tree

Question = tuple[str, str, int]
Notes = dict[Question, str]
Answer = TypeVar("Answer")


class Noted(Tree):
    """`notes` hold a digest of each answer. `is_steady` is whether the same question always had the same answer."""

    __slots__ = ("_plain", "is_steady", "notes")

    def __init__(self, root: str):
        super().__init__(root)
        self._plain = Tree(root)
        self.notes: Notes = {}
        self.is_steady = True

    def note(self, question: Question, digest: str) -> None:
        """Note an answer."""
        if self.notes.setdefault(question, digest) != digest:
            self.is_steady = False

    def still_holds(self, notes: Iterable[tuple[Question, str]]) -> bool:
        """Whether these questions have the same answers now."""
        return all(_ASK[what](self, path, most) == digest for (what, path, most), digest in notes)

    def _noted(self, what: str, path: str, answer: Answer) -> Answer:
        self.note((what, path, 0), _digest(answer))
        return answer

    def read(self, path: str, at_most: int = READ_AT_MOST) -> bytes:
        try:
            content = self._plain.read(path, at_most)
        except InputError as error:
            self.note(("read", path, at_most), _digest(error.problems))
            raise
        self.note(("read", path, at_most), blake2b(content, digest_size=16).hexdigest())
        return content

    def folder(self, path: str) -> str | None:
        return self._noted("folder", path, self._plain.folder(path))

    def has(self, path: str) -> bool:
        return self._noted("has", path, self._plain.has(path))

    def has_folder(self, path: str) -> bool:
        return self._noted("has_folder", path, self._plain.has_folder(path))

    def stamp(self, path: str) -> int:
        return self._noted("stamp", path, self._plain.stamp(path))

    def mode(self, path: str) -> int | None:
        return self._noted("mode", path, self._plain.mode(path))

    def names(self, folder: str) -> list[str]:
        return self._noted("names", folder, self._plain.names(folder))

    def walk(self, folder: str) -> Iterator[tuple[str, str]]:
        return iter(self._noted("walk", folder, [*self._plain.walk(folder)]))

    def flaw(self, path: str) -> str:
        return self._noted("flaw", path, self._plain.flaw(path))


def _digest(answer: Any) -> str:
    return blake2b(repr(answer).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _read_again(tree: Noted, path: str, at_most: int) -> str:
    try:
        return blake2b(tree._plain.read(path, at_most), digest_size=16).hexdigest()
    except InputError as error:
        return _digest(error.problems)


_ASK: dict[str, Callable[[Noted, str, int], str]] = {
    "flaw": lambda tree, path, _: _digest(tree._plain.flaw(path)),
    "folder": lambda tree, path, _: _digest(tree._plain.folder(path)),
    "has": lambda tree, path, _: _digest(tree._plain.has(path)),
    "has_folder": lambda tree, path, _: _digest(tree._plain.has_folder(path)),
    "mode": lambda tree, path, _: _digest(tree._plain.mode(path)),
    "names": lambda tree, path, _: _digest(tree._plain.names(path)),
    "read": _read_again,
    "stamp": lambda tree, path, _: _digest(tree._plain.stamp(path)),
    "walk": lambda tree, path, _: _digest([*tree._plain.walk(path)]),
}

"""Folders that Git is told to ignore: caches and results, in which nobody keeps what runs."""

from __future__ import annotations

from typing import NamedTuple

from pathspec import GitIgnoreSpec

NAME = ".gitignore"
LARGEST = 100_000


class Ignored(NamedTuple):
    """What the files of a folder and of those above it say; `base` is the folder of each, with a slash behind it."""

    specs: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    def below(self, folder: str, text: str) -> Ignored:
        """With what a further file says in its folder; a line that is no pattern says nothing."""
        spec = _spec(text) if text else None
        return Ignored((*self.specs, (folder, spec))) if spec else self

    def holds(self, folder: str) -> bool:
        """Whether a folder, with a slash behind it, is ignored; the nearest file that speaks of it decides."""
        for base, spec in reversed(self.specs):
            said = spec.check_file(folder[len(base) :]).include
            if said is not None:
                return said
        return False


def _spec(text: str) -> GitIgnoreSpec | None:
    lines = text[:LARGEST].splitlines()
    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:  # a pattern that Git would not take either
        sound = [line for line in lines if _is_sound(line)]
        return GitIgnoreSpec.from_lines(sound) if sound else None


def _is_sound(line: str) -> bool:
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True

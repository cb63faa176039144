"""Merge three texts: what two changed apart goes together, what both changed in one place is a conflict to look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_MINE, _BASE, _NEW, _END = "<" * 7, "|" * 7, "=" * 7, ">" * 7


class Merged(NamedTuple):
    """The merged text, with conflicts marked in it as Git marks them, and how many there are."""

    text: str
    conflicts: int


def merge(base: str, mine: str, new: str, titles: tuple[str, str, str] = ("yours", "before", "new")) -> Merged:
    """What both made of `base`, line by line; `titles` stand beside the marks of a conflict."""
    told: list[str] = []
    conflicts = 0
    for before, ours, theirs in _parts(_lines(base), _lines(mine), _lines(new)):
        if ours == theirs or theirs == before:
            told += ours
        elif ours == before:
            told += theirs
        else:
            conflicts += 1
            told += _marked(before, ours, theirs, titles)
    return Merged("".join(told), conflicts)


def _lines(text: str) -> list[str]:
    """Lines as Git sees them: only a line feed ends one."""
    return [f"{line}\n" for line in text.split("\n")[:-1]] + [last for last in text.split("\n")[-1:] if last]


Part = tuple[Sequence[str], Sequence[str], Sequence[str]]


def _parts(base: Sequence[str], mine: Sequence[str], new: Sequence[str]) -> Iterator[Part]:
    """The three texts cut at every run of lines that is in all of them; the runs are parts too."""
    at = (0, 0, 0)
    for *starts, length in _common(base, mine, new):
        b, m, n = starts
        yield base[at[0] : b], mine[at[1] : m], new[at[2] : n]
        same = base[b : b + length]
        yield same, same, same
        at = (b + length, m + length, n + length)
    yield base[at[0] :], mine[at[1] :], new[at[2] :]


def _common(base: Sequence[str], mine: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """(where in base, in mine, in new, how many) of the runs of lines that all three have."""
    ours = SequenceMatcher(None, base, mine, autojunk=False).get_matching_blocks()
    theirs = SequenceMatcher(None, base, new, autojunk=False).get_matching_blocks()
    i = j = 0
    while i < len(ours) and j < len(theirs):
        one, other = ours[i], theirs[j]
        start = max(one.a, other.a)
        end = min(one.a + one.size, other.a + other.size)
        if start < end:
            yield start, one.b + start - one.a, other.b + start - other.a, end - start
        if one.a + one.size < other.a + other.size:
            i += 1
        else:
            j += 1


def _marked(before: Sequence[str], ours: Sequence[str], theirs: Sequence[str], titles: Sequence[str]) -> list[str]:
    """A conflict; what both sides begin or end with alike stands outside of the marks."""
    head = 0
    while head < min(len(ours), len(theirs)) and ours[head] == theirs[head]:
        head += 1
    tail = 0
    while tail < min(len(ours), len(theirs)) - head and ours[-1 - tail] == theirs[-1 - tail]:
        tail += 1
    mine, base, new = titles
    sides = (
        (f"{_MINE} {mine}\n", ours[head : len(ours) - tail]),
        (f"{_BASE} {base}\n", before),
        (f"{_NEW}\n", theirs[head : len(theirs) - tail]),
    )
    marked = [line if line.endswith("\n") else f"{line}\n" for mark, side in sides for line in (mark, *side)]
    return [*ours[:head], *marked, f"{_END} {new}\n", *ours[len(ours) - tail :]]

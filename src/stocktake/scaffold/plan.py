"""What an upgrade does to each file: three texts in, one step out; nothing that somebody wrote is ever lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from stocktake.scaffold.base import Kept, kept
from stocktake.scaffold.merge import merge
from stocktake.scaffold.pins import aligned

# What belongs to the people of a repository, or to machines, and never to the scaffold again once it is there.
RECORDS = (".stocktake/", "adr/", "docs/runbooks/", "observed/", "registry/", "reports/")
ADDED, MERGED, REMOVED, UPDATED = "added", "merged", "removed", "updated"
CONFLICT, GONE, KEPT = "conflict", "left out", "kept"


class Here(NamedTuple):
    """What stands at a path: `text` is None where that is no text file, `is_there` says whether anything is."""

    is_there: bool
    text: str | None = None
    executable: bool = False


class Step(NamedTuple):
    """What becomes of one file, and why where that is not plain.

    `text` is what `path` holds afterwards, None where it stays as it is; `gone` is a path that is taken away;
    `conflict` is a text to look at, which goes beside and never into the file.
    """

    path: str
    word: str
    before: str = ""
    text: str | None = None
    executable: bool = False
    gone: str = ""
    conflict: str | None = None
    why: str = ""


New = Mapping[str, tuple[str, bool]]


def is_record(path: str) -> bool:
    """Whether no upgrade may touch it."""
    return path.startswith(RECORDS)


def steps(
    base: Mapping[str, Kept], new: New, here: Callable[[str], Here], moves: Mapping[str, str], titles: tuple[str, ...]
) -> Iterator[Step]:
    """What an upgrade does, sorted by path; files that stay as they are have no step.

    `base` and `new` are what the scaffold wrote and what it writes now, `here` looks at the repository.
    """
    sources = {path: path for path in new if path in base}
    sources |= {moves[old]: old for old in base if old not in new and moves.get(old, "") in set(new) - set(sources)}
    dropped = set(base) - set(new) - set(sources.values())
    for path in sorted({*new, *dropped}):
        if is_record(path):
            continue
        if path in dropped:
            step = _drop(path, base[path], here(path))
        elif path in sources:
            step = _change(path, sources[path], base[sources[path]], new[path], here, titles)
        else:
            step = _add(path, new[path], here(path), titles)
        if step:
            yield step


def _add(path: str, new: tuple[str, bool], here: Here, titles: tuple[str, ...]) -> Step | None:
    text, executable = new
    if not here.is_there:
        return Step(path, ADDED, "", text, executable)
    if here.text is not None and _plain(here.text) == text:
        return None
    return _conflict(path, "", here, text, titles, "the scaffold has this file now, and you have one already")


def _drop(path: str, base: Kept, here: Here) -> Step | None:
    if not here.is_there:
        return None
    if _is_untouched(base, here):
        return Step(path, REMOVED, here.text or "", None, gone=path, why="the scaffold no longer has it")
    return Step(path, KEPT, why="the scaffold no longer has it, but you changed yours")


def _change(
    path: str,
    old: str,
    base: Kept,
    new: tuple[str, bool],
    here: Callable[[str], Here],
    titles: tuple[str, ...],
) -> Step | None:
    if base.text is None:
        return _copied(path, base, new[0], here(path), titles)
    fresh = kept(*new)
    if path == old and (base.digest, base.executable) == (fresh.digest, fresh.executable):
        return None
    mine, target = here(old), here(path)
    if old != path and not mine.is_there and target.is_there:  # they, or a run that was killed, moved it already
        old, mine = path, target
    if not mine.is_there:
        return Step(path, GONE, why="you deleted it")
    step = _merged(path, base, mine, new, titles)
    if old == path:
        return step
    if target.is_there and (step is None or step.conflict or target.text != (step.text or mine.text)):
        return _conflict(path, "", target, new[0], titles, f"the scaffold moved {old} here, and you have a file here")
    if step and step.conflict is not None:
        return step._replace(why=f"{step.why}; the scaffold moved it here from {old}, yours is still there")
    text = step.text if step and step.text is not None else mine.text
    mode = step.executable if step else mine.executable
    return Step(path, UPDATED, mine.text or "", text, mode, gone=old, why=f"moved from {old}")


def _merged(path: str, base: Kept, mine: Here, new: tuple[str, bool], titles: tuple[str, ...]) -> Step | None:
    """The file with what the scaffold changed, in the line ends that it has here; None where it has that already."""
    text, executable = new
    executable = executable if mine.executable == base.executable else mine.executable
    if mine.text is None:
        return _conflict(path, "", mine, text, titles, "yours is no text file of its own")
    ours, ending = _plain(mine.text), "\r\n" if "\r\n" in mine.text else "\n"
    before, after = aligned(base.text or "", ours, text)
    merged = merge(before, ours, after, (titles[0], titles[1], titles[2]))
    if merged.conflicts:
        why = f"{merged.conflicts} place{'s' if merged.conflicts > 1 else ''} that you changed too"
        return Step(path, CONFLICT, mine.text, conflict=merged.text, why=why)
    result = merged.text.replace("\n", ending)
    if (result, executable) == (mine.text, mine.executable):
        return None
    return Step(path, UPDATED if ours == before else MERGED, mine.text, result, executable)


def _copied(path: str, base: Kept, text: str, mine: Here, titles: tuple[str, ...]) -> Step | None:
    """A copy of ours is made equal again; what somebody changed in it had no effect, and is shown beside."""
    if mine.text is None or _plain(mine.text) == text:
        return None
    step = Step(path, UPDATED, mine.text, text, mine.executable)
    if _is_untouched(base, mine):
        return step
    why = "you changed a copy that only the editor reads: give what differs a kind of your own"
    return step._replace(conflict=_conflict(path, "", mine, text, titles, "").conflict, why=why)


def _conflict(path: str, base: str, here: Here, text: str, titles: tuple[str, ...], why: str) -> Step:
    """Both texts in one to look at; only the new one where there is nothing that can stand beside it."""
    if here.text is None:
        return Step(path, CONFLICT, conflict=text, why=why)
    both = merge(base, _plain(here.text), text, (titles[0], titles[1], titles[2])).text
    return Step(path, CONFLICT, here.text, conflict=both, why=why)


def _is_untouched(base: Kept, here: Here) -> bool:
    return here.text is not None and kept(_plain(here.text)).digest == base.digest


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n")

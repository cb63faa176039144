"""A door: what every commit did to the files below some folders, in one pass over the history; and what they held."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

from stocktake.history.repository import is_partial, is_shallow, opened, prefix
from stocktake.model.chronicle import ADDED, CHANGED, REMOVED, RENAMED

if TYPE_CHECKING:
    from git import Repo

_TRAILERS = ",".join(f"key={name}" for name in ("Acked-by", "Approved-by", "Reviewed-by"))
# Fields end with NUL, which no text of Git holds.
_FORMAT = f"--format=%H%x00%P%x00%an%x00%at%x00%s%x00%b%x00%(trailers:{_TRAILERS},valueonly,unfold,separator=%x1f)%x00"
_OPTIONS = (
    *("-c", "--raw", "-z", "-M", "--root", "--no-abbrev", "--no-relative"),
    *("--no-ext-diff", "--no-textconv", "--encoding=UTF-8", "--no-show-signature", "--no-color", "--no-mailmap"),
)
# Where only some paths are asked for: no merge is left out, and each commit names the next one that is shown.
_NARROW = ("--full-history", "--parents")
_WORDS = {"A": ADDED, "D": REMOVED, "R": RENAMED}
_LONGEST = 300  # letters of a name or subject
_CLAIMS_AT_MOST = 20
_SIZE_AT_MOST = 1_000_000
_WINDOW = 500
_PIPE = -1
_AT_ONCE = 1 << 18
# How hosts name a pull request: in the message of a merge, and in that of a squashed one.
_MERGED = re.compile(r"Merge pull request (?:'.*' \()?#([0-9]{1,9})\b|Merged in .* \(pull request #([0-9]{1,9})\)")
_SQUASHED = re.compile(r"\(#([0-9]{1,9})\)$|^Merged PR ([0-9]{1,9}):")
_GITLAB = re.compile(r"^See merge request \S*!([0-9]{1,9})$", re.MULTILINE)


class Committed(NamedTuple):
    """A commit as Git shows it; `request` is the pull request that its own message names."""

    id: str
    parents: tuple[str, ...]
    author: str
    time: int
    subject: str
    claimed: tuple[str, ...]
    request: str


class Touched(NamedTuple):
    """A file that a commit changed: `old` and `new` name its content before and after, empty where there is none that
    is a regular file.
    """

    commit: str
    path: str
    was: str
    what: str
    old: str
    new: str


class Pass(NamedTuple):
    """Commits and what they touched, both newest first; `is_joined` is whether the branch leads to the revision that
    was asked to begin after.
    """

    commits: tuple[Committed, ...]
    touched: tuple[Touched, ...]
    is_joined: bool


class Walked:
    """The history around a folder, up to the commit that is checked out (or the one that is named).

    `is_shallow` is whether older revisions were cut off; `is_partial` whether contents were left where they came from,
    so that reading them would need the network.
    """

    __slots__ = ("_inside", "_paths", "_prefix", "_repository", "head", "is_partial", "is_shallow")

    def __init__(self, repository: Repo, folder: str, paths: Iterable[str], revision: str = "HEAD"):
        self._repository = repository
        self._prefix = prefix(repository, folder)
        self._paths = [f"{self._prefix}{path}" for path in paths]
        self._inside = tuple(f"{path}/" for path in self._paths)
        self.head = repository.git.rev_parse("--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        self.is_shallow = is_shallow(repository)
        self.is_partial = is_partial(repository)

    def walk(self, after: str = "") -> Pass:
        """Everything, or what came after a revision."""
        wanted = f"{after}..{self.head}" if after else self.head
        paths = [] if self._is_most() else [f":(top,literal){path}" for path in self._paths]
        options = (*_OPTIONS, *(_NARROW if paths else ()), _FORMAT)
        process: Any = self._repository.git.log(*options, wanted, "--", *paths, as_process=True)
        commits, touched = _parse(_parts(process.stdout), self._prefix)
        process.wait()
        ours = touched if paths else [one for one in touched if self._is_asked(one)]
        return Pass(tuple(commits), tuple(ours), not after or self._leads(after))

    def _is_most(self) -> bool:
        """Whether most files lie below the paths: then Git is faster where it is not asked for them."""
        options = ["-r", "-z", "--name-only", "--full-tree", "--end-of-options", self.head]
        names = self._repository.git.ls_tree(*options).split("\0")
        return 2 * sum(self._holds(name) for name in names) > len(names)

    def _is_asked(self, one: Touched) -> bool:
        return self._holds(f"{self._prefix}{one.path}") or (one.was != "" and self._holds(f"{self._prefix}{one.was}"))

    def _holds(self, path: str) -> bool:
        return path.startswith(self._inside) or path in self._paths

    def has(self, commit: str) -> bool:
        """Whether a commit is here, and the branch contains it."""
        from git import GitCommandError

        try:
            self._repository.git.merge_base("--is-ancestor", commit, self.head)
        except GitCommandError:
            return False
        return True

    def _leads(self, after: str) -> bool:
        """Whether a revision lies on the branch itself, so that what came before it stays as it was told."""
        options = ["--first-parent", "--format=%H %P", f"{after}..{self.head}"]
        lines = self._repository.git.log(*options).splitlines()
        return not lines or lines[-1].split()[1:2] == [after]

    def contents(self, names: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """(name, content) of each, in their order; nothing for one that is too large or not here."""
        wanted = list(names)
        process: Any = self._repository.git.cat_file("--batch", "--buffer", as_process=True, istream=_PIPE)
        asking = Thread(target=_ask, args=(process.stdin, wanted), daemon=True)
        asking.start()
        for name in wanted:
            yield name, _content(process.stdout)
        asking.join()
        process.wait()


def _ask(stream: Any, names: list[str]) -> None:
    """Name everything while the answers are read: neither waits for the other."""
    for start in range(0, len(names), _WINDOW):
        stream.write("".join(f"{name}\n" for name in names[start : start + _WINDOW]).encode())
    stream.close()


def _content(stream: Any) -> bytes:
    """One answer of `git cat-file --batch`."""
    about = stream.readline().split()
    if len(about) != 3:  # `NAME missing`
        return b""
    content: bytes = stream.read(int(about[2]))
    stream.read(1)
    return content if len(content) <= _SIZE_AT_MOST and about[1] == b"blob" else b""


def _parts(stream: Any) -> Iterator[str]:
    """What stands between NULs, while Git is still writing."""
    rest = b""
    while chunk := stream.read(_AT_ONCE):
        whole, end, rest = (rest + chunk).rpartition(b"\0")
        if end:
            yield from whole.decode("utf-8", "surrogateescape").split("\0")
    yield from rest.decode("utf-8", "surrogateescape").split("\0")


def _parse(parts: Iterator[str], prefix: str) -> tuple[list[Committed], list[Touched]]:
    commits: list[Committed] = []
    touched: list[Touched] = []
    for part in parts:
        mark = part.lstrip("\n")
        if mark.startswith(":"):
            touched.append(_touched(commits[-1].id, mark, parts, prefix))
        elif mark:
            commits.append(_committed(mark, *(next(parts) for _ in range(6))))
    return commits, touched


def _committed(commit: str, parents: str, author: str, time: str, subject: str, body: str, claimed: str) -> Committed:
    names = tuple(_text(name.strip()) for name in claimed.split("\x1f") if name.strip())[:_CLAIMS_AT_MOST]
    above = tuple(parents.split())
    request = _request(subject, body, len(above) > 1)
    return Committed(commit, above, _text(author), int(time), _text(subject), names, request)


def _request(subject: str, body: str, is_merge: bool) -> str:
    found = (is_merge and _MERGED.match(subject)) or _SQUASHED.search(subject)
    if found:
        return f"#{found[1] or found[2]}"
    merged = _GITLAB.search(body) if "See merge request" in body else None
    return f"!{merged[1]}" if merged else ""


def _touched(commit: str, about: str, parts: Iterator[str], prefix: str) -> Touched:
    """One line of `--raw`: as many colons as parents, then the modes, the names and the letters."""
    said = about.lstrip(":").split(" ")
    parents = len(about) - len(about.lstrip(":"))
    modes, names, letters = said[: parents + 1], said[parents + 1 : 2 * parents + 2], said[-1]
    first = next(parts)
    moved = letters[0] in "RC" and parents == 1
    path = next(parts) if moved else first
    old, new = (name if mode.startswith("100") else "" for mode, name in ((modes[0], names[0]), (modes[-1], names[-1])))
    what = ADDED if letters[0] == "C" else _WORDS.get(letters[0] if parents == 1 else "", CHANGED)
    was = first.removeprefix(prefix) if what == RENAMED else ""
    return Touched(commit, path.removeprefix(prefix), was, what, old if what != ADDED else "", new)


def requests(commits: Iterable[Committed]) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """By commit the pull request that it came with and who approved that as its merge says: of what a merge brought
    in, what the message of the merge names.
    """
    by = {one.id: one for one in commits}
    here = next(iter(by.values()), None)
    line = []
    while here is not None:
        line.append(here)
        here = by.get(here.parents[0]) if here.parents else None
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    for one in reversed(line):  # what an older merge brought in came with that one
        found[one.id] = (one.request, one.claimed)
        waiting = list(one.parents[1:])
        while waiting:
            brought = by.get(waiting.pop())
            if brought and brought.id not in found:
                claimed = tuple(dict.fromkeys((*brought.claimed, *one.claimed)))
                found[brought.id] = (one.request or brought.request, claimed)
                waiting += brought.parents
    return found


def _text(text: str) -> str:
    """Text that can be written again, and not without an end."""
    short = text[:_LONGEST]
    return short if short.isascii() else short.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def walked(folder: str, paths: Iterable[str], revision: str = "HEAD") -> AbstractContextManager[Walked | None]:
    """The history around a folder; None outside of Git, in a bare repository and before the first commit."""
    return opened(folder, lambda found: Walked(found, folder, paths, revision) if found.working_tree_dir else None)

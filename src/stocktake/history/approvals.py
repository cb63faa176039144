"""A door: what two revisions differ in, who wrote it, and which approvals of it Git holds."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

from stocktake.errors import UsageError
from stocktake.history.repository import prefix, required, top
from stocktake.model.approval import SITES, Author
from stocktake.values.text import shown

if TYPE_CHECKING:
    from git import Repo

FOLDER = ".stocktake/approvals"
_TRAILERS = ("Acked-by", "Approved-by", "Reviewed-by")
_FILES_AT_MOST = 100
_SIZE_AT_MOST = 20_000
_SEPARATOR = "\x1f"
_ID = re.compile("[0-9a-f]{40}(?:[0-9a-f]{24})?")
_COMMITS = "Changes and approvals are about commits."
_SHALLOW = "This is a shallow clone; in a workflow, check out with `fetch-depth: 0`."


class Commit(NamedTuple):
    """One commit of a change: who wrote it, and who its trailers say approved it."""

    id: str
    authors: tuple[Author, ...]
    claimed: tuple[str, ...]


class Change(NamedTuple):
    """What a branch changes: the revision that it left from (`base`), its last one, a digest of all contents that
    differ but approvals, its commits, and the files of approvals that it adds; `used` are the folders of approvals
    that the base has already.
    """

    base: str
    head: str
    digest: str
    commits: tuple[Commit, ...]
    files: Mapping[str, bytes]
    used: frozenset[str]


class Kept(NamedTuple):
    """A signature that was committed: its path below the folder of approvals, its content and that of the statement
    beside it, and the commit that added it, with its time in seconds since 1970.
    """

    path: str
    signature: bytes
    statement: bytes
    commit: str
    time: int


class Approvals:
    """The history around a folder, asked about approvals; revisions are full ids of commits."""

    __slots__ = ("_inherited", "_owner", "_prefix", "_repository", "_top")

    def __init__(self, repository: Repo, folder: str):
        self._top, self._prefix = top(repository, folder), prefix(repository, folder)
        self._repository = self._inherited = repository
        self._owner = os.getpid()

    def change(self, base: str, head: str, tip: str = "") -> Change:
        """What `head` changes since it left `base`; `tip` is where the branch that it left is now."""
        here, there = self._approvals(head), self._approvals(tip or base)
        added = {path: name for path, name in here.items() if there.get(path) != name}
        files = {path: self.read(name) for path, name in sorted(added.items())[:_FILES_AT_MOST]}
        used = frozenset(path.partition("/")[0] for path in there)
        return Change(base, head, self.digest(base, head), tuple(self._commits(base, head)), files, used)

    def kept(self, head: str) -> tuple[Kept, ...]:
        """All signatures that a revision holds, oldest first."""
        there = self._approvals(head)
        added = self._added(head)
        found = []
        for path, name in there.items():
            statement = there.get(f"{path.partition('/')[0]}/statement")
            if path.endswith(".sig") and path in added:
                commit, time = added[path]
                found.append(Kept(path, self.read(name), self.read(statement) if statement else b"", commit, time))
        return tuple(sorted(found, key=lambda one: (one.time, one.path)))

    def _added(self, head: str) -> dict[str, tuple[str, int]]:
        """The commit that brought each file of approvals as it is now, and its time."""
        options = [
            "--no-renames",
            "--raw",
            "-z",
            "--root",
            "--no-color",
            "--no-show-signature",
            "--format=%H%x00%ct%x00",
        ]
        output = self._git("log", *options, head, "--", f":(top,literal){self._prefix}{FOLDER}")
        parts, commit = iter(output.split("\0")), ("", 0)
        found: dict[str, tuple[str, int]] = {}
        for part in parts:
            mark = part.lstrip("\n")
            if mark.startswith(":"):
                found.setdefault(next(parts).removeprefix(f"{self._prefix}{FOLDER}/"), commit)
            elif mark:
                commit = (mark, int(next(parts)))
        return found

    def paths(self, base: str, head: str) -> tuple[str, ...]:
        """What differs between two revisions below the folder, approvals left out."""
        return tuple(
            path.removeprefix(self._prefix) for _, path in self._differing(base, head) if path.startswith(self._prefix)
        )

    def digest(self, base: str, head: str) -> str:
        """A digest of every path, mode and content that differs between two revisions, approvals left out."""
        lines = sorted(f"{about} {path}\0" for about, path in self._differing(base, head))
        return sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()

    def _differing(self, base: str, head: str) -> list[tuple[str, str]]:
        """(modes and objects, path) of all that differs, approvals left out."""
        options = ["-r", "-z", "--raw", "--no-renames", "--ignore-submodules=none", "--end-of-options"]
        parts = iter(self._git("diff_tree", *options, base, head).split("\0"))
        pairs = [(" ".join(about.split()[:4]), next(parts)) for about in parts if about]
        return [(about, path) for about, path in pairs if not self._is_approval(path)]

    def commit(self, name: str) -> str:
        """The full id of the commit that a name means.

        Raises UsageError where it means none, or would be taken for an option.
        """
        from git import GitCommandError

        try:
            found = self._git("rev_parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").strip()
        except (GitCommandError, ValueError):
            found = ""
        if not _ID.fullmatch(found):
            hint = f"`git fetch --unshallow` gets older ones. {_SHALLOW}" if self.is_shallow() else ""
            raise UsageError(f'"{shown(name)}" is no commit here', hint or "`git branch -a` lists what there is.")
        return found

    def default(self, branch: str) -> str:
        """The name of the branch that changes go into: as the remote has it, else as it is here.

        Raises UsageError where it is not here. A shallow clone may take another one for it, and is not asked.
        """
        there = f"refs/remotes/origin/{branch}"
        names = [there, f"refs/heads/{branch}", *([] if self.is_shallow() else ["refs/remotes/origin/HEAD"])]
        found = next((name for name in names if self._answers("rev_parse", "--verify", "--quiet", name)), "")
        if not found:
            deeper = " --unshallow" if self.is_shallow() else ""
            command = f"git fetch{deeper} origin {quote(shown(f'{branch}:{there}'))}"
            hint = f"`{command}` gets it; or name the branch that the change goes into."
            raise UsageError(f'The branch "{shown(branch)}" is not here', hint)
        return found

    def is_shallow(self) -> bool:
        """Whether older commits were cut off."""
        return self._git("rev_parse", "--is-shallow-repository").strip() == "true"

    def files(self, commit: str) -> dict[str, tuple[str, int]]:
        """The id and the size of each regular file below the folder, at a commit."""
        options = ["-r", "-l", "-z", "--full-tree", "--end-of-options", commit]
        found = {}
        for entry in self._git("ls_tree", *options).split("\0"):
            about, _, path = entry.partition("\t")
            if about.startswith("100") and path.startswith(self._prefix):
                _, _, name, size = about.split()
                found[path[len(self._prefix) :]] = (name, int(size))
        return found

    def read(self, name: str) -> bytes:
        """The content of a file by its id.

        A process that was forked asks a program of its own: two that share one would get each other's answers. The one
        that it inherited is kept, since letting it go would end it for all.
        """
        if self._owner != os.getpid():
            self._repository, self._owner = type(self._inherited)(str(self._inherited.git_dir)), os.getpid()
        content: bytes = self._repository.git.get_object_data(name)[3]
        return content

    def holds(self, path: str) -> bool:
        """Whether a file lies in the checkout, so that a commit can have written it."""
        return os.path.realpath(path).startswith(self._top + os.sep)

    def has(self, commit: str) -> bool:
        """Whether a commit is here."""
        return self._answers("cat_file", "-e", f"{commit}^{{commit}}")

    def is_before(self, commit: str, other: str) -> bool:
        """Whether a commit is another one or an ancestor of it."""
        return self.has(commit) and self._answers("merge_base", "--is-ancestor", commit, other)

    def fork(self, base: str, head: str) -> str:
        """Where two revisions parted; empty where they have nothing in common."""
        return self._git("merge_base", base, head).split("\n")[0] if self._answers("merge_base", base, head) else ""

    def _is_approval(self, path: str) -> bool:
        return path.startswith(f"{self._prefix}{FOLDER}/")

    def _approvals(self, commit: str) -> dict[str, str]:
        """The ids of the files of approvals by path below their folder."""
        options = ["-r", "-l", "-z", "--full-tree", "--end-of-options", commit]
        with self._repository.git.custom_environment(GIT_LITERAL_PATHSPECS="1"):
            output = self._git("ls_tree", *options, "--", f"{self._prefix}{FOLDER}/")
        found = {}
        for entry in output.split("\0"):
            about, _, path = entry.partition("\t")
            if about.startswith("100") and int(about.split()[3]) <= _SIZE_AT_MOST:
                found[path.removeprefix(f"{self._prefix}{FOLDER}/")] = about.split()[2]
        return found

    def _commits(self, base: str, head: str) -> Iterator[Commit]:
        """All commits since the base that changed more than approvals. What a merge brought in was written elsewhere,
        but whoever merged may have chosen, so that merges count too.
        """
        trailers = ",".join(f"key={name}" for name in _TRAILERS)
        fields = f"%H%x00%P%x00%an%x00%ae%x00%cn%x00%ce%x00%(trailers:{trailers},valueonly,unfold,separator=%x1f)%x00"
        options = ["-c", "-r", "--root", "--no-renames", "--raw", "-z", "--encoding=UTF-8", "--no-color"]
        options += ["--ignore-submodules=none", "--no-show-signature", f"--format={fields}"]
        parts = iter(self._git("log", *options, f"{base}..{head}", "--").split("\0"))
        found: list[tuple[list[str], bool]] = []
        for part in parts:
            mark = part.lstrip("\n")
            if mark.startswith(":"):  # of a file, whose path follows; no commit is called so
                path = next(parts)
                found[-1] = (found[-1][0], found[-1][1] or not self._is_approval(path))
            elif mark:
                said = [mark, *(next(parts) for _ in range(6))]
                found.append((said, " " in said[1]))
        if self.is_shallow() and not all(said[1] for said, _ in found):
            raise UsageError("Commits of this change are missing", f"Run `git fetch --unshallow`. {_SHALLOW}")
        for (commit, _, name, email, other, address, claimed), is_written in found:
            if is_written:
                wrote = {Author(name, email)} if address in SITES else {Author(name, email), Author(other, address)}
                yield Commit(commit, tuple(sorted(wrote)), tuple(filter(None, claimed.split(_SEPARATOR))))

    def _git(self, verb: str, *options: str) -> str:
        output: str = getattr(self._repository.git, verb)(*options, strip_newline_in_stdout=False)
        return output

    def _answers(self, verb: str, *options: str) -> bool:
        from git import GitCommandError

        try:
            getattr(self._repository.git, verb)(*options)
        except GitCommandError:
            return False
        return True


def open_approvals(folder: str) -> Approvals:
    """The history around a folder.

    Raises UsageError where there is none.
    """
    return Approvals(required(folder, _COMMITS), folder)


def is_bare(folder: str) -> bool:
    """Whether a folder is a repository without a checkout, as servers have them."""
    try:
        from git import GitCommandError, InvalidGitRepositoryError, NoSuchPathError, Repo
    except ImportError:
        return False
    try:
        with Repo(folder) as found:
            return bool(found.bare)
    except (GitCommandError, InvalidGitRepositoryError, NoSuchPathError, ValueError, OSError):
        return False

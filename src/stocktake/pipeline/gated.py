"""Judge a change by the gates of the branch that it goes into, from Git alone: nothing of it is checked out or run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from stocktake.analyse.hand_edits import FOLDER, hand_edits
from stocktake.errors import UsageError
from stocktake.history.approvals import Approvals, Change, is_bare, open_approvals
from stocktake.load.files import Tree, find, real, repository
from stocktake.load.held import Held
from stocktake.load.registry import Sound
from stocktake.load.reviews import Reviews, reviews
from stocktake.model.approval import Ballot
from stocktake.model.estate import Estate
from stocktake.model.weakening import HandEdit, Weakening
from stocktake.pipeline.approvals import judged
from stocktake.pipeline.estate import open_estate
from stocktake.pipeline.weaker import branch, weaker

_SMALL = 10_000  # bytes; most records are, and a hundred thousand of them fit into memory


class Sides(NamedTuple):
    """A change and what judges it: `fork` is the commit that it left from, `last` its last, `start` the last of the
    branch that it goes into. Each has its files (`base`, `head`, `tip`) and its estate (`before`, `after`, `judge`).
    """

    history: Approvals
    fork: str
    last: str
    start: str
    base: Tree
    head: Tree
    tip: Tree
    before: Estate
    after: Estate
    judge: Estate


class Gated(NamedTuple):
    """What was decided, what was edited by hand, and the change that it is about; `tip` is the side that judges, `weak`
    what becomes weaker.
    """

    ballot: Ballot
    edits: tuple[HandEdit, ...]
    change: Change
    tip: Tree
    weak: tuple[Weakening, ...]

    @property
    def is_refused(self) -> bool:
        """Whether something must not go in like this."""
        return bool(self.ballot.refused or self.edits)


def sides(tree: Tree, base: str, head: str) -> Sides:
    """What `head` changed since it left `base`; both are names of revisions, `base` may be empty for the branch that is
    published. No rule of either is run.

    Raises UsageError where they have nothing in common, InputError where the registry at `head` is wrong.
    """
    history = open_approvals(tree.root)
    start, last = history.commit(base or history.default(branch(tree))), history.commit(head)
    fork = history.fork(start, last)
    if not fork:
        missing = "`git fetch --unshallow` gets what is missing." if history.is_shallow() else ""
        raise UsageError("These two revisions have nothing in common", missing or "Name the branch that it goes into.")
    kept: dict[str, bytes] = {}  # most files are the same on all sides
    trees = {commit: at(history, commit, kept) for commit in {start, last, fork}}
    sound: dict[tuple[bytes, ...], Sound] = {}  # by the schemas of a side
    opened = {
        commit: open_estate(side, with_rules=False, sound=sound.setdefault(_schemas(side), {}))
        for commit, side in trees.items()
    }
    estates = {commit: one.estate for commit, one in opened.items()}
    if not estates[last].settings.includes:  # other registries are no part of a revision
        opened[last].sound()
    base_tree, head_tree, tip = (trees[one] for one in (fork, last, start))
    before, after, judge = (estates[one] for one in (fork, last, start))
    return Sides(history, fork, last, start, base_tree, head_tree, tip, before, after, judge)


def _schemas(side: Tree) -> tuple[bytes, ...]:
    """All that decides how a record of this side is read."""
    paths = [f"schemas/{name}" for name in side.names("schemas")]
    return tuple(part for path in paths if not side.has_folder(path) for part in (path.encode(), side.read(path)))


def gated(two: Sides, today: date, host: Reviews | None = None) -> Gated:
    """What becomes weaker, and who approved it."""
    found = weaker(two.base, two.head, two.before, two.after)
    change = two.history.change(two.fork, two.last, two.start)
    edits = hand_edits(two.before, two.after, _lines(two.history, two.fork, two.last), today)
    ballot = judged(found, two.history, change, two.tip, two.judge, today, host)
    return Gated(ballot, tuple(edits), change, two.tip, found)


def around(folder: str) -> Tree:
    """The repository around a folder, which may have no checkout.

    Raises UsageError where there is none.
    """
    return Tree(folder) if repository(folder) is None and is_bare(folder) else find(folder)


def at(history: Approvals, commit: str, kept: dict[str, bytes] | None = None) -> Tree:
    """The files of a repository at a commit; small ones that were read before are taken from `kept`."""
    files = history.files(commit)
    known = {} if kept is None else kept

    def fetch(path: str) -> bytes:
        name, size = files[path]
        content = known.get(name)
        if content is None:
            content = history.read(name)
            if size < _SMALL:
                known[name] = content
        return content

    return Held({path: size for path, (_, size) in files.items()}, fetch)


def _lines(history: Approvals, base: str, head: str) -> Mapping[str, tuple[bytes, bytes | None]]:
    """The measurements and the evidence that differ."""
    was, now = history.files(base), history.files(head)
    return {
        path: (history.read(name), history.read(now[path][0]) if path in now else None)
        for path, (name, _) in was.items()
        if path.startswith(f"{FOLDER}/") and path.endswith(".jsonl") and now.get(path, ("",))[0] != name
    }


def read_reviews(root: str, path: str) -> Reviews:
    """What the host knows, from a file that no pull request can have written: it lies outside of the repository.

    Raises UsageError where it lies inside, InputError where it is wrong.
    """
    folder, _, name = real(path).rpartition("/")
    if open_approvals(root).holds(path):
        hint = "A job of the base branch writes it to a folder of the runner, such as $RUNNER_TEMP."
        raise UsageError("The file of reviews lies in the repository, where the change itself could write it", hint)
    return reviews(Tree(folder or "/").read(name), path)

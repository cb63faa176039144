"""Judge a change by the gates of the branch that it goes into, from Git alone: nothing of it is checked out or run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from stocktake.analyse.hand_edits import FOLDER, hand_edits
from stocktake.errors import UsageError
from stocktake.history.approvals import Approvals, Change, open_approvals
from stocktake.load.files import Tree, real
from stocktake.load.held import Held
from stocktake.load.reviews import Reviews, reviews
from stocktake.model.approval import Ballot
from stocktake.model.weakening import HandEdit
from stocktake.pipeline.approvals import judged
from stocktake.pipeline.estate import open_estate
from stocktake.pipeline.weaker import branch, weaker


class Gated(NamedTuple):
    """What was decided, what was edited by hand, and the change that it is about; `tip` is the side that judges."""

    ballot: Ballot
    edits: tuple[HandEdit, ...]
    change: Change
    tip: Tree

    @property
    def is_refused(self) -> bool:
        """Whether something must not go in like this."""
        return bool(self.ballot.refused or self.edits)


def gated(tree: Tree, base: str, head: str, today: date, host: Reviews | None = None) -> Gated:
    """What `head` makes weaker since it left `base`, and who approved; both are names of revisions, `base` may be
    empty for the branch that is published.

    Raises UsageError where they have nothing in common, InputError where the registry at `head` is wrong.
    """
    history = open_approvals(tree.root)
    tip, last = history.commit(base or history.default(branch(tree))), history.commit(head)
    fork = history.fork(tip, last)
    if not fork:
        missing = "`git fetch --unshallow` gets what is missing." if history.is_shallow() else ""
        raise UsageError("These two revisions have nothing in common", missing or "Name the branch that it goes into.")
    sides = {commit: at(history, commit) for commit in {tip, last, fork}}
    opened = {commit: open_estate(side, with_rules=False) for commit, side in sides.items()}
    estates = {commit: one.estate for commit, one in opened.items()}
    if not estates[last].settings.includes:  # other registries are no part of a revision
        opened[last].sound()
    found = weaker(sides[fork], sides[last], estates[fork], estates[last])
    change = history.change(fork, last, tip)
    edits = hand_edits(estates[fork], estates[last], _lines(history, fork, last), today)
    ballot = judged(found, history, change, sides[tip], estates[tip], today, host)
    return Gated(ballot, tuple(edits), change, sides[tip])


def at(history: Approvals, commit: str) -> Tree:
    """The files of a repository at a commit."""
    files = history.files(commit)
    return Held({path: size for path, (_, size) in files.items()}, lambda path: history.read(files[path][0]))


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

"""Verify every approval that a repository keeps, as at the day on which it was given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from stocktake.history.approvals import Approvals, Kept, open_approvals
from stocktake.model.ledger import Entry
from stocktake.pipeline.approvals import allowed_by
from stocktake.pipeline.gated import at
from stocktake.pipeline.signatures import statement, verified
from stocktake.values.text import shown

_OTHER = "is of other content than what was committed before it"
_UNKNOWN = "is of a change that left from a revision which is not here"


def ledger(root: str, head: str = "HEAD") -> tuple[Entry, ...]:
    """All approvals that a revision keeps, oldest first; who was allowed to sign is read where the change began.

    Raises UsageError outside of Git.
    """
    history = open_approvals(root)
    return tuple(_entries(history, history.commit(head)))


def _entries(history: Approvals, head: str) -> Iterator[Entry]:
    for kept in history.kept(head):
        yield _entry(history, kept)


def _entry(history: Approvals, kept: Kept) -> Entry:
    said = statement(kept.statement)
    folder, _, name = kept.path.partition("/")
    by = shown(name.removesuffix(".sig"))
    unsigned = Entry(kept.path, by, kept.commit, kept.time, said.digest if said else "", ())
    if said is None or said.folder() != folder:
        return unsigned._replace(flaw="signs no statement")
    if not history.is_before(said.base, kept.commit):
        return unsigned._replace(flaw=_UNKNOWN)
    day = datetime.fromtimestamp(kept.time, UTC).date()
    who = verified(kept.statement, kept.signature, allowed_by(at(history, said.base)), day)
    flaw = who.flaw or ("" if history.digest(said.base, kept.commit) == said.digest else _OTHER)
    paths = tuple(map(shown, history.paths(said.base, kept.commit)))
    return unsigned._replace(by=who.by or unsigned.by, paths=paths, flaw=flaw)

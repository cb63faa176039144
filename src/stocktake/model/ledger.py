"""Approvals that were given and kept: who agreed to what, and whether that can still be verified."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """An approval that was committed: the path of the signature below the folder of approvals, who signed, in which
    commit and when (seconds since 1970), what the approved change changed, by path, and its digest; `flaw` says why the
    signature proves nothing, empty where it does.
    """

    path: str
    by: str
    commit: str
    time: int
    digest: str
    paths: tuple[str, ...]
    flaw: str = ""

"""Approve a change: sign what it changes, so that the signature can be committed beside it."""

from __future__ import annotations

import os
from datetime import date
from typing import NamedTuple

from stocktake.errors import UsageError
from stocktake.history.approvals import FOLDER
from stocktake.load.files import Tree
from stocktake.load.signers import SIGNERS
from stocktake.pipeline.approvals import allowed_by
from stocktake.pipeline.gated import Gated
from stocktake.pipeline.signatures import Statement, sign, verified
from stocktake.values.text import slug
from stocktake.write import write_all


class Signed(NamedTuple):
    """Who signed, and the folder that now holds the statement and the signature."""

    by: str
    folder: str


def approve(tree: Tree, found: Gated, key: str, today: date) -> Signed:
    """Sign the change and write statement and signature into the working tree.

    Raises UsageError where the signature would not count, before anything is written.
    """
    said = Statement(found.change.digest, found.change.base)
    signature = sign(said.text(), key)
    who = verified(said.text(), signature, allowed_by(found.tip), today)
    if who.flaw:
        hint = f"A change of {SIGNERS} in the branch that this goes into can allow it; it needs an approval of its own."
        raise UsageError(f"The signature {who.flaw}", hint)
    for author in found.ballot.authors:
        if author.names() & who.names:
            raise UsageError(f"{who.by} wrote part of this change", "Somebody else has to approve it.")
    folder = f"{FOLDER}/{said.folder()}"
    files = [("statement", said.text()), (f"{slug(who.by)}.sig", signature)]
    write_all(os.path.join(tree.root, folder), files)
    return Signed(who.by, folder)

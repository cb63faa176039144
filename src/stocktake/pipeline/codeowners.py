"""Bring CODEOWNERS up to what the registry says."""

from __future__ import annotations

import os
from typing import NamedTuple

from stocktake.exchange.codeowners import Owners, merged, owners
from stocktake.load.files import Tree
from stocktake.pipeline.estate import open_estate
from stocktake.write import write

# Where the forges look, in the order in which GitHub does; GitLab knows the last one.
PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")


class Written(NamedTuple):
    """The file at `path` before and after."""

    path: str
    before: str
    after: str
    owners: Owners


def codeowners(tree: Tree, dry_run: bool) -> Written:
    """Write the block into the file that is there, else into a new one; not where `dry_run`.

    Raises InputError where the registry is wrong.
    """
    found = owners(open_estate(tree, with_rules=False).sound())
    path = next((place for place in PLACES if tree.has(place)), PLACES[-1] if tree.has(".gitlab-ci.yml") else PLACES[0])
    before = tree.read(path).decode("utf-8", "surrogateescape") if tree.has(path) else ""
    after = merged(before, found.lines)
    if after != before and not dry_run:
        write(os.path.join(tree.root, path), after.encode("utf-8", "surrogateescape"))
    return Written(path, before, after, found)

"""A long history of many records: who changed what, beside the list of changed files that Git itself gives."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .measure import Command, Timing, by_turns, once

GIT = "`git log --name-status`"
RECORDS, FIELDS, NEW = (
    "each record: who, when, with what",
    "each fact, before and after",
    "the same after ten more commits",
)
_WALK = """
import sys
from stocktake.history.touches import walked
with walked(sys.argv[1], ("registry", "stocktake.yaml")) as found:
    assert len(found.walk().touched) >= int(sys.argv[2])
"""
_ALL = """
import os, shutil, sys
os.environ["XDG_CACHE_HOME"] = sys.argv[3]
from stocktake.load.files import Tree, schema_folder
from stocktake.load.schemas import read_schemas
from stocktake.model.estate import Estate
from stocktake.model.settings import Settings
from stocktake.pipeline.chronicle import chronicle
tree = Tree(sys.argv[1])
schemas = read_schemas(Tree(schema_folder()), tree)
estate = Estate([], schemas.kinds(), schemas.groups, Settings())
assert len(chronicle(tree, estate).touches) >= int(sys.argv[2])
"""


_RECORD = """name: Store {file}
type: relational-db
engine: postgresql
version: '16.{minor}'
owner: team-{team}
criticality: high
classification: internal
description: The store number {file}.
backup:
  rpo: PT{minutes}M
  rto: PT4H
  plans:
    nightly:
      kind: full
      method: wal-g
      schedule: 0 2 * * *
      retention: P35D
      target: backups
"""


def measured(folder: Path, cache: Path, files: int, rounds: int) -> dict[str, Timing]:
    """All ways on one history of so many files and twice as many commits."""
    _prepare(folder, files)
    cold, warm, before = cache / "cold", cache / "warm", cache / "before"
    arguments = (str(folder), str(2 * files))
    full = Command(
        (sys.executable, "-c", f"import shutil, sys\nshutil.rmtree(sys.argv[3], True)\n{_ALL}", *arguments, str(cold)),
        folder,
    )
    shutil.rmtree(cache, ignore_errors=True)
    once(Command((sys.executable, "-c", _ALL, *arguments, str(before)), folder))
    _import(folder, _changes(files, 2 * files, 2 * files + 10, continues=True))
    again = (
        f"import shutil, sys\nshutil.rmtree(sys.argv[3], True)\nshutil.copytree({str(before)!r}, sys.argv[3])\n{_ALL}"
    )
    return by_turns(
        {
            GIT: Command(("git", "--no-pager", "log", "--name-status"), folder),
            RECORDS: Command((sys.executable, "-c", _WALK, *arguments), folder),
            FIELDS: full,
            NEW: Command((sys.executable, "-c", again, *arguments, str(warm)), folder),
        },
        rounds,
    )


def _prepare(folder: Path, files: int) -> None:
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    (folder / "stocktake.yaml").write_text("schema: 1\n")
    _import(folder, (*_adds(files), *_changes(files, files, 2 * files)))


def _adds(files: int) -> Iterator[bytes]:
    for number in range(files):
        yield _commit(number, number, 0)


def _changes(files: int, first: int, last: int, continues: bool = False) -> Iterator[bytes]:
    for number in range(first, last):
        yield _commit(number, (number * 7919) % files, number, number == first and continues)


def _commit(number: int, file: int, turn: int, is_first: bool = False) -> bytes:
    """A commit that writes one record, as `git fast-import` reads it."""
    text = _RECORD.format(file=file, minor=turn % 10, team=file % 50, minutes=turn + 1).encode()
    message = f"Change store {file} (#{number})".encode()
    when = 1_700_000_000 + 60 * number
    head = f"commit refs/heads/main\ncommitter Ada <ada@example.org> {when} +0000\ndata {len(message)}\n".encode()
    start = b"from refs/heads/main^0\n" if is_first and number else b""
    path = f"M 100644 inline registry/assets/team-{file % 50}/store-{file}.yaml\ndata {len(text)}\n".encode()
    return head + message + b"\n" + start + path + text + b"\n"


def _import(folder: Path, commits: Iterator[bytes] | tuple[bytes, ...]) -> None:
    command = ["git", "-C", str(folder), "fast-import", "--quiet", "--force"]
    subprocess.run(command, input=b"".join(commits), check=True)
    subprocess.run(["git", "-C", str(folder), "repack", "-adq"], check=True)

"""Which of the installed PostgreSQL programs a drill uses: those of the server's own version where they are there."""

from __future__ import annotations

import re

from stocktake.errors import FailedProgramError
from stocktake.restore import files
from stocktake.restore.job import Run
from stocktake.restore.stop import UndecidedError

_VERSION = re.compile(rb"\(PostgreSQL\) ([0-9]+)")
_NEEDED = ("initdb", "pg_ctl", "pg_dump", "pg_restore", "postgres", "psql")


def folder(run: Run, major: int | None, *, exact: bool) -> str:
    """The folder of the programs of a major version; the next newer one where not `exact`, the newest for None.

    Raises UndecidedError where there is none.
    """
    found = sorted((version, place) for place in files.program_folders(_NEEDED) if (version := _major(run, place)))
    fitting = [place for version, place in found if version == major]
    newer = [place for version, place in found if major is not None and version > major]
    if fitting or (newer and not exact):
        return (fitting or newer)[0]
    if major is None and found:
        return found[-1][1]
    there = ", ".join(str(version) for version in sorted({version for version, _ in found})) or "none"
    what = f"the programs of PostgreSQL {major or ''} are not installed (found: {there})".replace("  ", " ")
    raise UndecidedError("restore", "missing-dependency", what)


def _major(run: Run, place: str) -> int:
    try:
        said = _VERSION.search(run([f"{place}/postgres", "--version"]))
    except FailedProgramError:
        return 0
    return int(said[1]) if said else 0

"""Why a restore did not succeed, from what PostgreSQL's programs said: the backup, or something around it."""

from __future__ import annotations

import re

from stocktake.restore.stop import BadBackupError, StoppedError, UndecidedError
from stocktake.values.secret import redact
from stocktake.values.text import shown

_ROLE = re.compile(r'role "[^"]*" does not exist')
_EXTENSION = re.compile(
    r'extension "[^"]*" is not available|could not open extension control file|could not access file'
)
_VERSION = re.compile(
    r"unsupported version|unrecognized (?:configuration )?parameter|aborting because of server version"
)
_RESTRICTED = re.compile(r"backslash commands are restricted")
_OLD_PSQL = "invalid command \\restrict"
_SPACE = re.compile(r"No space left on device|out of memory|could not (?:extend|write)", re.IGNORECASE)
_DENIED = re.compile(r"Permission denied|permission denied")
_ENDED = re.compile(r"^\S+ ended with exit code [0-9]+(?:: )?")
# Where something lies on this machine is nobody's business in a record.
_FOLDERS = re.compile(r"(?<![\w.])(?:/[^\s\"':,/]+)+/([^\s\"':,/]+)")
_LINE = re.compile(r"[^\n]*(?:error|ERROR|FATAL)[^\n]*")


def stopped(check: str, said: str) -> StoppedError:
    """The exception to raise for a program that did not succeed."""
    line = first_error(said)
    if _RESTRICTED.search(said):
        return UndecidedError(check, "procedure", "the dump holds a command of psql that a drill does not run")
    if _OLD_PSQL in said:
        return UndecidedError(check, "incompatible-version", "psql is too old to load a dump without its commands")
    if _SPACE.search(said):
        return UndecidedError(check, "capacity", line)
    if _ROLE.search(said):
        hint = "; keep the output of pg_dumpall --globals-only beside the dump"
        return BadBackupError(check, "missing-dependency", f"{line[:300]}{hint}")
    if _EXTENSION.search(said):
        return UndecidedError(check, "missing-dependency", line)
    if _VERSION.search(said):
        return UndecidedError(check, "incompatible-version", line)
    if _DENIED.search(said):
        return UndecidedError(check, "access-denied", line)
    return BadBackupError(check, "corruption", line)


def first_error(said: str) -> str:
    """The line that says what went wrong, without secrets and without folders of this machine."""
    said = _ENDED.sub("", said)
    found = _LINE.search(said)
    line = found[0] if found else said.strip().partition("\n")[0]
    return redact(shown(_FOLDERS.sub(r"\1", line).strip()))[:400]

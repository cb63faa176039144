"""A door: the folder that a drill makes, marks and takes away, the only place that it ever writes into."""

from __future__ import annotations

import fcntl
import gzip
import json
import os
import secrets
import shutil
import signal
import stat
import tempfile
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from stocktake.restore.stop import BadBackupError, UndecidedError

PREFIX = "stocktake-drill-"
MARKER = "sandbox.json"
DATA = "data"  # the folder of a server in a sandbox
_MADE_BY = "stocktake drill"


class Sandbox(NamedTuple):
    """A folder that this drill made; `token` stands in its marker and in the name of its server."""

    folder: str
    token: str

    def path(self, name: str) -> str:
        """Where something of this name lies in it.

        Raises UndecidedError where that is not in the sandbox, or the sandbox is not ours.
        """
        full = os.path.join(self.folder, name)
        if not self.holds(full):
            raise UndecidedError("sandbox-empty", "procedure", "the target is not the sandbox of this drill")
        return full

    def holds(self, path: str) -> bool:
        """Whether a path lies inside, and the marker is still the one that this drill wrote."""
        top = os.path.realpath(self.folder)
        inside = os.path.realpath(path).startswith(top + os.sep)
        return inside and _marker(self.folder).get("token") == self.token

    def make(self, name: str, owner: int | None = None) -> str:
        """An empty folder in it, which belongs to another user where a server runs as one."""
        folder = self.path(name)
        os.mkdir(folder, 0o700)
        if owner is not None:
            os.chown(folder, owner, -1)
        return folder

    def write(self, name: str, text: bytes) -> str:
        """A file in it."""
        path = self.path(name)
        with open(path, "wb") as file:
            file.write(text)
        return path

    def write_lines(self, name: str, lines: Iterable[bytes]) -> str:
        """A file in it, of lines that need not fit into memory."""
        path = self.path(name)
        try:
            with open(path, "wb") as file:
                file.writelines(lines)
        except OSError as error:
            raise _no_room(error) from None
        return path

    def copy(self, source: str, name: str) -> str:
        """A copy of a file or folder in it; the original is only read."""
        target = self.path(name)
        try:
            if os.path.isdir(source):
                shutil.copytree(source, target, symlinks=True)
                os.chmod(target, 0o700)
            else:
                shutil.copyfile(source, target)
        except PermissionError:
            raise UndecidedError("restore", "access-denied", "the backup may not be read") from None
        except OSError as error:
            raise _no_room(error) from None
        return target

    def unpack(self, source: str, name: str) -> str:
        """What gzip packed, in a file of it.

        Raises BadBackupError where it is damaged.
        """
        target = self.path(name)
        try:
            with gzip.open(source) as packed, open(target, "wb") as file:
                shutil.copyfileobj(packed, file, 1 << 20)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise BadBackupError("integrity", "corruption", f"it cannot be unpacked: {error}") from None
        except OSError as error:
            raise _no_room(error) from None
        return target

    def remove(self, name: str) -> None:
        """Take one file of it away, if it is there."""
        with suppress(FileNotFoundError):
            os.remove(self.path(name))

    def give(self, name: str, owner: int | None) -> None:
        """Hand a folder of it to another user, where a server runs as one."""
        if owner is not None:
            _give(self.path(name), owner)

    def is_empty(self, name: str) -> bool:
        """Whether nothing of this name is there yet."""
        return not os.path.lexists(self.path(name))


def _no_room(error: OSError) -> UndecidedError:
    return UndecidedError("restore", "capacity", f"the sandbox could not be filled: {error.strerror}")


def _give(path: str, owner: int) -> None:
    for folder, folders, names in os.walk(path):
        for each in (folder, *(os.path.join(folder, name) for name in (*folders, *names))):
            os.chown(each, owner, -1, follow_symlinks=False)


def parent() -> str:
    """Where sandboxes are made: where the system keeps temporary files (`TMPDIR`)."""
    return os.path.realpath(tempfile.gettempdir())


def refuse_without_room(needed: int) -> None:
    """Raise UndecidedError where the disk has not enough room for `needed` bytes."""
    free = shutil.disk_usage(parent()).free
    if free < needed:
        what = f"the sandbox needs {needed:,} bytes, and {free:,} are free in {parent()}"
        raise UndecidedError("restore", "capacity", what)


@contextmanager
def sandbox(about: dict[str, Any]) -> Iterator[Sandbox]:
    """A sandbox of our own, which is gone at the end, however that comes."""
    folder = tempfile.mkdtemp(prefix=PREFIX, dir=parent())
    box = Sandbox(folder, secrets.token_hex(8))
    try:
        os.chmod(folder, 0o711)  # noqa: S103 - a server of another user has to get at its own folder inside
        with _marked(box, about):
            yield box
    finally:
        _remove(folder)


@contextmanager
def _marked(box: Sandbox, about: dict[str, Any]) -> Iterator[None]:
    """The marker is locked as long as its drill lives, and the system lets go of the lock when it is killed."""
    fresh = os.path.join(box.folder, f"{MARKER}.new")
    with open(fresh, "x", encoding="utf-8") as file:
        json.dump({"made_by": _MADE_BY, "token": box.token, **about}, file)
        file.flush()
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.rename(fresh, os.path.join(box.folder, MARKER))
        yield


def sweep() -> list[str]:
    """Remove the sandboxes of drills that were killed, and stop their servers; sandboxes of living drills stay."""
    removed = []
    for entry in sorted(os.scandir(parent()), key=lambda each: each.name):
        if entry.name.startswith(PREFIX) and _is_left_behind(entry.path):
            _remove(entry.path)
            removed.append(entry.path)
    return removed


def _is_left_behind(folder: str) -> bool:
    try:
        status = os.lstat(folder)
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
            return False
        if _marker(folder).get("made_by") != _MADE_BY:
            return False
        with open(os.path.join(folder, MARKER), encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # locked by a drill that lives, or gone meanwhile
        return False
    return True


def _marker(folder: str) -> dict[str, Any]:
    path = os.path.join(folder, MARKER)
    try:
        if os.path.islink(path):
            return {}
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _remove(folder: str) -> None:
    stop_server(os.path.join(folder, DATA))
    shutil.rmtree(folder, ignore_errors=True)


def stop_server(data: str, patience: float = 20.0) -> None:
    """Stop the server whose data lies in a folder of ours, if one runs: at once, since nothing in it is kept."""
    process = _server(data)
    if process is None:
        return
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGQUIT)
    until = time.monotonic() + patience
    while _server(data) == process and time.monotonic() < until:
        time.sleep(0.02)
    if _server(data) == process:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def _server(data: str) -> int | None:
    """The process of the server of a data folder, if it is provably that one."""
    try:
        with open(os.path.join(data, "postmaster.pid"), encoding="utf-8") as file:
            process = int(file.readline())
        with open(f"/proc/{process}/cmdline", "rb") as file:
            command = file.read()
    except (OSError, ValueError):
        return None
    return process if os.fsencode(data) in command.split(b"\0") else None

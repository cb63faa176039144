"""Which of the files in a folder of backups is the one to restore, and why the others are not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from stocktake.restore.job import Backup

_MOMENT = re.compile(r"(20\d\d)-?([01]\d)-?([0-3]\d)[T_-]?([0-2]\d)[:.-]?([0-5]\d)[:.-]?([0-5]\d)Z")
_BESIDE = (".json", ".log", ".md", ".md5", ".sha256", ".sha512", ".sum", ".txt")
_COMPANIONS = ("-shm", "-wal", "-journal")
_USUAL = (".backup", ".bak", ".db", ".dump", ".pgdump", ".sql", ".sqlite", ".sqlite3")
_CIPHERS = (".age", ".asc", ".enc", ".gpg", ".pgp")
MANIFEST = ".manifest.json"


class Found(NamedTuple):
    """Something in a folder of backups; `head` are its first bytes (unpacked, where it is `packed`), `names` what a
    folder holds, `unread` why it was not even looked into.
    """

    name: str
    path: str
    size: int
    modified: datetime
    head: bytes
    names: tuple[str, ...] = ()
    is_folder: bool = False
    packed: bool = False
    unread: str = ""


class Choice(NamedTuple):
    """The newest backup that can be restored (None: there is none), and all others with the reason.

    `damaged` are those that should be backups, are newer than the chosen one, and cannot be read.
    """

    backup: Backup | None
    passed_over: tuple[tuple[Backup, str], ...]
    damaged: tuple[str, ...]
    encrypted: tuple[str, ...]


def choose(found: Iterable[Found], form: Callable[[Found], str], wanted: frozenset[str]) -> Choice:
    """The newest backup of one of the `wanted` forms; `form` says what something is, in the engine's words."""
    files = sorted(found, key=lambda each: (taken(each), each.name), reverse=True)
    manifests = {each.name: each.path for each in files if each.name.endswith(MANIFEST) and not each.unread}
    globals_ = next((each.path for each in files if form(each) == "globals"), "")
    chosen: Backup | None = None
    passed_over: list[tuple[Backup, str]] = []
    damaged, encrypted = [], []
    for each in files:
        if _is_beside(each) or form(each) == "globals":
            continue
        what = form(each)
        backup = _backup(each, what, manifests)
        if each.unread:
            reason = each.unread
        elif _is_encrypted(each):
            reason = "encrypted, so it cannot be read here"
            encrypted += [each.name] if chosen is None else []
        elif not what:
            reason = "not a backup that can be read"
            damaged += [each.name] if chosen is None and _looks_like_one(each) else []
        elif what not in wanted:
            reason = f"of another form ({what})"
        elif chosen is None:
            chosen = backup._replace(globals=globals_)
            continue
        else:
            reason = f"older than {chosen.name}"
        passed_over.append((backup, reason[:400]))
    return Choice(chosen, tuple(passed_over), tuple(damaged), tuple(encrypted))


def _backup(found: Found, form: str, manifests: Mapping[str, str]) -> Backup:
    manifest = manifests.get(found.name + MANIFEST, "")
    return Backup(found.name, found.path, taken(found), found.size, form, packed=found.packed, manifest=manifest)


def taken(found: Found) -> datetime:
    """When a backup was taken: by its name if that holds a moment in UTC, else when it was last written."""
    if match := _MOMENT.search(found.name):
        try:
            return datetime(*map(int, match.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type]
        except ValueError:
            pass
    return found.modified


def _is_beside(found: Found) -> bool:
    name = found.name.lower()
    return name.startswith(".") or name.endswith((*_BESIDE, *_COMPANIONS)) or name == "readme"


def _looks_like_one(found: Found) -> bool:
    """Whether something that nobody can read was meant to be a backup."""
    if found.is_folder:
        return not {"backup_label", "backup_manifest", "base"}.isdisjoint(found.names)
    return found.name.lower().removesuffix(".gz").endswith(_USUAL)


def _is_encrypted(found: Found) -> bool:
    return found.head.startswith(
        (b"Salted__", b"age-encryption.org/", b"-----BEGIN PGP")
    ) or found.name.lower().endswith(_CIPHERS)

"""Rules about SQLite files that were looked at."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import SHIELDED, is_sqlite, only_on
from stocktake.rules.live import on_sqlite
from stocktake.rules.visibility import doubts, setting
from stocktake.values.name import encode_key
from stocktake.values.text import shown

_PROTECTION = ("ISO/IEC 27001:2022 A.8.3", "NIST CSF 2.0 PR.DS-01")
# What copies a file as it lies there, while the database may be writing it.
_COPIES = re.compile(r"\b(cp|copy|file copy|robocopy|rsync|scp|tar|zip)\b", re.IGNORECASE)
_SAFE = re.compile(
    r"(\bbackup api|\.backup|\bvacuum into|\blitestream|\bsqlite3_rsync|\bsnapshot)(?!\w)", re.IGNORECASE
)
_LARGE_LOG = 64 * 1024**2
_LARGE_FILE, _MOSTLY_FREE = 10 * 1024**2, 0.5
_OVERWRITES = frozenset({"1", "2", "fast", "on"})


@on_sqlite("SL001", severity="critical", sees=("integrity.result",), controls=_PROTECTION)
def damaged_file(asset: Sheet, context: Context) -> Iterator[Hit]:
    """SQLite finds its file damaged.

    Why:
    What is damaged cannot be read any more, every backup since then holds the damage, and it grows with every change.

    Fix:
    Stop the program, keep a copy of the file and what lies beside it, and restore the newest backup that passes
    `PRAGMA integrity_check`; `sqlite3 FILE .recover` saves what can be read.

    False positives:
    A file that was copied while it was written looks damaged: look at the file itself, not at a copy.

    Privilege:
    Reading the file and its folder.

    Example:
    `row 7 missing from index orders_customer`.
    """
    result = asset["integrity.result"]
    text = "; ".join(map(str, result)) if isinstance(result, (list, tuple)) else str(result)
    if text != "ok":
        yield Hit(f"the integrity check says: {shown(text)[:200]}")


@on_sqlite("SL002", severity="high", sees=("integrity.foreign_key_violations",), controls=_PROTECTION)
def dangling_references(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Rows refer to rows that do not exist.

    Why:
    SQLite checks foreign keys only in connections that ask for it with `PRAGMA foreign_keys = ON`.
    One program that forgets it leaves rows that no query joins any more.

    Fix:
    Repair the rows that `PRAGMA foreign_key_check` names, and switch the check on wherever the file is opened.

    False positives:
    None are known: a key that may point nowhere should not be declared.

    Privilege:
    Reading the file and its folder.

    Example:
    Three lines of orders refer to a book that was deleted.
    """
    if count := asset["integrity.foreign_key_violations"]:
        yield Hit(f"{count} rows refer to rows that do not exist")


@on_sqlite("SL003", severity="high", sees=("file.mode", "file.folder_mode"), controls=_PROTECTION)
def others_may_open_the_file(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Every account of the machine may read or change the file.

    Why:
    The file is the database: there are no roles behind its permissions.
    Who may write the folder can exchange the file and its log.

    Fix:
    `chmod o-rwx` the file and what lies beside it, and `chmod o-w` the folder; give both to the account of the service.

    False positives:
    Reading by others passes where the record classifies the data as public or internal; changing never does.
    A folder that others may not enter protects the file too; that is seen from the folder's own mode only.

    Privilege:
    Seeing the file and its folder.

    Example:
    The file has the mode `0644` in a folder with `0755`, and holds the addresses of customers.
    """
    mode, folder = _mode(asset["file.mode"]), _mode(asset["file.folder_mode"])
    if mode is None or folder is None:
        yield Unknown("the mode of the file or its folder is not understood")
        return
    if mode & 0o002 and folder & 0o001:
        yield Hit(f"every account may change the file (mode {mode:04o})", detail="write")
    elif mode & 0o004 and folder & 0o001 and asset.get("classification") not in ("public", "internal"):
        yield Hit(f"every account may read the file (mode {mode:04o})", field="classification", detail="read")
    if folder & 0o002 and not folder & 0o1000:
        yield Hit(f"every account may exchange the file (mode of the folder {folder:04o})", detail="folder")


def _mode(text: object) -> int | None:
    return int(str(text), 8) if re.fullmatch("[0-7]{3,5}", str(text)) else None


@only_on("sqlite")
def keeps_a_log(asset: Sheet, context: Context) -> bool:
    """An SQLite file with a backup plan that keeps the log of its changes."""
    return is_sqlite(asset, context) and any(_plan(asset, key, "kind") == "log" for key in asset.keys("backup.plans[]"))


def _plan(asset: Sheet, key: str, fact: str) -> str:
    return str(asset.get(f"backup.plans[{encode_key(key)}].{fact}", ""))


@on_sqlite(
    "SL004",
    severity="high",
    when=keeps_a_log,
    sees=("settings[journal_mode].value",),
    controls=("ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 PR.DS-11"),
)
def no_log_to_keep(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A backup plan keeps the log, and SQLite writes none.

    Why:
    What copies changes as they happen, such as Litestream, reads the write-ahead log; in another journal mode there is
    nothing to read, and only the last full copy can be restored.

    Fix:
    `PRAGMA journal_mode = WAL`, once: it stays with the file.

    False positives:
    Only files with a plan of kind `log` are asked.

    Privilege:
    Reading the file and its folder.

    Example:
    The plan `stream` has `kind: log`, and the journal mode is `delete`.
    """
    mode = str(setting(asset, "journal_mode")).lower()
    if mode != "wal":
        yield Hit(f"a plan keeps the log, and the journal mode is {shown(mode)}", field="backup.plans")


@only_on("sqlite")
def says_how_it_is_copied(asset: Sheet, context: Context) -> bool:
    """An SQLite file with a backup plan that names its method."""
    return is_sqlite(asset, context) and any(_plan(asset, key, "method") for key in asset.keys("backup.plans[]"))


@on_sqlite(
    "SL006",
    severity="high",
    when=says_how_it_is_copied,
    sees=("settings[journal_mode].value",),
    controls=("ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 PR.DS-11"),
)
def copied_while_it_is_written(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A backup copies the file of a database that may be writing it.

    Why:
    The copy holds pages of different moments, and in WAL mode the newest changes lie in another file.
    Such a backup opens, and is found to be damaged when it is needed.

    Fix:
    Use the backup API (`sqlite3 FILE ".backup COPY"`), `VACUUM INTO`, or a tool such as Litestream.

    False positives:
    A copy that is made while no program has the file open is right: say so in `method`, or accept it with a waiver.
    A snapshot of the whole file system passes.

    Privilege:
    Reading the file and its folder.

    Example:
    `method: rsync` fails, and `method: sqlite3 .backup, then rsync` passes.
    """
    mode = str(setting(asset, "journal_mode")).lower()
    for key in asset.keys("backup.plans[]"):
        method = _plan(asset, key, "method")
        if _COPIES.search(method) and not _SAFE.search(method):
            message = f"plan {key} copies the file ({method}) in journal mode {shown(mode)}"
            yield Hit(message, field=f"backup.plans[{encode_key(key)}].method", detail=key)


@on_sqlite(
    "SL007",
    severity="high",
    sees=("file.tracked_by_git",),
    controls=("ISO/IEC 27001:2022 A.5.34", "NIST CSF 2.0 PR.DS-01"),
)
def tracked_by_git(asset: Sheet, context: Context) -> Iterator[Hit]:
    """The database is kept in Git.

    Why:
    Everybody who can clone the repository has the data, now and for ever, and erasing somebody's data is impossible.
    Merging two versions of it destroys the file.

    Fix:
    `git rm --cached` the file, ignore it, and rewrite the history where the data is delicate.

    False positives:
    A file that holds sample data only, and is never written, may live there: classify it as `public`, and it passes.

    Privilege:
    Seeing the repository around the file.

    Example:
    `var/app.sqlite3` was committed with the first version.
    """
    if asset["file.tracked_by_git"] and asset.get("classification") != "public":
        yield Hit("the file is tracked by Git", field="classification")


@on_sqlite(
    "SL008",
    severity="low",
    needs=("classification",),
    sees=("file.free_ratio",),
    controls=("ISO/IEC 27001:2022 A.8.10", "NIST CSF 2.0 PR.DS-01"),
)
def deleted_data_stays(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Deleted confidential data may stay readable in the free pages of the file.

    Why:
    SQLite only marks pages as free.
    Whoever has the file, or a backup of it, can read what was erased on somebody's request.

    Fix:
    Open the file with `PRAGMA secure_delete = ON`, or run `VACUUM` after erasing.

    False positives:
    Only data that is classified as confidential or restricted is asked about.
    `secure_delete` belongs to each connection and is not kept in the file: where every program sets it, accept that
    with a waiver.

    Privilege:
    Reading the file and its folder.

    Example:
    A fifth of the pages are free, with the orders of customers who asked to be forgotten.
    """
    ratio = asset["file.free_ratio"]
    if ratio and setting(asset, "secure_delete") not in _OVERWRITES and asset["classification"] in SHIELDED:
        message = f"{ratio:.1%} of the pages are free and may hold deleted {asset['classification']} data"
        yield Hit(message, field="classification")


@on_sqlite(
    "SL009",
    severity="medium",
    sees=("file.size",),
    controls=("ISO/IEC 27001:2022 A.8.6", "NIST CSF 2.0 PR.IR-04"),
)
def log_not_merged(asset: Sheet, context: Context) -> Iterator[Hit]:
    """The write-ahead log beside the file is large.

    Why:
    Every read has to look through it, and a backup of the file alone misses what is in it.
    It is a sign that some reader never ends and keeps it from being merged.

    Fix:
    Find the connection that stays open in a transaction, and run `PRAGMA wal_checkpoint(TRUNCATE)`.

    False positives:
    One large transaction leaves a large log; it is used again and not given back until the next truncation.
    64 MB fail.

    Privilege:
    Seeing the folder of the file.

    Example:
    `app.sqlite3-wal` has 900 MB beside a file of 40 MB.
    """
    yield from doubts(asset, "file.wal_bytes")
    size = asset.get("file.wal_bytes", 0)
    if size > _LARGE_LOG:
        yield Hit(f"{size / 1024**2:,.0f} MB wait in the log beside the file")


@on_sqlite(
    "SL010",
    severity="low",
    sees=("file.free_ratio", "file.size"),
    controls=("ISO/IEC 27001:2022 A.8.6", "NIST CSF 2.0 PR.IR-04"),
)
def mostly_free(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Most of the file is free space.

    Why:
    Backups and copies carry it along, and reading it takes longer than it must.

    Fix:
    Run `VACUUM` while the program may wait, or set `auto_vacuum` before the next one.

    False positives:
    A file that fills and empties again soon needs its space back; accept that with a waiver.
    Files under 10 MB do not fail.

    Privilege:
    Reading the file and its folder.

    Example:
    80 % of a file of 2 GB is free after old orders were archived.
    """
    ratio, size = asset["file.free_ratio"], asset["file.size"]
    if ratio > _MOSTLY_FREE and size > _LARGE_FILE:
        yield Hit(f"{ratio:.0%} of {size / 1024**2:,.0f} MB is free")


RULES = (
    damaged_file,
    dangling_references,
    others_may_open_the_file,
    no_log_to_keep,
    copied_while_it_is_written,
    tracked_by_git,
    deleted_data_stays,
    log_not_merged,
    mostly_free,
)

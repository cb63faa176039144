"""Whether what PostgreSQL has confirmed is really kept, and whether damage is noticed."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.agreed import agreed
from stocktake.rules.applies import since
from stocktake.rules.live import on_postgresql
from stocktake.rules.visibility import doubts, entries, setting
from stocktake.values.text import shown

# Of about 2.1 billion transactions, after which the server stops to protect the data.
_WORRYING_AGE = 1_200_000_000
_LAST_AGE = 2**31
# Who agreed to lose this much after a disaster can lose the last moments after a crash.
_MOMENTS = 60
# Collations that no library can change under an index.
_STEADY = ("C", "POSIX")


@on_postgresql(
    "PG022",
    severity="critical",
    when=since("12"),
    sees=("settings[data_checksums].value",),
    controls=("ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 PR.DS-01"),
)
def damaged_pages(asset: Sheet, context: Context) -> Iterator[Hit]:
    """PostgreSQL has read pages that were damaged.

    Why:
    The disk or its memory gave back something else than what was written.
    More pages are probably damaged than were read, and every backup since then may hold them.

    Fix:
    Find out when it began, keep the oldest good backups, check the hardware, restore onto another machine, and compare.

    False positives:
    The count stays until the statistics are reset: after the repair, `pg_stat_reset` in that database.
    Without checksums the answer is unknown, since nobody would notice.

    Privilege:
    Every role may read it. Counted since PostgreSQL 12.

    Example:
    `pg_stat_database.checksum_failures` is 3 for `orders`.
    """
    if setting(asset, "data_checksums") != "on":
        yield Unknown("data checksums are off, so that damage is not noticed")
        return
    yield from doubts(asset, "statistics[].checksum_failures")
    for database, facts in entries(asset, "statistics"):
        if failures := facts.get("checksum_failures"):
            yield Hit(f"{failures} damaged pages were read in {shown(database)}", detail=database)


@on_postgresql(
    "PG043",
    severity="high",
    sees=("settings[data_checksums].value",),
    controls=("ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 PR.DS-01"),
)
def no_checksums(asset: Sheet, context: Context) -> Iterator[Hit]:
    """PostgreSQL does not notice when a page on the disk is damaged.

    Why:
    A damaged page is read as if it were right, copied into every backup, and found when all good backups are gone.

    Fix:
    Stop the server and run `pg_checksums --enable` (since PostgreSQL 12), or make a new cluster with checksums and move
    over with logical replication.

    False positives:
    A file system that checks its own blocks, such as ZFS, notices damage on the disk too; accept that with a waiver.
    New clusters have checksums by default since PostgreSQL 18.

    Privilege:
    Every role may read it.

    Example:
    `SHOW data_checksums` says `off`.
    """
    if setting(asset, "data_checksums") == "off":
        yield Hit("data checksums are off")


@on_postgresql(
    "PG023",
    severity="critical",
    sees=("settings[fsync].value", "settings[full_page_writes].value"),
    controls=("ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 PR.DS-01"),
)
def not_safe_after_a_crash(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A crash of the machine can destroy the whole PostgreSQL cluster.

    Why:
    Without `fsync` or `full_page_writes` the files are left in a state between two states, and no repair exists but the
    backup.

    Fix:
    Switch both on and reload. If load was the reason, use `synchronous_commit` for what may lose its last moments.

    False positives:
    A server that can be made again from nothing, as in a test, may do without: declare it as an environment of its own.
    Some file systems never tear a page; even there `full_page_writes` is seldom worth switching off.

    Privilege:
    Every role may read it.

    Example:
    `fsync` was switched off for a bulk load and never switched on again.
    """
    for name in ("fsync", "full_page_writes"):
        if setting(asset, name) == "off":
            yield Hit(f"{name} is off", detail=name)


@on_postgresql(
    "PG044",
    severity="medium",
    sees=("settings[synchronous_commit].value",),
    controls=("ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 PR.DS-01"),
)
def confirms_before_it_keeps(asset: Sheet, context: Context) -> Iterator[Hit]:
    """PostgreSQL confirms what it has not yet written to the disk.

    Why:
    With `synchronous_commit = off` a crash loses the last moments of what was already confirmed to somebody, a payment
    for example.

    Fix:
    Switch it on for the server, and off only in the sessions whose data may be lost.

    False positives:
    Where `backup.rpo` allows a minute or more to be lost, the last moments are part of that agreement, and the rule
    passes.
    What single roles and databases set for themselves is looked at too.

    Privilege:
    Every role may read it.

    Example:
    `ALTER ROLE import SET synchronous_commit = off` is the better place for it, and has to be accepted with a waiver.
    """
    if (agreed(asset, "backup.rpo") or 0) >= _MOMENTS:
        return
    if setting(asset, "synchronous_commit") == "off":
        yield Hit("synchronous_commit is off", field="backup.rpo")
    else:
        yield from doubts(asset, "role_settings[]")
    for whose, facts in entries(asset, "role_settings"):
        if "synchronous_commit=off" in (facts.get("values") or ()):
            yield Hit(f"synchronous_commit is off for {shown(whose)}", field="backup.rpo", detail=whose)


@on_postgresql(
    "PG024",
    severity="critical",
    sees=("databases[].transaction_age",),
    controls=("ISO/IEC 27001:2022 A.8.6", "NIST CSF 2.0 PR.IR-04"),
)
def transaction_numbers_run_out(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A database is on its way to the point where PostgreSQL stops accepting changes.

    Why:
    Transactions are numbered, and the numbers of old rows must be taken back in time.
    Where that does not happen, the server refuses every change until somebody vacuums for hours.

    Fix:
    Look for what holds it up (a long transaction, a forgotten slot, a prepared transaction, autovacuum switched off),
    and run `VACUUM (FREEZE)` on the oldest tables.

    False positives:
    The rule fails at 1.2 of 2.1 billion, long before the end, since catching up takes days on a large database.

    Privilege:
    Every role may read it.

    Example:
    `age(datfrozenxid)` is 1,400,000,000 for `orders`.
    """
    yield from doubts(asset, "databases[].transaction_age")
    for database, facts in entries(asset, "databases"):
        age = facts.get("transaction_age") or 0
        if age >= _WORRYING_AGE:
            share = f"{age / _LAST_AGE:.0%} of its transaction numbers are used up"
            yield Hit(f"{shown(database)}: {share}", detail=database)


@on_postgresql(
    "PG054",
    severity="high",
    when=since("15"),
    sees=("databases[].collation",),
    controls=("ISO/IEC 27001:2022 A.8.9", "NIST CSF 2.0 PR.DS-01"),
)
def sort_order_changed(asset: Sheet, context: Context) -> Iterator[Hit]:
    """The machine sorts text otherwise than when the indexes of a database were built.

    Why:
    Indexes on text are then in the wrong order: rows are not found, and unique keys are stored twice.

    Fix:
    `REINDEX DATABASE`, look for duplicates, and then `ALTER DATABASE ... REFRESH COLLATION VERSION`.

    False positives:
    A new version need not sort your texts differently, but nobody can tell without comparing.
    Databases with the collation `C` or `POSIX` do not fail; where the machine does not tell versions, the answer is
    unknown.

    Privilege:
    Every role may read it. Recorded since PostgreSQL 15.

    Example:
    The image was moved from Debian 11 to Debian 12, and glibc from 2.31 to 2.36.
    """
    yield from doubts(asset, "databases[].collation_version")
    for database, facts in entries(asset, "databases"):
        if "collation" not in facts or str(facts["collation"]).split(".")[0] in _STEADY:
            continue
        made, now = facts.get("collation_version"), facts.get("collation_actual")
        if made is None or now is None:
            yield Unknown(f"the version of the collation of {shown(database)} is not known", detail=database)
        elif made != now:
            yield Hit(
                f"{shown(database)} was sorted by version {shown(str(made))} of {shown(str(facts['collation']))}, "
                f"and the machine has {shown(str(now))}",
                detail=database,
            )


RULES = (
    damaged_pages,
    no_checksums,
    not_safe_after_a_crash,
    confirms_before_it_keeps,
    transaction_numbers_run_out,
    sort_order_changed,
)

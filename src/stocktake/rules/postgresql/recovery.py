"""Whether the log that PostgreSQL writes reaches those who need it: the archive, the standbys, the slots."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.agreed import agreed
from stocktake.rules.applies import has_replicas, keeps_a_log, only_on, replicas, since
from stocktake.rules.live import on_postgresql
from stocktake.rules.visibility import doubts, entries, setting
from stocktake.values import duration
from stocktake.values.text import shown

_BACKUP = ("ISO/IEC 27001:2022 A.8.13", "NIST CSF 2.0 PR.DS-11")
_REDUNDANCY = ("ISO/IEC 27001:2022 A.8.14", "NIST CSF 2.0 PR.IR-03")
# How far a standby may lag where no recovery point objective is declared.
_LAG = 300
_GIGABYTE = 1024**3


@only_on("postgresql")
def depends_on_the_log(asset: Sheet, context: Context) -> bool:
    """PostgreSQL with a plan that keeps the log, or with members that follow it."""
    return keeps_a_log(asset, context) or has_replicas(asset, context)


@on_postgresql(
    "PG025",
    severity="critical",
    when=keeps_a_log,
    sees=("archiving.mode", "recovery.is_standby"),
    controls=_BACKUP,
)
def log_not_archived(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A backup plan keeps the log, and PostgreSQL does not archive it.

    Why:
    The record promises that any moment can be restored; without the log only the moments of full backups can.

    Fix:
    Set `archive_mode = on` and an `archive_command` or `archive_library` that fails when it does not succeed, and
    restart the server.

    False positives:
    A tool that receives the log as a standby does, such as `pg_receivewal` or Barman, needs no archiving: accept that
    with a waiver that names the tool.
    A standby does not archive unless told to, so it does not fail.

    Privilege:
    Every role may read it.

    Example:
    The plan `log` has `kind: log`, and `archive_mode` is `off`.
    """
    if asset["archiving.mode"] == "off" and not asset["recovery.is_standby"]:
        yield Hit("a plan keeps the log, and archive_mode is off", field="backup.plans")


@on_postgresql("PG045", severity="critical", sees=("archiving.mode",), controls=_BACKUP)
def archiving_fails(asset: Sheet, context: Context) -> Iterator[Hit]:
    """PostgreSQL cannot archive its log.

    Why:
    What was written since the last success can only be restored as long as this machine lives, and the log that waits
    fills its disk until the server stops.

    Fix:
    Read the server's log for what the archive command said, mend it, and watch the count of files that wait.

    False positives:
    The newest attempt counts: a failure that was followed by a success passes.
    A look at the very moment of a short interruption fails too; look again.

    Privilege:
    Every role may read it.

    Example:
    The key of the object store expired on Sunday, and since then every file waits.
    """
    failed, archived = str(asset.get("archiving.last_failed", "")), str(asset.get("archiving.last_archived", ""))
    if failed > archived and asset["archiving.mode"] != "off":
        last = f"the last success was at {shown(archived)}" if archived else "it has never succeeded"
        yield Hit(f"archiving failed at {shown(failed)}, and {last}", field="backup.plans")


@on_postgresql(
    "PG046",
    severity="high",
    when=keeps_a_log,
    needs=("backup.rpo",),
    sees=("archiving.mode", "recovery.is_standby"),
    controls=_BACKUP,
)
def archive_older_than_rpo(asset: Sheet, context: Context) -> Iterator[Hit]:
    """The newest archived log is older than the recovery point objective.

    Why:
    If the machine is lost now, everything since then is lost, which is more than was agreed on.

    Fix:
    Set `archive_timeout` below the objective, so that a log that is not full is archived as well, and find out why
    archiving lags.

    False positives:
    A server on which nothing was changed has nothing to archive; it passes once something is written.
    A standby does not archive unless told to, so it does not fail.

    Privilege:
    Every role may read it.

    Example:
    `backup.rpo` is `PT15M`, and `archive_timeout` is 0 on a server with few changes.
    """
    if asset["archiving.mode"] == "off" or asset["recovery.is_standby"]:
        return
    rpo, age = agreed(asset, "backup.rpo"), asset.get("archiving.age_seconds")
    if rpo is None:
        yield Unknown("backup.rpo is not declared", field="backup.rpo")
    elif age is None:
        yield Hit("no log was ever archived", field="backup.rpo")
    elif age > rpo:
        message = f"the newest archived log is {duration.words(int(age))} old, and {duration.words(rpo)} may be lost"
        yield Hit(message, field="backup.rpo")


@on_postgresql(
    "PG026", severity="high", when=depends_on_the_log, sees=("settings[wal_level].value",), controls=_REDUNDANCY
)
def log_says_too_little(asset: Sheet, context: Context) -> Iterator[Hit]:
    """The log that PostgreSQL writes is not enough for the backups and replicas that the record names.

    Why:
    With `wal_level = minimal` neither a moment between two full backups nor a standby can be made from the log.

    Fix:
    Set `wal_level = replica` (or `logical`), restart the server, and make a new full backup.

    False positives:
    Only stores with a plan of kind `log`, or with members that follow, are asked.

    Privilege:
    Every role may read it.

    Example:
    `wal_level` was set to `minimal` for a large load and never set back.
    """
    if setting(asset, "wal_level") == "minimal":
        yield Hit("wal_level is minimal", field="backup.plans")


@on_postgresql("PG027", severity="high", sees=("recovery.is_standby",), controls=_REDUNDANCY)
def slot_holds_the_log(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A replication slot that nobody uses makes PostgreSQL keep its log.

    Why:
    The log grows until the disk is full and the server stops, and old rows cannot be cleaned up.

    Fix:
    Bring back whoever used it, or drop it with `pg_drop_replication_slot`.

    False positives:
    A standby that is being restarted leaves its slot inactive for a moment; look again.

    Privilege:
    Every role may read it.

    Example:
    The slot `old_standby` of a machine that was removed in March holds back 40 GB.
    """
    yield from doubts(asset, "replication.slots[]")
    for slot, facts in entries(asset, "replication.slots"):
        if facts.get("active") is False:
            held = (
                f" and holds {facts['retained_bytes'] / _GIGABYTE:.1f} GB of log" if "retained_bytes" in facts else ""
            )
            yield Hit(f"slot {shown(slot)} is not used{held}", detail=slot)


@on_postgresql(
    "PG053",
    severity="medium",
    when=since("13"),
    sees=("settings[max_slot_wal_keep_size].value", "recovery.is_standby"),
    controls=_REDUNDANCY,
)
def slots_without_limit(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Nothing limits how much log a replication slot makes PostgreSQL keep.

    Why:
    One consumer that stops reading, on a Friday evening, fills the disk, and the primary stops for all.

    Fix:
    Set `max_slot_wal_keep_size` to what the disk has to spare: the slot is then lost, and not the server.

    False positives:
    Servers without slots do not fail.
    Where losing the consumer is worse than stopping the primary, accept it with a waiver and watch the slots.

    Privilege:
    Every role may read it. Exists since PostgreSQL 13.

    Example:
    ```ini
    max_slot_wal_keep_size = 20GB
    ```
    """
    slots = [shown(slot) for slot, _ in entries(asset, "replication.slots")]
    if slots and setting(asset, "max_slot_wal_keep_size") == "-1":
        yield Hit(f"max_slot_wal_keep_size is -1, with slots {', '.join(slots)}")
    else:
        yield from doubts(asset, "replication.slots[]")


@on_postgresql("PG028", severity="high", when=has_replicas, sees=("recovery.is_standby",), controls=_REDUNDANCY)
def standby_missing_or_late(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A member that should follow the primary does not, or is too far behind.

    Why:
    The plan for losing the primary counts on it, and what has not arrived there is lost.

    Fix:
    Look at the standby's own log; where its place in the log is gone, build it again.
    If fewer are meant to follow, correct `members`.

    False positives:
    Members are counted by their `role` (`replica`, `standby`, `secondary` or `follower`), since a standby reports
    a name that need not be that of the record.
    A standby may lag as much as `backup.rpo` allows, or five minutes where none is declared.
    Asked of a server that is itself a standby, the rule passes: the primary knows.

    Privilege:
    `pg_read_all_stats`, which `pg_monitor` includes.

    Example:
    `members` names two replicas, and one streams.
    """
    hidden = [*doubts(asset, "replication.standbys[]")]
    yield from hidden
    if asset["recovery.is_standby"] or hidden:
        return
    following = [one for one in entries(asset, "replication.standbys") if one[1].get("state") == "streaming"]
    wanted = len(replicas(asset))
    if len(following) < wanted:
        yield Hit(f"{wanted} members should follow, and {len(following)} do", field="members")
    promised = agreed(asset, "backup.rpo")
    most = _LAG if promised is None else promised
    for name, facts in following:
        if (lag := facts.get("lag_seconds") or 0) > most:
            message = f"{shown(name)} is {duration.words(int(lag))} behind, and {duration.words(most)} is allowed"
            yield Hit(message, field="members", detail=name)


RULES = (
    log_not_archived,
    archiving_fails,
    archive_older_than_rpo,
    log_says_too_little,
    slot_holds_the_log,
    slots_without_limit,
    standby_missing_or_late,
)

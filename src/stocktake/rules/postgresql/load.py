"""Whether a PostgreSQL server has room: connections, sessions that wait, and rows that nobody cleaned up."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit
from stocktake.model.sheet import Sheet
from stocktake.rules.live import on_postgresql
from stocktake.rules.visibility import doubts, entries, setting
from stocktake.values import duration
from stocktake.values.quantity import amount
from stocktake.values.text import shown

_CAPACITY = ("ISO/IEC 27001:2022 A.8.6", "NIST CSF 2.0 PR.IR-04")
_FULL = 0.8
_LONG_IDLE = 3600
_MANY_DEAD, _DEAD_SHARE = 10_000, 0.2


@on_postgresql(
    "PG039",
    severity="medium",
    sees=("activity.connections", "settings[max_connections].value"),
    controls=_CAPACITY,
)
def connections_nearly_used_up(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Most of the connections that PostgreSQL allows are in use.

    Why:
    When the last one is taken, every service that wants another gets an error, and so do those who want to help.

    Fix:
    Put a pooler in front, or shrink the pools of the services; raise `max_connections` only with the memory for it.

    False positives:
    The number is that of one moment; four fifths of the limit fail.
    Connections that are kept for superusers count as free here, although services cannot have them.

    Privilege:
    `pg_read_all_stats`, which `pg_monitor` includes.

    Example:
    92 of 100 connections are open, most of them idle.
    """
    most = amount(str(setting(asset, "max_connections")))
    used = asset["activity.connections"]
    if most and used >= _FULL * most[1]:
        yield Hit(f"{used} of {most[1]} connections are in use")


@on_postgresql(
    "PG048",
    severity="low",
    sees=("settings[idle_in_transaction_session_timeout].value",),
    controls=_CAPACITY,
)
def idle_transactions_never_end(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Nothing ends a transaction that somebody left open.

    Why:
    A session that waits inside a transaction keeps its locks and keeps old rows from being cleaned up, for everybody.

    Fix:
    Set `idle_in_transaction_session_timeout` to a few minutes, for the server or for the roles of the services.

    False positives:
    What single roles set for themselves is not counted: accept it with a waiver where all services do.

    Privilege:
    Every role may read it.

    Example:
    ```ini
    idle_in_transaction_session_timeout = 5min
    ```
    """
    if setting(asset, "idle_in_transaction_session_timeout") == "0":
        yield Hit("idle_in_transaction_session_timeout is 0")


@on_postgresql("PG049", severity="medium", sees=("activity.idle_in_transaction_seconds",), controls=_CAPACITY)
def transaction_left_open(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Somebody has left a transaction open for more than an hour.

    Why:
    It keeps its locks, and no row that was changed since then can be cleaned up anywhere in the database.

    Fix:
    Find the session in `pg_stat_activity`, ask who it belongs to, end it, and mend the program that forgets to commit.

    False positives:
    A person at a prompt may mean it; an hour is still too long for others.

    Privilege:
    `pg_read_all_stats`, which `pg_monitor` includes.

    Example:
    A notebook was left open over the weekend after `BEGIN`.
    """
    idle = asset["activity.idle_in_transaction_seconds"]
    if idle > _LONG_IDLE:
        yield Hit(f"a transaction has been left open for {duration.words(int(idle))}")


@on_postgresql(
    "PG040",
    severity="high",
    sees=("settings[autovacuum].value", "settings[track_counts].value", "schema.read"),
    controls=_CAPACITY,
)
def autovacuum_off(asset: Sheet, context: Context) -> Iterator[Hit]:
    """PostgreSQL does not clean up old rows by itself.

    Why:
    Tables and indexes grow with every change, the planner works with old statistics, and in the end the server stops to
    protect its transaction numbers.

    Fix:
    Switch `autovacuum` and `track_counts` on, and reset `autovacuum_enabled` of the tables.
    Where it disturbs, let it run more often and in smaller steps.

    False positives:
    A table that is emptied and filled again by a job that vacuums it itself may do without; accept that with a waiver.

    Privilege:
    Every role may read it in the databases that it may connect to.

    Example:
    `ALTER TABLE queue SET (autovacuum_enabled = off)` was meant for one night.
    """
    yield from doubts(asset, "schema.tables[].autovacuum")
    for name in ("autovacuum", "track_counts"):
        if setting(asset, name) == "off":
            yield Hit(f"{name} is off", detail=name)
    for table, facts in entries(asset, "schema.tables"):
        if facts.get("autovacuum") == "off":
            yield Hit(f"autovacuum is off for {shown(table)}", detail=f"table {table}")


@on_postgresql("PG050", severity="low", sees=("schema.read",), controls=_CAPACITY)
def many_dead_rows(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A table holds many rows that are long dead.

    Why:
    Every scan reads them, backups and disks hold them, and it is a sign that cleaning up does not keep pace.

    Fix:
    Look for what holds it up (an old transaction, a slot, a standby with feedback), then let autovacuum run more often
    on this table.

    False positives:
    A large deletion leaves dead rows until the next vacuum; look again later.
    The numbers are estimates; a fifth of the rows, and at least 10,000, fail.

    Privilege:
    Every role may read it in the databases that it may connect to.

    Example:
    400,000 of 1,000,000 rows in `queue` are dead.
    """
    yield from doubts(asset, "schema.tables[].dead_rows")
    for table, facts in entries(asset, "schema.tables"):
        dead, live = facts.get("dead_rows") or 0, facts.get("live_rows") or 0
        if dead >= _MANY_DEAD and dead >= _DEAD_SHARE * (dead + live):
            yield Hit(f"{dead:,} of {dead + live:,} rows in {shown(table)} are dead", detail=table)


RULES = (
    connections_nearly_used_up,
    idle_transactions_never_end,
    transaction_left_open,
    autovacuum_off,
    many_dead_rows,
)

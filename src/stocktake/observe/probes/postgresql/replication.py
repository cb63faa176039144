"""Replication slots, standbys and the archive of the write-ahead log."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.observe.look import Fact, Look
from stocktake.observe.probes.words import rounded
from stocktake.observe.query import Options, Query
from stocktake.values.name import encode_key

_HERE = "CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_lsn() END"
_STATS = "pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')"

SLOTS = Query(
    "slots",
    "replication.slots",
    f"""
    SELECT s.slot_name::text AS name, s.slot_type AS type, s.active AS active,
           greatest(pg_wal_lsn_diff({_HERE}, s.restart_lsn), 0)::bigint AS retained_bytes
    FROM pg_replication_slots s WHERE NOT s.temporary
    """,  # noqa: S608 - all of it is ours
)
STANDBYS = Query(
    "standbys",
    "replication.standbys",
    f"""
    SELECT coalesce(nullif(r.application_name, ''), 'unnamed') AS name, r.state AS state, r.sync_state AS sync,
           greatest(pg_wal_lsn_diff({_HERE}, r.replay_lsn), 0)::bigint AS lag_bytes,
           extract(epoch FROM r.replay_lag)::float8 AS lag_seconds
    FROM pg_stat_replication r ORDER BY 1, r.backend_start
    """,  # noqa: S608 - all of it is ours
    guard=_STATS,
)
ARCHIVING = Query(
    "archiving",
    "archiving",
    """
    SELECT current_setting('archive_mode') AS mode, a.failed_count::bigint AS failed,
           to_char(a.last_archived_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS last_archived,
           to_char(a.last_failed_time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS last_failed,
           extract(epoch FROM clock_timestamp() - a.last_archived_time)::float8 AS age_seconds
    FROM pg_stat_archiver a
    """,
)
QUERIES = (SLOTS, STANDBYS, ARCHIVING)


def facts(look: Look, options: Options) -> Iterator[Fact]:
    """`replication.slots[]`, `replication.standbys[]` and `archiving`."""
    for row in look.rows(SLOTS):
        prefix = f"replication.slots[{encode_key(row['name'])}]"
        yield f"{prefix}.active", row["active"]
        yield f"{prefix}.type", row["type"]
        if row["retained_bytes"] is not None:
            yield f"{prefix}.retained_bytes", rounded(row["retained_bytes"])
    yield from _standbys(look)
    for row in look.rows(ARCHIVING):
        yield "archiving.mode", row["mode"]
        yield "archiving.failed", row["failed"]
        for name in ("last_archived", "last_failed"):
            if row[name]:
                yield f"archiving.{name}", row[name]
        if row["age_seconds"] is not None:
            yield "archiving.age_seconds", rounded(row["age_seconds"])


def _standbys(look: Look) -> Iterator[Fact]:
    count: dict[str, int] = {}
    for row in look.rows(STANDBYS):
        count[row["name"]] = number = count.get(row["name"], 0) + 1
        prefix = f"replication.standbys[{encode_key(row['name'] + (f' {number}' if number > 1 else ''))}]"
        yield f"{prefix}.state", row["state"]
        yield f"{prefix}.sync", row["sync"]
        if row["lag_bytes"] is not None:
            yield f"{prefix}.lag_bytes", rounded(row["lag_bytes"])
        if row["lag_seconds"] is not None:
            yield f"{prefix}.lag_seconds", rounded(row["lag_seconds"])

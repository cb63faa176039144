"""How busy the server is, and whether it has found damage in its own data."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.observe.look import Fact, Look
from stocktake.observe.probes.words import rounded
from stocktake.observe.query import Options, Query
from stocktake.values.name import encode_key

ACTIVITY = Query(
    "activity",
    "activity",
    """
    SELECT count(*) AS connections,
           coalesce(max(extract(epoch FROM clock_timestamp() - a.state_change))
               FILTER (WHERE left(a.state, 19) = 'idle in transaction'), 0)::float8 AS idle
    FROM pg_stat_activity a WHERE a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
    """,
    guard="pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')",
)
CHECKSUMS = Query(
    "checksum_failures",
    "statistics[].checksum_failures",
    """
    SELECT s.datname::text AS name, s.checksum_failures::bigint AS failures
    FROM pg_stat_database s WHERE s.checksum_failures IS NOT NULL AND s.datname IS NOT NULL
    """,
    since=120000,
)
QUERIES = (ACTIVITY, CHECKSUMS)


def facts(look: Look, options: Options) -> Iterator[Fact]:
    """`activity.*` and `statistics[DATABASE].checksum_failures` (left out where checksums are off)."""
    for row in look.rows(ACTIVITY):
        yield "activity.connections", rounded(row["connections"])
        yield "activity.idle_in_transaction_seconds", rounded(row["idle"])
    for row in look.rows(CHECKSUMS):
        yield f"statistics[{encode_key(row['name'])}].checksum_failures", row["failures"]

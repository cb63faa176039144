"""Which server it is, and how this connection reached it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from stocktake.errors import LookError
from stocktake.observe.look import ROLE, Fact, Look
from stocktake.observe.query import Options, Query

SERVER = Query(
    "server",
    "version",
    """
    SELECT current_setting('server_version_num')::int AS number,
           split_part(current_setting('server_version'), ' ', 1) AS version,
           current_database()::text AS database,
           current_user::text AS role,
           current_setting('ssl') AS ssl,
           inet_client_addr() IS NULL AS is_local,
           coalesce((SELECT s.ssl FROM pg_catalog.pg_stat_ssl s WHERE s.pid = pg_backend_pid()), false) AS encrypted,
           pg_is_in_recovery() AS is_standby
    """,
)
QUERIES = (SERVER,)


class Known(NamedTuple):
    """What the other questions depend on."""

    database: str
    role: str


def first(look: Look) -> Known:
    """Learn the version; raises LookError where it cannot even be asked, or is too old to be understood."""
    look.version = SERVER.since
    rows = look.rows(SERVER)
    if not rows:
        raise LookError(next((str(reason) for _, reason in look.gaps()), "the server does not say what it is"))
    look.version = int(rows[0]["number"])
    if look.version < 110000:
        raise LookError(f"PostgreSQL {rows[0]['version']} is older than 11, the oldest that is understood")
    return Known(str(rows[0]["database"]), str(rows[0]["role"]))


def facts(look: Look, options: Options) -> Iterator[Fact]:
    """Engine, version and how well this connection is protected on its way."""
    for row in look.rows(SERVER):
        yield "engine", "postgresql"
        yield ROLE, row["role"]
        yield "version", row["version"]
        yield "recovery.is_standby", row["is_standby"]
        if row["encrypted"]:
            yield "access.encryption_in_transit", "tls"
        elif row["ssl"] == "off" or not row["is_local"]:
            yield "access.encryption_in_transit", "none"

"""Roles, what they may do everywhere, and which roles they are members of."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.observe.look import Fact, Look
from stocktake.observe.probes.words import written
from stocktake.observe.query import Options, Query
from stocktake.values.name import encode_key

ROLES = Query(
    "roles",
    "access.principals",
    """
    SELECT r.rolname::text AS name, r.rolcanlogin AS login, r.rolsuper AS superuser, r.rolcreaterole AS createrole,
           r.rolcreatedb AS createdb, r.rolreplication AS replication, r.rolbypassrls AS bypassrls,
           r.rolconnlimit AS connection_limit, r.oid = 10 AS bootstrap,
           CASE WHEN isfinite(r.rolvaliduntil) THEN to_char(r.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD')
                ELSE r.rolvaliduntil::text END AS valid_until
    FROM pg_roles r WHERE left(r.rolname, 3) <> 'pg_'
    """,
)
MEMBERSHIPS = Query(
    "memberships",
    "access.principals[].roles",
    """
    SELECT member.rolname::text AS member, role.rolname::text AS role, bool_or(m.admin_option) AS admin
    FROM pg_auth_members m
    JOIN pg_roles role ON role.oid = m.roleid
    JOIN pg_roles member ON member.oid = m.member
    WHERE left(member.rolname, 3) <> 'pg_' GROUP BY 1, 2
    """,
)
# How a password is kept is worked out by the server, so that no hash ever leaves it.
PASSWORDS = Query(
    "passwords",
    "access.principals[].password",
    """
    SELECT a.rolname::text AS name,
           CASE WHEN a.rolpassword IS NULL THEN 'none'
                WHEN left(a.rolpassword, 14) = 'SCRAM-SHA-256$' THEN 'scram-sha-256'
                WHEN left(a.rolpassword, 3) = 'md5' THEN 'md5' ELSE 'other' END AS kind
    FROM pg_authid a WHERE left(a.rolname, 3) <> 'pg_'
    """,
    guard="has_table_privilege('pg_catalog.pg_authid', 'SELECT')",
)
QUERIES = (ROLES, MEMBERSHIPS, PASSWORDS)

_FLAGS = ("login", "superuser", "createrole", "createdb", "replication", "bypassrls", "connection_limit")


def facts(look: Look, options: Options) -> Iterator[Fact]:
    """`access.principals[ROLE].*`; the roles that come with the server are left out."""
    for row in look.rows(ROLES):
        prefix = f"access.principals[{encode_key(row['name'])}]"
        for flag in _FLAGS:
            yield f"{prefix}.{flag}", row[flag]
        if row["bootstrap"]:
            yield f"{prefix}.bootstrap", True
        if row["valid_until"]:
            yield f"{prefix}.valid_until", row["valid_until"]
    memberships: dict[str, list[str]] = {}
    for row in look.rows(MEMBERSHIPS):
        text = f"{written(row['role'])}{' with admin' if row['admin'] else ''}"
        memberships.setdefault(row["member"], []).append(text)
    for member, roles in memberships.items():
        yield f"access.principals[{encode_key(member)}].roles", sorted(roles)
    for row in look.rows(PASSWORDS):
        yield f"access.principals[{encode_key(row['name'])}].password", row["kind"]

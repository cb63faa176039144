"""Who may do what on which object: everything that was granted, and what everybody may do by default."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stocktake.observe.look import Fact, Look
from stocktake.observe.probes.postgresql.functions import signature
from stocktake.observe.probes.words import USERS_OWN, path, written
from stocktake.observe.query import Query, Row

# One row for each receiver and object. Rights that an owner has on what it owns are left out: they go without saying.
_RECEIVER = "CASE WHEN a.grantee <> 0 THEN pg_get_userbyid(a.grantee)::text END AS role, a.is_grantable AS grantable"
_RIGHTS = "string_agg(DISTINCT a.privilege_type, ', ' ORDER BY a.privilege_type) AS rights"

CLUSTER = Query(
    "cluster_grants",
    "access.grants",
    f"""
    SELECT 'database' AS kind, d.datname::text AS name, {_RECEIVER}, {_RIGHTS}
    FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
    WHERE a.grantee <> d.datdba AND NOT d.datistemplate GROUP BY 1, 2, 3, 4
    """,  # noqa: S608 - all of it is ours
)
PARAMETERS = Query(
    "parameter_grants",
    "access.grants",
    f"""
    SELECT 'parameter' AS kind, p.parname AS name, {_RECEIVER}, {_RIGHTS}
    FROM pg_parameter_acl p, aclexplode(p.paracl) a WHERE a.grantee <> 10 GROUP BY 1, 2, 3, 4
    """,  # noqa: S608 - all of it is ours
    since=150000,
)
# Without an ACL of its own, a table or schema gives nothing to anybody but its owner; a function lets all execute it.
OBJECTS = Query(
    "grants",
    "access.grants",
    f"""
    SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind, n.nspname::text AS schema,
           c.relname::text AS name, NULL::text AS arguments, NULL::text[] AS columns, {_RECEIVER}, {_RIGHTS}
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace, aclexplode(c.relacl) a
    WHERE c.relacl IS NOT NULL AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
      AND a.grantee <> c.relowner AND {USERS_OWN}
    GROUP BY 1, 2, 3, 6, 7
    UNION ALL
    SELECT 'column', g.schema, g.name, NULL, array_agg(g.col ORDER BY g.number), g.role, g.grantable, g.right
    FROM (SELECT n.nspname::text AS schema, c.relname::text AS name, t.attname::text AS col, t.attnum AS number,
                 a.privilege_type AS right, {_RECEIVER}
          FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace,
               aclexplode(t.attacl) a
          WHERE t.attacl IS NOT NULL AND NOT t.attisdropped AND a.grantee <> c.relowner AND {USERS_OWN}) g
    GROUP BY 2, 3, 6, 7, 8
    UNION ALL
    SELECT 'schema', n.nspname::text, NULL, NULL, NULL, {_RECEIVER}, {_RIGHTS}
    FROM pg_namespace n, aclexplode(n.nspacl) a
    WHERE n.nspacl IS NOT NULL AND a.grantee <> n.nspowner AND {USERS_OWN} GROUP BY 2, 6, 7
    UNION ALL
    SELECT 'function', n.nspname::text, p.proname::text, pg_get_function_identity_arguments(p.oid), NULL, {_RECEIVER},
           {_RIGHTS}
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace,
         aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
    WHERE a.grantee <> p.proowner AND {USERS_OWN}
      AND NOT EXISTS (SELECT FROM pg_depend d
                      WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
    GROUP BY 2, 3, 4, 6, 7
    """,  # noqa: S608 - all of it is ours
    local=True,
)
DEFAULTS = Query(
    "default_grants",
    "access.grants",
    f"""
    SELECT CASE f.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions'
                                WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE 'large objects' END AS kind,
           pg_get_userbyid(f.defaclrole)::text AS owner, n.nspname::text AS schema, {_RECEIVER}, {_RIGHTS}
    FROM pg_default_acl f LEFT JOIN pg_namespace n ON n.oid = f.defaclnamespace, aclexplode(f.defaclacl) a
    WHERE a.grantee <> f.defaclrole GROUP BY 1, 2, 3, 4, 5
    """,  # noqa: S608 - all of it is ours
    local=True,
)
QUERIES = (CLUSTER, PARAMETERS, OBJECTS, DEFAULTS)


def facts(look: Look, databases: Iterable[str]) -> Iterator[Fact]:
    """`access.grants`, one line for each receiver and object."""
    lines = [
        _line(row, f"{row['kind']} {path(row['name'])}") for query in (CLUSTER, PARAMETERS) for row in look.rows(query)
    ]
    for database in databases:
        lines += [_line(row, _object(row, database)) for row in look.rows(OBJECTS, database)]
        lines += [_line(row, _future(row, database)) for row in look.rows(DEFAULTS, database)]
    if lines:
        yield "access.grants", sorted(lines)


def _line(row: Row, what: str) -> str:
    role = "PUBLIC" if row["role"] is None else written(row["role"])
    columns = f" ({', '.join(map(written, row['columns']))})" if row.get("columns") else ""
    kind, _, name = what.partition(" ")
    return (
        f"{row['rights']}{columns} ON {kind.upper()} {name} TO {role}{' WITH GRANT OPTION' if row['grantable'] else ''}"
    )


def _object(row: Row, database: str) -> str:
    if row["kind"] == "function":
        return f"function {signature(database, row['schema'], row['name'], row['arguments'])}"
    kind = "table" if row["kind"] == "column" else row["kind"]
    return f"{kind} {path(database, row['schema'], *filter(None, (row['name'],)))}"


def _future(row: Row, database: str) -> str:
    where = f" in {path(database, row['schema'])}" if row["schema"] else f" in {path(database)}"
    return f"future {row['kind']} of {written(row['owner'])}{where}"

"""The questions about tables; those with `/*only*/` need locks and can be asked for a few tables at a time."""

from __future__ import annotations

from stocktake.observe.probes.words import USERS_OWN
from stocktake.observe.query import Query

_TABLES = "c.relkind IN ('r', 'p', 'v', 'm', 'f')"
# pg_attver is a mark that some builds put there for themselves.
_OPTIONS = "SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(c.reloptions) o WHERE left(o, 9) <> 'pg_attver'"

TABLES = Query(
    "tables",
    "schema.tables",
    f"""
    SELECT c.oid::bigint AS oid, n.nspname::text AS schema, c.relname::text AS name, c.relkind::text AS kind,
           pg_get_userbyid(c.relowner)::text AS owner, d.description AS comment, c.reltuples::float8 AS rows,
           c.relrowsecurity AS row_security,
           CASE WHEN c.reloptions IS NOT NULL THEN ({_OPTIONS}) END AS options,
           CASE WHEN c.reloptions && ARRAY['autovacuum_enabled=false', 'autovacuum_enabled=off', 'autovacuum_enabled=0',
                                           'autovacuum_enabled=no'] THEN 'off' END AS autovacuum
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = 0
    WHERE {_TABLES} AND {USERS_OWN}
    """,  # noqa: S608 - all of it is ours
    local=True,
)
_COLUMNS = f"""
    SELECT c.oid::bigint AS oid, array_agg(a.attnum::int ORDER BY a.attnum) AS numbers,
           array_agg(a.attname::text ORDER BY a.attnum) AS names,
           array_agg(format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum) AS types,
           array_agg(a.attnotnull ORDER BY a.attnum) AS required,
           array_agg(a.attidentity::text ORDER BY a.attnum) AS identities,
           array_agg({{generated}} ORDER BY a.attnum) AS generated,
           array_agg(d.description ORDER BY a.attnum) AS comments
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = a.attnum
    WHERE {_TABLES} AND {USERS_OWN} GROUP BY c.oid
    """  # noqa: S608 - all of it is ours
COLUMNS = Query(
    "columns", "schema.tables[].columns", _COLUMNS.format(generated="a.attgenerated <> ''"), since=120000, local=True
)
COLUMNS_11 = Query(
    "columns_11", "schema.tables[].columns", _COLUMNS.format(generated="false"), before=120000, local=True
)
# NOT NULL is told with its column: only version 18 and later keep it as a constraint.
KEYS = Query(
    "keys",
    "schema.tables[].keys",
    f"""
    SELECT k.conrelid::bigint AS oid, array_agg(k.conname::text) AS names,
           array_agg(pg_get_constraintdef(k.oid)) AS texts
    FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
    WHERE k.conrelid <> 0 AND k.contype IN ('p', 'u', 'f', 'c', 'x') AND {USERS_OWN} GROUP BY 1
    """,  # noqa: S608 - all of it is ours
    local=True,
)
DEFAULTS = Query(
    "defaults",
    "schema.tables[].columns",
    f"""
    SELECT d.adrelid::bigint AS oid, array_agg(d.adnum::int) AS numbers,
           array_agg(pg_get_expr(d.adbin, d.adrelid)) AS texts
    FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {USERS_OWN} /*only*/ GROUP BY 1
    """,  # noqa: S608 - all of it is ours
    only="d.adrelid",
    local=True,
)
# The index of a key is told as the key.
INDEXES = Query(
    "indexes",
    "schema.tables[].indexes",
    f"""
    SELECT i.indrelid::bigint AS oid, array_agg(c.relname::text) AS names,
           array_agg(pg_get_indexdef(i.indexrelid)) AS texts
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {USERS_OWN} AND NOT i.indisprimary AND NOT i.indisexclusion
      AND NOT (i.indisunique AND EXISTS (SELECT FROM pg_constraint k
                                         WHERE k.conindid = i.indexrelid AND k.contype = 'u')) /*only*/ GROUP BY 1
    """,  # noqa: S608 - all of it is ours
    only="i.indrelid",
    local=True,
)
INVALID = Query(
    "invalid_indexes",
    "schema.tables[].invalid_indexes",
    f"""
    SELECT i.indrelid::bigint AS oid, array_agg(c.relname::text) AS names
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {USERS_OWN} AND NOT i.indisvalid GROUP BY 1
    """,  # noqa: S608 - all of it is ours
    local=True,
)
VIEWS = Query(
    "views",
    "schema.tables[].definition",
    f"""
    SELECT c.oid::bigint AS oid, md5(pg_get_viewdef(c.oid)) AS digest
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('v', 'm') AND {USERS_OWN} /*only*/
    """,  # noqa: S608 - all of it is ours
    only="c.oid",
    local=True,
)
TRIGGERS = Query(
    "triggers",
    "schema.tables[].triggers",
    f"""
    SELECT t.tgrelid::bigint AS oid, array_agg(t.tgname::text) AS names,
           array_agg(replace(pg_get_triggerdef(t.oid), ' EXECUTE PROCEDURE ', ' EXECUTE FUNCTION ')
                     || CASE WHEN t.tgenabled = 'D' THEN ' (disabled)' ELSE '' END) AS texts
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT t.tgisinternal AND {USERS_OWN} /*only*/ GROUP BY 1
    """,  # noqa: S608 - all of it is ours
    only="t.tgrelid",
    local=True,
)
POLICIES = Query(
    "policies",
    "schema.tables[].policies",
    f"""
    SELECT p.polrelid::bigint AS oid, array_agg(p.polname::text) AS names, array_agg(
           concat_ws(' ', CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END, 'for',
               CASE p.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update'
                             WHEN 'd' THEN 'delete' ELSE 'all' END, 'to',
               (SELECT string_agg(CASE WHEN r = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r)) END, ', '
                                  ORDER BY r) FROM unnest(p.polroles) r),
               'using ' || pg_get_expr(p.polqual, p.polrelid),
               'with check ' || pg_get_expr(p.polwithcheck, p.polrelid))) AS texts
    FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {USERS_OWN} /*only*/ GROUP BY 1
    """,  # noqa: S608 - all of it is ours
    only="p.polrelid",
    local=True,
)
# A table that nobody touched since the server counts has nothing to tell.
STATISTICS = Query(
    "statistics",
    "schema.tables[].dead_rows",
    f"""
    SELECT s.oid, s.live, s.dead, to_char(pg_stat_get_last_autovacuum_time(s.oid::oid) AT TIME ZONE 'UTC', 'YYYY-MM-DD')
           AS vacuumed
    FROM (SELECT c.oid::bigint AS oid, pg_stat_get_live_tuples(c.oid)::bigint AS live,
                 pg_stat_get_dead_tuples(c.oid)::bigint AS dead
          FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind IN ('r', 'm') AND {USERS_OWN}) s
    WHERE s.live > 0 OR s.dead > 0
    """,  # noqa: S608 - all of it is ours
    local=True,
)
SIZES = Query(
    "sizes",
    "schema.tables[].size",
    f"""
    SELECT c.oid::bigint AS oid, pg_total_relation_size(c.oid)::bigint AS size
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm') AND {USERS_OWN} /*only*/
    """,  # noqa: S608 - all of it is ours
    only="c.oid",
    local=True,
)
QUERIES = (
    TABLES,
    COLUMNS,
    COLUMNS_11,
    KEYS,
    DEFAULTS,
    INDEXES,
    INVALID,
    VIEWS,
    TRIGGERS,
    POLICIES,
    STATISTICS,
    SIZES,
)

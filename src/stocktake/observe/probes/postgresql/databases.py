"""The databases of a server."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.observe.look import Fact, Look
from stocktake.observe.probes.words import rounded
from stocktake.observe.query import Options, Query
from stocktake.values.name import encode_key

DATABASES = Query(
    "databases",
    "databases",
    """
    SELECT d.datname::text AS name, pg_get_userbyid(d.datdba)::text AS owner, d.datistemplate AS template,
           pg_encoding_to_char(d.encoding)::text AS encoding, d.datcollate::text AS collation,
           d.datconnlimit AS connection_limit, age(d.datfrozenxid) AS transaction_age,
           d.datallowconn AND has_database_privilege(d.oid, 'CONNECT') AS may_connect
    FROM pg_database d
    """,
)
SIZES = Query(
    "database_sizes",
    "databases[].size",
    """
    SELECT d.datname::text AS name, pg_database_size(d.oid)::bigint AS size
    FROM pg_database d
    WHERE has_database_privilege(d.oid, 'CONNECT') OR pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')
    """,
)
COLLATIONS = Query(
    "collation_versions",
    "databases[].collation_version",
    """
    SELECT d.datname::text AS name, d.datcollversion AS made, pg_database_collation_actual_version(d.oid) AS now
    FROM pg_database d WHERE NOT d.datistemplate
    """,
    since=150000,
)
QUERIES = (DATABASES, SIZES, COLLATIONS)


def chosen(look: Look, connected: str, options: Options) -> list[str]:
    """The databases whose objects are read: the one of the URL, or all that may be connected to if it names none."""
    if not options.every_database:
        return [connected]
    return sorted(row["name"] for row in look.rows(DATABASES) if row["may_connect"] and not row["template"])


def facts(look: Look, options: Options) -> Iterator[Fact]:
    """`databases[NAME].*`; of templates only the age of their transactions, since it can stop the whole server."""
    for row in look.rows(DATABASES):
        prefix = f"databases[{encode_key(row['name'])}]"
        yield f"{prefix}.transaction_age", rounded(row["transaction_age"])
        if not row["template"]:
            for name in ("owner", "encoding", "collation", "connection_limit"):
                yield f"{prefix}.{name}", row[name]
    for row in look.rows(COLLATIONS):
        for name, version in (("collation_version", row["made"]), ("collation_actual", row["now"])):
            if version:
                yield f"databases[{encode_key(row['name'])}].{name}", version
    for row in look.rows(SIZES) if options.sizes else ():
        yield f"databases[{encode_key(row['name'])}].size", row["size"]

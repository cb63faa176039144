"""The authentication rules of pg_hba.conf, where the role may see them; their options hold secrets and are not read."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.observe.look import Fact, Look
from stocktake.observe.query import Options, Query

_GUARD = (
    "has_table_privilege('pg_catalog.pg_hba_file_rules', 'SELECT')"
    " AND has_function_privilege('pg_catalog.pg_hba_file_rules()', 'EXECUTE')"
)
_SQL = """
    SELECT {number} AS number, h.type AS type, h.database::text[] AS databases, h.user_name::text[] AS users,
           h.address AS address, h.netmask AS netmask, h.auth_method AS method, h.error AS error
    FROM pg_hba_file_rules h
"""
HBA = Query("hba", "access.hba", _SQL.format(number="h.rule_number"), guard=_GUARD, since=160000)
HBA_BY_LINE = Query("hba_by_line", "access.hba", _SQL.format(number="h.line_number"), guard=_GUARD, before=160000)
QUERIES = (HBA, HBA_BY_LINE)


def facts(look: Look, options: Options) -> Iterator[Fact]:
    """`access.hba[NUMBER].*` in the order in which the server tries them."""
    for row in (*look.rows(HBA), *look.rows(HBA_BY_LINE)):
        if row["error"]:
            look.gap("not_read", "access.hba", f"the server cannot read all of its rules: {row['error']}")
        if row["type"] is None or row["number"] is None:
            continue
        prefix = f"access.hba[{int(row['number']):04d}]"
        yield f"{prefix}.type", row["type"]
        yield f"{prefix}.database", list(row["databases"] or ())
        yield f"{prefix}.user", list(row["users"] or ())
        yield f"{prefix}.method", row["method"]
        if row["address"]:
            yield f"{prefix}.address", " ".join(filter(None, (row["address"], row["netmask"])))

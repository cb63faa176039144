"""What everybody on a PostgreSQL server may do, and what runs with the rights of somebody else."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.rule import Context, Hit, Unknown
from stocktake.model.sheet import Sheet
from stocktake.rules.applies import SHIELDED
from stocktake.rules.live import on_postgresql
from stocktake.rules.postgresql.grants import grants, path
from stocktake.rules.visibility import doubts, entries
from stocktake.values.name import encode_key
from stocktake.values.text import shown

_DATA = frozenset({"DELETE", "INSERT", "SELECT", "TRUNCATE", "UPDATE"})
_EVERYBODY = "PUBLIC"


@on_postgresql(
    "PG014",
    severity="medium",
    sees=("access.grants",),
    controls=("ISO/IEC 27001:2022 A.8.3", "NIST CSF 2.0 PR.AA-05"),
)
def everybody_may_create(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Every role may create objects in a schema.

    Why:
    A table or function of the same name, made by somebody else, is used in place of the right one by whoever looks
    there first, with the rights of whoever calls it.

    Fix:
    `REVOKE CREATE ON SCHEMA public FROM PUBLIC`, in every database and in `template1`, and grant it to those who
    migrate the schema.

    False positives:
    Since PostgreSQL 15 new databases are made without this right; databases that were upgraded keep it.

    Privilege:
    Every role may read it.

    Example:
    A server that was upgraded from 13 still grants `CREATE` on `public` to `PUBLIC`.
    """
    yield from doubts(asset, "access.grants")
    for grant in grants(asset):
        if grant.kind == "SCHEMA" and grant.grantee == _EVERYBODY and "CREATE" in grant.privileges:
            message = f"every role may create objects in {shown(grant.name)}"
            yield Hit(message, field="access.principals_policy", detail=grant.name)


@on_postgresql(
    "PG015",
    severity="medium",
    sees=("schema.read",),
    controls=("ISO/IEC 27001:2022 A.8.3", "NIST CSF 2.0 PR.AA-05"),
)
def definer_without_search_path(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A function runs with the rights of its owner and looks up names where the caller says.

    Why:
    The caller can set `search_path` to a schema of their own, and the function then runs the caller's code with the
    owner's rights.

    Fix:
    `ALTER FUNCTION ... SET search_path = pg_catalog, pg_temp`, with the schemas that it needs in front of `pg_temp`.

    False positives:
    Functions that write every name with its schema, operators too, are safe; a set path costs little all the same.
    Functions whose body is parsed when they are made (`BEGIN ATOMIC`) are safe as well.

    Privilege:
    Every role may read it in the databases that it may connect to.

    Example:
    ```sql
    ALTER FUNCTION public.close_order(bigint) SET search_path = public, pg_temp;
    ```
    """
    yield from doubts(asset, "schema.functions[]")
    for name, facts in entries(asset, "schema.functions"):
        if facts.get("security_definer") and not facts.get("search_path"):
            yield Hit(f"{shown(name)} runs as its owner without a fixed search_path", detail=name)


@on_postgresql(
    "PG016",
    severity="high",
    sees=("schema.read",),
    controls=("ISO/IEC 27001:2022 A.8.9", "NIST CSF 2.0 PR.PS-01"),
)
def untrusted_language(asset: Sheet, context: Context) -> Iterator[Hit]:
    """A language is installed in which functions can do anything on the server's machine.

    Why:
    Functions in such a language read and write files and start programs as the server's account, past all grants.

    Fix:
    Drop the extension (`plpython3u`, `plperlu`, `pltclu`) where nothing uses it, and move what it did out of the
    database.

    False positives:
    Only superusers may write functions in it, so a database that needs one such function can accept it with a waiver
    that names the function.
    The languages `c` and `internal` always exist and are not looked at.

    Privilege:
    Every role may read it in the databases that it may connect to.

    Example:
    `CREATE EXTENSION plpython3u` was tried once in production and forgotten.
    """
    yield from doubts(asset, "schema.languages[]")
    for name, facts in entries(asset, "schema.languages"):
        if facts.get("trusted") is False and path(name)[-1:] not in (("c",), ("internal",)):
            yield Hit(f"the untrusted language {shown(name)} is installed", detail=name)


@on_postgresql(
    "PG017",
    severity="high",
    sees=("access.grants",),
    controls=("ISO/IEC 27001:2022 A.5.34", "ISO/IEC 27001:2022 A.8.3", "NIST CSF 2.0 PR.AA-05"),
)
def everybody_may_read_delicate_data(asset: Sheet, context: Context) -> Iterator[Hit]:
    """Every role may read or change data that the record calls delicate.

    Why:
    Whoever has any account on the server, a reporting tool or a former service, has this data too.

    Fix:
    `REVOKE ALL ON ... FROM PUBLIC`, and grant it to the roles that need it.

    False positives:
    Tables count that a dataset of the record names (`public.orders`, `orders` or a whole schema) and that is about
    persons, or confidential or restricted.
    Without datasets the classification of the whole store counts, for every table; where that is missing too, the
    answer is unknown.

    Privilege:
    Every role may read it.

    Example:
    The dataset `public.customers` has `personal_data: personal`, and `GRANT SELECT ON customers TO PUBLIC` was meant
    for a test.
    """
    datasets = asset.keys("datasets[]")
    if not datasets and not asset.get("classification"):
        yield Unknown("neither datasets nor classification is known", field="datasets")
        return
    yield from doubts(asset, "access.grants")
    everything = not datasets and asset["classification"] in SHIELDED
    delicate = {path(key) for key in datasets if _is_delicate(asset, key)}
    for grant in grants(asset):
        is_meant = everything or not delicate.isdisjoint(_names(grant.path))
        if is_meant and grant.kind == "TABLE" and grant.grantee == _EVERYBODY and grant.privileges & _DATA:
            what = ", ".join(sorted(grant.privileges & _DATA))
            yield Hit(f"every role has {what} on {shown(grant.name)}", field="datasets", detail=grant.name)


def _is_delicate(asset: Sheet, key: str) -> bool:
    dataset = f"datasets[{encode_key(key)}]"
    is_personal = asset.get(f"{dataset}.personal_data", "none") != "none"
    return is_personal or asset.get(f"{dataset}.classification") in SHIELDED


def _names(table: tuple[str, ...]) -> set[tuple[str, ...]]:
    """All ways in which a dataset may name a table: by itself, with its schema and database, or by these alone."""
    return {table[-1:], table[-2:], table[-3:], table[-2:-1], table[-3:-1], table[-3:-2]} - {()}


RULES = (everybody_may_create, definer_without_search_path, untrusted_language, everybody_may_read_delicate_data)

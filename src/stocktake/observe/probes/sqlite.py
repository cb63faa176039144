"""Everything that a SQLite file shows of itself: its settings and shape, whether it is whole, and who may open it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Any

from stocktake.observe.look import PER_CONNECTION, Fact, Look
from stocktake.observe.probes.fingerprint import FINGERPRINT, fingerprint
from stocktake.observe.probes.words import key, listed, rounded, written
from stocktake.observe.query import Ask, Options, Query, QueryError, Row

_TABLES = (
    "FROM sqlite_master m JOIN pragma_{0}(m.name) x WHERE m.type IN ('table', 'view') AND m.name NOT GLOB 'sqlite_*'"
)

FILE = Query("file", "file", "")
SETTINGS = Query(
    "settings",
    "settings",
    "SELECT (SELECT * FROM pragma_auto_vacuum) AS auto_vacuum, (SELECT * FROM pragma_page_size) AS page_size,"
    " (SELECT * FROM pragma_encoding) AS encoding, (SELECT * FROM pragma_user_version) AS user_version,"
    " (SELECT * FROM pragma_application_id) AS application_id, (SELECT * FROM pragma_page_count) AS page_count,"
    " (SELECT * FROM pragma_freelist_count) AS freelist_count",
)
OBJECTS = Query("objects", "schema.tables", "SELECT m.type, m.name, m.tbl_name, m.sql FROM sqlite_master m")
# The tables in which a virtual table keeps what it knows are no tables of anybody's own.
SHADOWS = Query("shadows", "schema.tables", "SELECT t.name FROM pragma_table_list t WHERE t.type = 'shadow'")
COLUMNS = Query("columns", "schema.tables[].columns", f"SELECT m.name AS of, x.* {_TABLES.format('table_xinfo')}")
LINKS = Query("links", "schema.tables[].keys", f"SELECT m.name AS of, x.* {_TABLES.format('foreign_key_list')}")
INDEXES = Query(
    "indexes",
    "schema.tables[].keys",
    "SELECT m.name AS of, x.name AS name, x.origin AS origin, group_concat(i.name, ', ') AS columns"
    f" {_TABLES.format('index_list').replace(' WHERE', ' JOIN pragma_index_info(x.name) i WHERE')}"
    " AND x.origin = 'u' GROUP BY 1, 2, 3",
)
INTEGRITY = Query("integrity", "integrity.result", "SELECT integrity_check AS message FROM pragma_integrity_check(20)")
VIOLATIONS = Query(
    "violations", "integrity.foreign_key_violations", "SELECT count(*) AS number FROM pragma_foreign_key_check"
)
QUERIES = (FILE, SETTINGS, OBJECTS, SHADOWS, COLUMNS, LINKS, INDEXES, INTEGRITY, VIOLATIONS)

_VACUUM = {0: "none", 1: "full", 2: "incremental"}
# Kept nowhere in the file: what one connection says of them is true of that connection alone.
_OF_CONNECTIONS = ("foreign_keys", "secure_delete", "synchronous")
_HIDDEN = {2: " generated always as (virtual)", 3: " generated always as (stored)"}


def probe(ask: Ask, options: Options = Options()) -> Iterator[Fact]:  # noqa: B008 - it cannot change
    """All facts of one file."""
    look = Look(ask)
    yield "engine", "sqlite"
    yield "access.encryption_in_transit", "local"
    [file] = look.rows(FILE)
    yield from _file(file)
    yield from _settings(look, file)
    yield from _tables(look)
    yield from _integrity(look, ask)
    for name in _OF_CONNECTIONS:
        look.gap("not_visible", f"settings[{name}]", PER_CONNECTION)
    yield from look.gaps()


def _file(file: Row) -> Iterator[Fact]:
    yield "file.mode", file["mode"]
    yield "file.folder_mode", file["folder_mode"]
    yield "file.size", rounded(file["size"])
    yield "file.wal_bytes", rounded(file["wal_bytes"])
    yield "file.shm", file["has_shm"]
    yield "settings[journal_mode].value", "wal" if file["is_wal"] else "delete"
    if file["written_by"]:
        yield "file.written_by", file["written_by"]


def _settings(look: Look, file: Row) -> Iterator[Fact]:
    for row in look.rows(SETTINGS):
        yield "settings[auto_vacuum].value", _VACUUM.get(row["auto_vacuum"], str(row["auto_vacuum"]))
        for name in ("page_size", "encoding", "user_version", "application_id"):
            yield f"settings[{name}].value", str(row[name])
        if row["page_count"]:
            yield "file.free_ratio", round(row["freelist_count"] / row["page_count"], 2)


def _tables(look: Look) -> Iterator[Fact]:
    shadows = {row["name"] for row in look.rows(SHADOWS)}
    objects = [
        row for row in look.rows(OBJECTS) if not row["name"].startswith("sqlite_") and row["name"] not in shadows
    ]
    columns, links, unique = (_by_table(look.rows(query)) for query in (COLUMNS, LINKS, INDEXES))
    shapes = []
    for row in objects:
        if row["type"] not in ("table", "view"):
            continue
        here = [other for other in objects if other["tbl_name"] == row["name"]]
        name = row["name"]
        shape = dict(_shape(row, here, columns.get(name, ()), links.get(name, ()), unique.get(name, ())))
        yield from ((f"schema.tables[{key('main', name)}].{fact}", value) for fact, value in shape.items())
        shapes.append(fingerprint(name, {**shape, "definition": _digest(row["sql"])}))
    yield "schema.read", ["main"]
    if objects:
        yield FINGERPRINT, fingerprint("main", {"tables": sorted(shapes)})


def _by_table(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["of"], []).append(row)
    return found


def _shape(
    row: Row, here: Iterable[Row], columns: Iterable[Row], links: Iterable[Row], unique: Iterable[Row]
) -> Iterator[Fact]:
    is_virtual = str(row["sql"]).upper().startswith("CREATE VIRTUAL")
    yield "kind", "virtual-table" if is_virtual else row["type"]
    if listed_columns := [_column(column) for column in columns]:
        yield "columns", listed_columns
    if keys := [*_primary(columns), *_foreign(links), *(f"UNIQUE ({one['columns']})" for one in unique)]:
        yield "keys", sorted(keys)
    yield "definition", _digest(row["sql"])
    for kind, name in (("index", "indexes"), ("trigger", "triggers")):
        if own := [one for one in here if one["type"] == kind and one["sql"]]:
            yield name, listed([f"{written(one['name'])}: {' '.join(one['sql'].split())}" for one in own])


def _column(row: Row) -> str:
    default = f" default {row['dflt_value']}" if row["dflt_value"] is not None else ""
    required = " not null" if row["notnull"] else ""
    type_ = f" {row['type'].lower()}" if row["type"] else ""
    return f"{written(row['name'])}{type_}{required}{default}{_HIDDEN.get(row['hidden'], '')}"


def _primary(columns: Iterable[Row]) -> Iterator[str]:
    if parts := sorted((row["pk"], written(row["name"])) for row in columns if row["pk"]):
        yield f"PRIMARY KEY ({', '.join(name for _, name in parts)})"


def _foreign(links: Iterable[Row]) -> Iterator[str]:
    by_id: dict[int, list[Row]] = {}
    for row in sorted(links, key=lambda row: (row["id"], row["seq"])):
        by_id.setdefault(row["id"], []).append(row)
    for rows in by_id.values():
        here = ", ".join(written(row["from"]) for row in rows)
        there = ", ".join(written(row["to"]) for row in rows if row["to"])
        yield f"FOREIGN KEY ({here}) REFERENCES {written(rows[0]['table'])}{f'({there})' if there else ''}"


def _digest(sql: Any) -> str:
    return blake2b(" ".join(str(sql or "").split()).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _integrity(look: Look, ask: Ask) -> Iterator[Fact]:
    try:
        messages = [str(row["message"]) for row in ask(INTEGRITY)]
    except QueryError as error:
        messages = [str(error)] if error.damaged else []
        if not error.damaged:
            look.gap("not_read", INTEGRITY.group, str(error))
    if messages:
        yield "integrity.result", "; ".join(messages)[:1000]
    for row in look.rows(VIOLATIONS):
        yield "integrity.foreign_key_violations", row["number"]

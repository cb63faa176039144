"""What a database holds, as a count and a checksum for each table, and how two of them compare."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from stocktake.restore.log import FAIL, PASS, UNKNOWN
from stocktake.values.text import shown


class Table(NamedTuple):
    """How many rows a table has, and a checksum of them that does not depend on the order in which they are stored."""

    rows: int
    sum: str


Contents = Mapping[str, Table]


class Reference(NamedTuple):
    """What the backup should hold.

    `exact` says that it is the state which the backup was taken of, so that any difference is the backup's fault;
    `why_not` says why it is not. `schema` is the definition of everything, line by line; None where it is not known.
    `users` are (role, table, privilege) of those who log in.
    """

    tables: Contents
    exact: bool
    why_not: str = ""
    schema: tuple[str, ...] | None = None
    users: tuple[tuple[str, str, str], ...] = ()


class Answer(NamedTuple):
    """The answer of one check, as the log takes it."""

    name: str
    result: str
    message: str
    cause: str = "none"


def compared(reference: Reference, restored: Contents) -> Iterator[Answer]:
    """Counts and contents of what came back, beside what should have come back."""
    wanted = reference.tables
    if not any(table.rows for table in wanted.values()):
        why = "vacuous: the source has no rows, so nothing can be compared"
        yield Answer("counts", UNKNOWN, why, "not-comparable")
        yield Answer("content", UNKNOWN, why, "not-comparable")
        return
    missing = [name for name in wanted if name not in restored]
    emptied = [name for name, table in wanted.items() if table.rows and name in restored and not restored[name].rows]
    counted = [name for name, table in wanted.items() if name in restored and restored[name].rows != table.rows]
    changed = [name for name, table in wanted.items() if name in restored and restored[name] != table]
    yield _counts(reference, restored, missing, emptied, counted)
    yield _content(reference, missing, changed)


def _counts(
    reference: Reference, restored: Contents, missing: list[str], emptied: list[str], counted: list[str]
) -> Answer:
    if missing:
        return Answer("counts", FAIL, f"not in the backup: {named(missing)}", "data-mismatch")
    if emptied:
        return Answer("counts", FAIL, f"empty, but not at the source: {named(emptied)}", "data-mismatch")
    if counted:
        first = sorted(counted)[0]
        said = f"{shown(first)} has {restored[first].rows:,} rows, the source {reference.tables[first].rows:,}"
        more = f" ({len(counted)} tables differ)" if len(counted) > 1 else ""
        return _differs("counts", f"{said}{more}", reference)
    rows = sum(table.rows for table in restored.values())
    return Answer(
        "counts", PASS, f"{counted_as(len(restored), 'table')}, {counted_as(rows, 'row')}: as many as there should be"
    )


def _content(reference: Reference, missing: list[str], changed: list[str]) -> Answer:
    if bad := missing + changed:
        return _differs("content", f"not what the source holds: {named(bad)}", reference, certain=bool(missing))
    return Answer(
        "content", PASS, f"the checksums of {counted_as(len(reference.tables), 'table')} are what they should be"
    )


def _differs(name: str, message: str, reference: Reference, *, certain: bool = False) -> Answer:
    """A difference is the backup's fault only where the source cannot have moved on since."""
    if reference.exact or certain:
        return Answer(name, FAIL, message, "data-mismatch")
    return Answer(name, UNKNOWN, f"{message}; {reference.why_not}"[:400], "not-comparable")


def schema_compared(reference: Reference, restored: tuple[str, ...]) -> Answer:
    """Definitions of tables, indexes and everything else, line by line."""
    if reference.schema is None:
        return Answer("schema", UNKNOWN, "the definitions of the source are not known", "not-comparable")
    if reference.schema == restored:
        return Answer("schema", PASS, f"{counted_as(len(restored), 'definition')}, the same as at the source")
    gone = [line for line in reference.schema if line not in set(restored)]
    new = [line for line in restored if line not in set(reference.schema)]
    first = shown(((gone or new or ["their order"])[0]).strip())[:160]
    where = "only at the source" if gone else "only in the backup" if new else "different"
    return _differs("schema", f"{counted_as(len(gone) + len(new), 'definition')} differ; {where}: {first}", reference)


def counted_as(count: int, word: str) -> str:
    """`1 table`, `1,204 rows`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def named(names: list[str], most: int = 5) -> str:
    """Names for a message, not more than one can read."""
    first = ", ".join(shown(name)[:60] for name in sorted(names)[:most])
    return f"{first} and {len(names) - most} more" if len(names) > most else first


def manifest_text(reference: Reference) -> bytes:
    """What a backup should hold, to be kept beside it as NAME.manifest.json."""
    tables = {name: {"rows": table.rows, "sum": table.sum} for name, table in sorted(reference.tables.items())}
    users = [list(each) for each in reference.users]
    data = {"schema": 1, "tables": tables, "definitions": list(reference.schema or ()), "users": users}
    return json.dumps(data, indent=1, ensure_ascii=False).encode() + b"\n"


def from_manifest(text: bytes) -> Reference:
    """What a backup should hold, as its manifest says.

    Raises ValueError where the text is no manifest.
    """
    try:
        data = json.loads(text)
        tables = {str(name): Table(int(table["rows"]), str(table["sum"])) for name, table in data["tables"].items()}
        users = tuple((str(role), str(table), str(right)) for role, table, right in data["users"])
        return Reference(tables, True, "", tuple(map(str, data["definitions"])) or None, users)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("is not a manifest") from error

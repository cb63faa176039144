"""The records of one kind as tables: one of their own facts, and one for each mapping whose keys people chose."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stocktake.exchange.table import Table
from stocktake.model.kind import Kind
from stocktake.model.sheet import Sheet
from stocktake.values.name import split

Row = dict[str, Any]
Sheets = Mapping[str, tuple[Sheet, ...]]


def tables(kind: Kind, sheets: Sheets) -> Iterator[Table]:
    """The table of a kind first, then those of its mappings, by name.

    A column is called as the fact is, in a mapping as below its entry; a column such as `plans[]` holds the keys.
    What a record says of an environment stands in a row of its own, with all that holds there.
    """
    first = _first(kind)
    found: dict[str, list[Row]] = {kind.name: []}
    heads: dict[str, tuple[str, ...]] = {kind.name: first}
    for sheet in _of(kind, sheets):
        head = dict(zip(first, (sheet.id, sheet.environment), strict=False))
        own: Row = dict(head)
        found[kind.name].append(own)
        below: dict[tuple[str, tuple[str, ...]], Row] = {}
        for name in sheet.declared_names():
            value = sheet.declared(name)
            if "[" not in name:
                own[name] = value
                continue
            steps, keys, column = _parted(name)
            table = ".".join((kind.name, *(step.removesuffix("[]") for step in steps)))
            if (table, keys) not in below:
                row = below[table, keys] = {**head, **dict(zip(steps, keys, strict=True))}
                found.setdefault(table, []).append(row)
                heads[table] = (*first, *steps)
            if column or value != {}:  # an entry that says nothing is a row without more
                below[table, keys][column or "value"] = value
    for table in sorted(found, key=lambda name: (name != kind.name, name)):
        yield _table(table, heads[table], found[table], kind if table == kind.name else None)


def _first(kind: Kind) -> tuple[str, ...]:
    """The columns that say which row it is, called so that no fact of the kind is called the same."""
    fields = kind.shape.fields or {}
    identity = "id" if "id" not in fields else "record"
    return (identity, "environment") if "instances" in fields and "environment" not in fields else (identity,)


def _of(kind: Kind, sheets: Sheets) -> Iterable[Sheet]:
    start = f"{kind.name}/"
    return (sheet for address in sorted(sheets) if address.startswith(start) for sheet in sheets[address])


def _parted(name: str) -> tuple[tuple[str, ...], tuple[str, ...], str]:
    """`a.b[k].c[j].d` as its patterns (`a.b[]`, `c[]`), the keys in them, and what is left."""
    steps: list[str] = []
    keys: list[str] = []
    rest: list[str] = []
    for part, is_key in split(name):
        if is_key:
            steps.append(f"{'.'.join(rest)}[]")
            keys.append(part)
            rest = []
        else:
            rest.append(part)
    return tuple(steps), tuple(keys), ".".join(rest)


def _table(name: str, head: tuple[str, ...], rows: list[Row], kind: Kind | None) -> Table:
    """With the columns that have a value; the table of a kind always has those of its index page."""
    used = {column for row in rows for column in row}
    always = tuple(column for column in kind.columns if column not in head) if kind else ()
    columns = (*head, *always, *sorted(used - {*head, *always}))
    order = sorted(rows, key=lambda row: tuple(str(row.get(column) or "") for column in head))
    return Table(name, columns, [tuple(row.get(column) for column in columns) for row in order])

"""Write what the registry says as tables: every kind, the inventory sheet and the dependency matrix."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from stocktake.errors import UsageError
from stocktake.exchange import inventory, kinds, matrix
from stocktake.exchange.formats import FORMATS
from stocktake.exchange.table import Table
from stocktake.load.files import Tree
from stocktake.model.audit import Audit
from stocktake.pipeline.audit import audit
from stocktake.pipeline.estate import open_estate
from stocktake.values.text import closest, shown


class Exported(NamedTuple):
    """Files by name; `bugs` are tracebacks of rules that failed."""

    files: tuple[tuple[str, bytes], ...]
    bugs: tuple[str, ...]


def export(tree: Tree, form: str, wanted: Collection[str], today: date, mark: bool = False) -> Exported:
    """The tables that are wanted, all where none is named, in one format.

    A word is a kind, one of its tables such as `asset.backup.plans`, `inventory` or `matrix`. Raises UsageError where
    it is none, InputError where the registry is wrong.
    """
    judged, bugs = audit(open_estate(tree).sound(), today, everywhere=False)
    found = list(tables(judged))
    names = [table.name for table in found]
    for word in wanted:
        if word not in names:
            raise UsageError(f'There is no table "{shown(word)}"', _hint(word, names, judged))
    kept = [table for table in found if not wanted or table.name in wanted]
    suffix, written = FORMATS[form]
    return Exported(tuple((f"{table.name}{suffix}", written(table, mark)) for table in kept), bugs)


def downloads(judged: Audit) -> Iterator[tuple[str, bytes]]:
    """The same tables as CSV, by their paths below the folder of the site: each beside the page that shows it."""
    form = FORMATS["csv"]
    for table in tables(judged):
        kind = table.name.partition(".")[0]
        folder = f"docs/{kind}" if kind in judged.estate.kinds else "docs"
        yield f"{folder}/{table.name}{form.suffix}", form.written(table, False)


def tables(judged: Audit) -> Iterator[Table]:
    """All tables of an audit: those of all kinds by name, then those of the whole."""
    for kind in sorted(judged.estate.kinds):
        yield from kinds.tables(judged.estate.kinds[kind], judged.sheets)
    yield inventory.table(judged)
    yield matrix.table(judged.graph)


def _hint(word: str, names: Collection[str], judged: Audit) -> str:
    if guess := closest(word, names):
        return f"Did you mean {guess}?"
    return f"Tables are {', '.join([*judged.estate.kinds, inventory.NAME, matrix.NAME])}, and those of their mappings."

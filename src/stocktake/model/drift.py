"""Where what was seen differs from what is declared."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.audit import Drift
from stocktake.model.sheet import Seen, Sheet
from stocktake.values.agreement import agree

# Records and machines name and describe things for themselves; that is not drift.
_OWN_WORDS = frozenset({"aliases", "description", "identifiers", "name"})


def comparable(sheet: Sheet) -> Iterator[tuple[str, object, Seen]]:
    """(name, declared value, what was seen) of every fact that is both declared and seen, stale or not, sorted."""
    for name in sorted(sheet.seen):
        declared = sheet.declared(name)
        if declared is not None and name not in _OWN_WORDS:
            yield name, declared, sheet.seen[name]


def drift(sheet: Sheet) -> Iterator[Drift]:
    """Every fact of a sheet whose declared and freshly observed values differ, by name.

    Baselines are left out: their values are compared by what they mean, in `model.baseline`.
    """
    if sheet.kind == "baseline":
        return
    for name, declared, seen in comparable(sheet):
        if seen.fresh and agree(name, declared, seen.value) is False:
            yield Drift(sheet.address, sheet.environment, name, declared, seen.value, seen.source, seen.evidence)

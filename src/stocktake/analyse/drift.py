"""Where declared and freshly observed facts differ."""

from __future__ import annotations

from collections.abc import Iterable

from stocktake.model.audit import Drift
from stocktake.model.sheet import Sheet
from stocktake.values import version

# What an observation says to join or to describe itself, never to be compared.
_NOT_COMPARED = frozenset({"name", "identifiers", "aliases"})


def drift(sheets: Iterable[Sheet]) -> tuple[Drift, ...]:
    """Every declared fact that a fresh observation contradicts, sorted."""
    return tuple(sorted((found for sheet in sheets for found in _of(sheet)), key=lambda found: (found.address, found.environment or "", found.name)))


def _of(sheet: Sheet) -> Iterable[Drift]:
    for name, fact in sheet.seen.items():
        declared = sheet.declared(name)
        if fact.fresh and declared is not None and name not in _NOT_COMPARED and not agree(name, declared, fact.value):
            yield Drift(sheet.address, sheet.environment, name, declared, fact.value, fact.source, fact.evidence)


def agree(name: str, declared: object, observed: object) -> bool:
    """Whether two values of one fact say the same; `16` agrees with `16.4` where the fact is a version."""
    if declared == observed:
        return True
    if name.rpartition(".")[2] == "version":
        return version.agrees(str(declared), str(observed)) is not False
    if isinstance(declared, list) and isinstance(observed, list):
        return sorted(map(str, declared)) == sorted(map(str, observed))
    return False

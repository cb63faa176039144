"""Which findings of a rule a waiver accepts: those about records that fit a few words."""

from __future__ import annotations

from collections.abc import Mapping

from stocktake.model.graph import Entry
from stocktake.model.sheet import Sheet
from stocktake.values.identity import Identity

Selector = Mapping[str, frozenset[str]]
NOWHERE: Selector = {}
# Each is what the index keeps of a record under the same name.
_OF_RECORD = ("kind", "type", "system", "owner", "criticality", "classification", "lifecycle")
FIELDS = (*_OF_RECORD, "details", "environment", "tags")


def selector(waiver: Sheet) -> Selector:
    """The conditions of a waiver by name; what is written in no known form accepts nothing."""
    found = {}
    for name in FIELDS:
        if (said := waiver.get(f"selector.{name}")) is not None:
            found[name] = frozenset(map(str, said)) if isinstance(said, list) else frozenset()
    return found


def covers(wanted: Selector, named: Identity, entry: Entry | None, any_detail: bool = False) -> bool:
    """Whether a finding fits all conditions. One with a detail is accepted only where that detail is named, so that a
    waiver of one setting never covers another; `any_detail` leaves that out, for answers that are not known.
    """
    if not wanted or entry is None:
        return False
    has_its_detail = named.detail in wanted["details"] if "details" in wanted else named.detail is None
    if not (any_detail or has_its_detail):
        return False
    if "environment" in wanted and named.environment not in wanted["environment"]:
        return False
    if "tags" in wanted and wanted["tags"].isdisjoint(entry.tags):
        return False
    return all(getattr(entry, name) in wanted[name] for name in _OF_RECORD if name in wanted)

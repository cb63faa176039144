"""Formulas of plan lines that discovery answers: only a look that is whole and recent enough says anything."""

from __future__ import annotations

from typing import NamedTuple

from stocktake.render.freshness import WHOLE
from stocktake.render.plan.measures import GROUPS, Count, members
from stocktake.render.view import View


class Looked(NamedTuple):
    """Sources that were looked at completely and lately; `what` is what discovery reads there."""

    what: str

    @property
    def words(self) -> str:
        return f"sources in `stocktake.yaml` seen whole and lately, with their {self.what} ÷ all sources"

    @property
    def todo(self) -> str:
        return (
            "Name the trees of your system under `sources` in `stocktake.yaml` and run `stocktake discover` regularly."
        )

    def measured(self, view: View) -> Count:
        names = [source.name for source in view.estate.settings.sources]
        return Count(sum(view.looks.get(name) == WHOLE for name in names), len(names))


class Seen(NamedTuple):
    """Records of a group that a machine saw lately."""

    group: str

    @property
    def words(self) -> str:
        return f"{GROUPS[self.group]} that a machine saw lately ÷ all {GROUPS[self.group]}"

    @property
    def todo(self) -> str:
        return "Run `stocktake discover` regularly, and give records the identifiers under which they are seen."

    def measured(self, view: View) -> Count:
        addresses = members(view, self.group)
        seen = view.seen_assets
        if self.group == "dependencies":
            edges = view.audit.reconciliation.edges
            seen = frozenset(one.address for one in edges if one.verdict == "verified" and view.is_fresh(one.source))
        return Count(len(seen & set(addresses)), len(addresses))


class Compared(NamedTuple):
    """Things that machines saw lately and that have exactly one record."""

    @property
    def words(self) -> str:
        return "things seen lately that joined a record ÷ all things seen"

    @property
    def todo(self) -> str:
        return "Run `stocktake discover --write` and complete the records it proposes."

    def measured(self, view: View) -> Count:
        found = view.audit.reconciliation
        fresh = sum(view.is_fresh(match.source) for match in found.matched)
        return Count(fresh, len(found.matched) + len(found.undocumented) + len(found.ambiguous))

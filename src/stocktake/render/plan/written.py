"""Formulas of plan lines about what people write after something happened: reviews, changes, incidents, interviews."""

from __future__ import annotations

from typing import NamedTuple

from stocktake.model.record import Record
from stocktake.model.settings import LIMITS
from stocktake.render.plan.measures import GROUPS, Count, listed, members
from stocktake.render.view import View
from stocktake.values import duration

_TYPES = ("access", "architecture", "audit", "backup", "configuration", "dependency", "performance")
_DONE = "done"


class Stated(NamedTuple):
    """Records of a kind that state all of some fields; where `field` is given, only those whose field is `value`."""

    kind: str
    facts: tuple[str, ...]
    field: str = ""
    value: str = ""

    @property
    def words(self) -> str:
        which = f" whose `{self.field}` is {self.value}" if self.field else ""
        return f"records of kind `{self.kind}`{which} with {listed(self.facts)} ÷ all of them"

    @property
    def todo(self) -> str:
        return f"Write them, `stocktake new {self.kind} ID`, and state {listed(self.facts)} in each."

    def measured(self, view: View) -> Count:
        found = [one for one in view.estate.of(self.kind) if not self.field or one.data.get(self.field) == self.value]
        return Count(sum(all(one.data.get(fact) for fact in self.facts) for one in found), len(found))


class Held(NamedTuple):
    """Types of reviews of which one is done and not older than the limit for reviews."""

    types: tuple[str, ...] = _TYPES

    @property
    def words(self) -> str:
        names = "types of reviews" if len(self.types) > 1 else f"reviews of type {self.types[0]}"
        return f"{names} of which one is `done` and ended within `limits.review` ÷ {len(self.types)} asked for"

    @property
    def todo(self) -> str:
        return f"Hold them, and record each: `stocktake new review ID` with a `type` of {', '.join(self.types)}."

    def measured(self, view: View) -> Count:
        held = {str(one.data.get("type")) for one in view.estate.of("review") if _is_recent(view, one)}
        return Count(len(held & {*self.types}), len(self.types))


class Interviewed(NamedTuple):
    """Records of a group, or their systems or teams, that an interview names."""

    group: str

    @property
    def words(self) -> str:
        name = GROUPS[self.group]
        return f"{name} of which an interview, a source of `method` interview, names them or their owner ÷ all {name}"

    @property
    def todo(self) -> str:
        return "Ask who owns and uses them, and record it: `stocktake new source ID` with what it is `about`."

    def measured(self, view: View) -> Count:
        asked = [one.data.get("about") for one in view.estate.of("source") if one.data.get("method") == "interview"]
        named = {str(address) for about in asked if isinstance(about, list) for address in about}
        found = members(view, self.group)
        return Count(sum(bool(named & self._names(view, address)) for address in found), len(found))

    def _names(self, view: View, address: str) -> set[str]:
        entry = view.entry(address)
        ends = [view.edges[address].source, view.edges[address].target] if address in view.edges else []
        return {address, f"system/{entry.system}", f"team/{entry.owner}", *ends}


def _is_recent(view: View, review: Record) -> bool:
    oldest = duration.before(view.audit.today, {**LIMITS, **view.estate.settings.limits}["review"]).isoformat()
    ended = str(review.data.get("period") or "").rpartition("/")[2]
    return review.data.get("state") == _DONE and ended >= oldest

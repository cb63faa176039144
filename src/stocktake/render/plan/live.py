"""Formulas of plan lines that running stores and baselines answer; each counts every store in each environment."""

from __future__ import annotations

from typing import NamedTuple

from stocktake.model.baseline import AREAS
from stocktake.model.sheet import Sheet
from stocktake.render.environments import UNKNOWN, matrices
from stocktake.render.plan.measures import Count, listed
from stocktake.render.principals import EVERYBODY, MISSING, NO_BASELINE, Door, doors, principals
from stocktake.render.view import View

_ALL = "all data stores, each in each environment"
_OBSERVE = "Name an environment variable under `connection` of each store, and run `stocktake observe`."


class Alike(NamedTuple):
    """Parameters whose value is known in every environment of their asset."""

    @property
    def words(self) -> str:
        return "parameters known in every environment ÷ all parameters of assets with several environments"

    @property
    def todo(self) -> str:
        return "State environments under `instances`, and run `stocktake observe` in each."

    def measured(self, view: View) -> Count:
        every = [one for matrix in matrices(view) for one in matrix.parameters]
        return Count(sum(one.state != UNKNOWN for one in every), len(every))


class Baselined(NamedTuple):
    """Areas of baselines that were compared with a fresh look; a store without a baseline has none of them."""

    @property
    def words(self) -> str:
        return f"areas of baselines compared with a fresh look ÷ {len(AREAS)} areas of {_ALL}"

    @property
    def todo(self) -> str:
        return "Run `stocktake observe` regularly, and `stocktake baseline accept` for what has no baseline."

    def measured(self, view: View) -> Count:
        areas = {one.record.address: one.areas for one in view.baselines}
        found = doors(view)
        return Count(
            sum(areas.get(door.baseline.address, 0) for door in found if door.baseline), len(AREAS) * len(found)
        )


class Connected(NamedTuple):
    """Stores that were looked at lately while they ran."""

    @property
    def words(self) -> str:
        return f"data stores looked at lately while they ran ÷ {_ALL}"

    @property
    def todo(self) -> str:
        return _OBSERVE

    def measured(self, view: View) -> Count:
        live = {seen.source for seen in view.estate.observations if seen.collector == "observe"}
        found = doors(view)
        return Count(sum(_is_seen(door.sheet, live) for door in found), len(found))


class Listed(NamedTuple):
    """Roles that were seen and could be compared with a baseline; a store that nobody looked at counts as one."""

    @property
    def words(self) -> str:
        return "roles seen where a baseline names who should be there ÷ all roles seen, and stores nobody looked at"

    @property
    def todo(self) -> str:
        return f"{_OBSERVE} Then accept who should be there: `stocktake baseline accept ASSET --environment E`."

    def measured(self, view: View) -> Count:
        found = doors(view)
        fresh = [door for door in found if _is_open(door)]
        there = [one for door in fresh for one in principals(door) if one.declared != MISSING and one.name != EVERYBODY]
        return Count(sum(one.declared != NO_BASELINE for one in there), len(there) + len(found) - len(fresh))


class Opened(NamedTuple):
    """Stores of which it was seen lately who can get in."""

    @property
    def words(self) -> str:
        return f"data stores whose access was seen lately ÷ {_ALL}"

    @property
    def todo(self) -> str:
        return _OBSERVE

    def measured(self, view: View) -> Count:
        found = doors(view)
        return Count(sum(map(_is_open, found)), len(found))


class Settled(NamedTuple):
    """Stores whose baseline says some facts of every setting in it."""

    facts: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"data stores whose baseline states {listed(self.facts)} of each setting ÷ {_ALL}"

    @property
    def todo(self) -> str:
        return f"Accept a baseline for each store, and state {listed(self.facts)} of each entry of its `settings`."

    def measured(self, view: View) -> Count:
        found = doors(view)
        return Count(sum(self._is_stated(door.baseline) for door in found), len(found))

    def _is_stated(self, baseline: Sheet | None) -> bool:
        if baseline is None:
            return False
        names = [
            name for name in baseline.keys("settings[]") if any(_stated(baseline, name, fact) for fact in _DECLARED)
        ]
        return bool(names) and all(_stated(baseline, name, fact) for name in names for fact in self.facts)


class Versioned(NamedTuple):
    """Stores with a baseline whose changes stand in Git; `fact` is something that the baseline says too."""

    fact: str = ""

    @property
    def words(self) -> str:
        also = f", says `{self.fact}`" if self.fact else ""
        return f"data stores with a baseline that is in Git{also} ÷ {_ALL}"

    @property
    def todo(self) -> str:
        also = f" State its `{self.fact}`." if self.fact else ""
        return (
            f"Accept a baseline for each store and commit it: `stocktake baseline accept ASSET --environment E`.{also}"
        )

    def measured(self, view: View) -> Count:
        found = doors(view)
        paths = {one.record.address: one.record.path for one in view.baselines}
        known = [
            door.baseline for door in found if door.baseline and paths[door.baseline.address] in view.audit.history
        ]
        return Count(sum(not self.fact or bool(one.declared(self.fact)) for one in known), len(found))


_DECLARED = ("owner", "plane", "scope", "secret_ref", "sensitivity", "tolerance", "update_process", "value")


def _stated(baseline: Sheet, key: str, fact: str) -> bool:
    return baseline.within("settings[]", key).declared(fact) is not None


def _is_open(door: Door) -> bool:
    return door.seen is not None and door.seen.fresh


def _is_seen(sheet: Sheet, live: set[str]) -> bool:
    return any(fact.fresh and fact.source in live for fact in sheet.seen.values())

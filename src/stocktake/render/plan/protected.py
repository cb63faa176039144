"""Formulas of plan lines that backup plans and restore drills answer; a store that lacks a plan counts in each."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from stocktake.model.outcome import FAIL
from stocktake.render.plan.measures import Count, listed
from stocktake.render.recovery import MET, NO_PLAN, NOT_JUDGED, PASSED, Plan, distance, plans, unplanned
from stocktake.render.recovery import UNKNOWN as NOT_KNOWN
from stocktake.render.view import View

_ALL = f"all backup plans and stores without one ({NO_PLAN})"


class Drilled(NamedTuple):
    """Backup plans that a drill has proven."""

    @property
    def words(self) -> str:
        return f"backup plans with a passed drill that still counts ÷ {_ALL}"

    @property
    def todo(self) -> str:
        return "Run `stocktake drill ASSET` for each plan."

    def measured(self, view: View) -> Count:
        return _count(view, lambda plan: plan.is_current(view.audit.today.isoformat()))


class Evidenced(NamedTuple):
    """Backup plans whose last drill names its evidence, and a cause where it did not pass."""

    @property
    def words(self) -> str:
        return f"backup plans whose last drill has evidence, and a cause where it did not pass ÷ {_ALL}"

    @property
    def todo(self) -> str:
        return "Run `stocktake drill ASSET`; for other engines write the record: `stocktake new drill ID`."

    def measured(self, view: View) -> Count:
        return _count(view, _is_explained)


class Far(NamedTuple):
    """Backup plans of which it is known whether one accident takes the store and its copies."""

    @property
    def words(self) -> str:
        return f"backup plans whose store and copies have a known failure domain ÷ {_ALL}"

    @property
    def todo(self) -> str:
        return "State `failure_domain` of each store and of each target of a backup."

    def measured(self, view: View) -> Count:
        return _count(view, lambda plan: distance(view, plan).verdict != NOT_KNOWN)


class Kept(NamedTuple):
    """Backup plans whose last drill stayed within what was promised."""

    @property
    def words(self) -> str:
        return f"backup plans whose last drill kept both RTO and RPO ÷ {_ALL}"

    @property
    def todo(self) -> str:
        return "State `backup.rto` and `backup.rpo`, and measure both with `stocktake drill ASSET`."

    def measured(self, view: View) -> Count:
        return _count(view, lambda plan: all(plan.promise(name)[2] == MET for name in ("rto", "rpo")))


class Planned(NamedTuple):
    """Backup plans that state some facts themselves: what the record says of its data is another thing."""

    facts: tuple[str, ...]

    @property
    def words(self) -> str:
        return f"backup plans with {listed(self.facts)} ÷ {_ALL}"

    @property
    def todo(self) -> str:
        return f"Write a plan for what has none, and state {listed(self.facts)} of each under `backup.plans`."

    def measured(self, view: View) -> Count:
        return _count(view, lambda plan: all(f"{plan.sheet.prefix}.{fact}" in plan.sheet for fact in self.facts))


def _count(view: View, is_known: Callable[[Plan], bool]) -> Count:
    found = plans(view)
    bare = [one for one in unplanned(view) if one.state in (FAIL, NOT_JUDGED)]
    return Count(sum(map(is_known, found)), len(found) + len(bare))


def _is_explained(plan: Plan) -> bool:
    if plan.drill is None or not plan.drill.data.get("evidence"):
        return False
    data = plan.drill.data
    return data.get("result") == PASSED or data.get("failure_cause") not in (None, "none")

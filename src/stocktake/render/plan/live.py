"""Formulas of plan lines that running stores, baselines and restore drills answer."""

from __future__ import annotations

from typing import NamedTuple

from stocktake.model.baseline import AREAS
from stocktake.render.environments import UNKNOWN, matrices
from stocktake.render.freshness import PART, WHOLE, look
from stocktake.render.looks import connections
from stocktake.render.plan.measures import Count
from stocktake.render.principals import EVERYBODY, MISSING, NO_BASELINE, doors, principals
from stocktake.render.recovery import MET, distance, plans
from stocktake.render.recovery import UNKNOWN as NOT_KNOWN
from stocktake.render.view import View


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
    """Areas of baselines that were compared with a fresh look."""

    @property
    def words(self) -> str:
        return f"areas of baselines compared with a fresh look ÷ all areas, {len(AREAS)} of each baseline"

    @property
    def todo(self) -> str:
        return "Run `stocktake observe` regularly, and `stocktake baseline accept` for what has no baseline."

    def measured(self, view: View) -> Count:
        return Count(sum(one.areas for one in view.baselines), len(AREAS) * len(view.baselines))


class Connected(NamedTuple):
    """Instances with a connection that were looked at lately."""

    @property
    def words(self) -> str:
        return "instances looked at lately ÷ all that name a `connection`"

    @property
    def todo(self) -> str:
        return "Name an environment variable under `connection` of each store, and run `stocktake observe`."

    def measured(self, view: View) -> Count:
        fresh = {seen.source for seen in view.estate.observations if look(view.audit, seen) in (WHOLE, PART)}
        wanted = connections(view)
        return Count(sum(source in fresh for _, _, source in wanted), len(wanted))


class Drilled(NamedTuple):
    """Backup plans that a drill has proven."""

    @property
    def words(self) -> str:
        return "backup plans with a passed drill that still counts ÷ all backup plans"

    @property
    def todo(self) -> str:
        return "Run `stocktake drill ASSET` for each plan."

    def measured(self, view: View) -> Count:
        found = plans(view)
        return Count(sum(plan.is_current(view.audit.today.isoformat()) for plan in found), len(found))


class Evidenced(NamedTuple):
    """Drills that name their evidence, and a cause where they did not pass."""

    @property
    def words(self) -> str:
        return "drills with evidence, and a cause where they did not pass ÷ all drills"

    @property
    def todo(self) -> str:
        return "Run `stocktake drill ASSET`; for other engines write the record: `stocktake new drill ID`."

    def measured(self, view: View) -> Count:
        drills = [record.data for record in view.estate.of("drill")]
        explained = (one.get("result") == "passed" or one.get("failure_cause") not in (None, "none") for one in drills)
        return Count(
            sum(bool(one.get("evidence")) and why for one, why in zip(drills, explained, strict=True)), len(drills)
        )


class Far(NamedTuple):
    """Backup plans of which it is known whether one accident takes the store and its copies."""

    @property
    def words(self) -> str:
        return "backup plans whose store and copies have a known failure domain ÷ all backup plans"

    @property
    def todo(self) -> str:
        return "State `failure_domain` of each store and of each target of a backup."

    def measured(self, view: View) -> Count:
        found = plans(view)
        return Count(sum(distance(view, plan).verdict != NOT_KNOWN for plan in found), len(found))


class Kept(NamedTuple):
    """Backup plans whose last drill stayed within what was promised."""

    @property
    def words(self) -> str:
        return "backup plans whose last drill kept both RTO and RPO ÷ all backup plans"

    @property
    def todo(self) -> str:
        return "State `backup.rto` and `backup.rpo`, and measure both with `stocktake drill ASSET`."

    def measured(self, view: View) -> Count:
        found = plans(view)
        return Count(sum(all(plan.promise(name)[2] == MET for name in ("rto", "rpo")) for plan in found), len(found))


class Listed(NamedTuple):
    """Roles that were seen and could be compared with a baseline."""

    @property
    def words(self) -> str:
        return "roles seen where a baseline names who should be there ÷ all roles seen"

    @property
    def todo(self) -> str:
        return "Accept who should be there: `stocktake baseline accept ASSET --environment E`."

    def measured(self, view: View) -> Count:
        found = [one for door in doors(view) for one in principals(door)]
        there = [one for one in found if one.declared != MISSING and one.name != EVERYBODY]
        return Count(sum(one.declared != NO_BASELINE for one in there), len(there))


class Opened(NamedTuple):
    """Stores of which it was seen lately who can get in."""

    @property
    def words(self) -> str:
        return "stores, each in each environment, whose access was seen lately ÷ all of them"

    @property
    def todo(self) -> str:
        return "Name an environment variable under `connection` of each store, and run `stocktake observe`."

    def measured(self, view: View) -> Count:
        found = doors(view)
        return Count(sum(bool(door.seen and door.seen.fresh) for door in found), len(found))


class Planned(NamedTuple):
    """Backup plans that state a fact."""

    fact: str

    @property
    def words(self) -> str:
        return f"backup plans with `{self.fact}` ÷ all backup plans"

    @property
    def todo(self) -> str:
        return f"State `{self.fact}` of each plan under `backup.plans`."

    def measured(self, view: View) -> Count:
        found = plans(view)
        return Count(sum(self.fact in plan.sheet for plan in found), len(found))

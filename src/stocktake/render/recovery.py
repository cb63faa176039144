"""Could we restore? Every backup plan with its last drill, what was promised and measured, and where the copy lies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from stocktake.model.graph import Entry
from stocktake.model.outcome import FAIL
from stocktake.model.record import Record
from stocktake.model.sheet import Sheet
from stocktake.render.live import running
from stocktake.render.view import View
from stocktake.values import duration

# The rule that asks for a backup plan; it leaves out what only holds copies.
NO_PLAN = "BKP001"
NOT_JUDGED = "not judged"
APART, TOGETHER, UNKNOWN = "apart", "the same", "not known"
PASSED, FAILED, NO_VERDICT = "passed", "failed", "no-verdict"
MET, MISSED, NOT_MEASURED = "met", "missed", "not measured"


class Plan(NamedTuple):
    """One backup plan of one store in one environment; `drill` is its last restore test, as far as one counts."""

    asset: Entry
    environment: str | None
    name: str
    sheet: Sheet
    drill: Record | None

    @property
    def target(self) -> str:
        """The address of the asset that holds the copies; empty where nobody said."""
        own = self.sheet.get("target")
        return f"asset/{own}" if own else ""

    def is_current(self, today: str) -> bool:
        """Whether a passed drill still counts."""
        last = self.drill
        return last is not None and last.data.get("result") == PASSED and str(last.data.get("next_due", "")) >= today

    def promise(self, objective: str) -> tuple[str, str, str]:
        """(promised, measured in the last drill, verdict) of `rto` or `rpo`; empty where not said."""
        promised = str(self.sheet.get(f"backup.{objective}") or "")
        measured = str(self.drill.data.get(f"measured_{objective}") or "") if self.drill else ""
        return promised, measured, verdict(promised, measured)


def verdict(promised: str, measured: str) -> str:
    """Whether what was measured keeps what was promised."""
    try:
        return MET if duration.seconds(measured) <= duration.seconds(promised) else MISSED
    except ValueError:
        return NOT_MEASURED


def plans(view: View, entries: Iterable[Entry] | None = None) -> list[Plan]:
    """All plans of some stores (of all stores where none are named), by store, environment and name."""
    found = []
    for entry in view.assets("stores") if entries is None else entries:
        for sheet in running(view, entry.address):
            for name in sheet.keys("backup.plans[]"):
                inner = sheet.within("backup.plans[]", name)
                last = view.estate.by_address.get(str(inner.get("drill.record", "")))
                found.append(Plan(entry, sheet.environment, name, inner, last))
    return found


class Bare(NamedTuple):
    """A store in one environment without a backup plan; `state` is what the rule that asks for one answered, "" where
    it does not ask, as of what only holds copies, and `NOT_JUDGED` where the rule is switched off.
    """

    asset: Entry
    environment: str | None
    state: str


def unplanned(view: View, entries: Iterable[Entry] | None = None) -> list[Bare]:
    """Stores (all where none are named), each in each environment, that have no backup plan: those that need one
    first.
    """
    found = [
        Bare(entry, sheet.environment, _asked(view, entry.address, sheet.environment))
        for entry in (view.assets("stores") if entries is None else entries)
        for sheet in running(view, entry.address)
        if not sheet.keys("backup.plans[]")
    ]
    return sorted(found, key=lambda bare: (bare.state != FAIL, not bare.state, bare.asset, bare.environment or ""))


def _asked(view: View, address: str, environment: str | None) -> str:
    if not is_judged(view):
        return NOT_JUDGED
    answers = (one for one in view.outcomes.get(address, ()) if one.rule == NO_PLAN)
    return next((one.state for one in answers if one.environment in (None, environment)), "")


def is_judged(view: View) -> bool:
    """Whether a rule says which stores need a plan; a team may switch it off."""
    return NO_PLAN in view.rules


def needy(view: View, entries: Iterable[Entry] | None = None) -> tuple[set[str], set[str]]:
    """Addresses of the stores that lack a plan somewhere, and of all that need one: of all stores where no rule says
    which do.
    """
    stores = view.assets("stores") if entries is None else [*entries]
    missing = {bare.asset.address for bare in unplanned(view, stores) if bare.state}
    return missing, missing | {plan.asset.address for plan in plans(view, stores)}


def asked_by(view: View, words: str) -> str:
    """What stands below a figure of `needy`: these words, or that no rule says which stores need a plan."""
    return words if is_judged(view) else f"of all stores: {NO_PLAN}, which says who needs one, is switched off"


class Distance(NamedTuple):
    """How far a copy lies from what it is a copy of: the two failure domains and what they amount to."""

    verdict: str
    source: str
    target: str
    words: str


def distance(view: View, plan: Plan) -> Distance:
    """Whether one accident would take both the store and its copies."""
    there = _target(view, plan)
    if there is None:
        return Distance(UNKNOWN, _domain(plan.sheet), "", "the plan names no target that has a record")
    if plan.target == plan.asset.address:
        return Distance(TOGETHER, _domain(plan.sheet), _domain(there), "the copies lie in the store itself")
    for name, words in (("failure_domain", "failure domain"), ("host", "host")):
        source, target = plan.sheet.get(name), there.get(name)
        if source and source == target:
            return Distance(TOGETHER, str(source), str(target), f"one {words}: {source}")
    source, target = plan.sheet.get("failure_domain"), there.get("failure_domain")
    if source and target:
        return Distance(APART, str(source), str(target), "two failure domains")
    silent = " and ".join(name for name, said in (("the store", source), ("the target", target)) if not said)
    return Distance(UNKNOWN, _domain(plan.sheet), _domain(there), f"no failure_domain is known of {silent}")


def _domain(sheet: Sheet) -> str:
    return str(sheet.get("failure_domain") or "")


def _target(view: View, plan: Plan) -> Sheet | None:
    """The target in the same environment, else as the record says it."""
    sheets = view.audit.sheets.get(plan.target, ())
    return next((sheet for sheet in sheets if sheet.environment == plan.environment), sheets[0] if sheets else None)

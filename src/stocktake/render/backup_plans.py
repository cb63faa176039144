"""How backup plans look: what they promise, what the last drill measured, and where the copies lie."""

from __future__ import annotations

from stocktake.model.outcome import FAIL, WAIVED
from stocktake.model.record import Record
from stocktake.render import facts
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.live import day
from stocktake.render.paged import filed
from stocktake.render.parts import badge, code, muted, note
from stocktake.render.recovery import (
    APART,
    FAILED,
    MET,
    NO_PLAN,
    NO_VERDICT,
    NOT_JUDGED,
    NOT_MEASURED,
    PASSED,
    TOGETHER,
    UNKNOWN,
    Plan,
    distance,
    is_judged,
    plans,
)
from stocktake.render.table import Cell, Column, table
from stocktake.render.view import View, href
from stocktake.values import cron

PAGE = "backups.md"
_FIRST = 6  # of the plans of a store, on its own page
MOST = 100  # of each table but the last one, which has pages of its own
RESULTS = {PASSED: "is-pass", FAILED: "is-fail", NO_VERDICT: "is-unknown"}
DISTANCES = {APART: "is-pass", TOGETHER: "is-fail", UNKNOWN: "is-unknown"}


def plan_table(view: View, found: list[Plan]) -> Markup:
    """All plans: those that failed their last drill first, then those never drilled, then overdue ones."""
    rows = [_plan(view, plan) for plan in sorted(found, key=lambda plan: _urgency(view, plan))]
    headers = (
        Column("Store", facet=True),
        Column("Environment", facet=True),
        Column("Plan"),
        "Schedule, kept for",
        Column("Target", facet=True),
        "RTO and measured",
        "RPO and measured",
        Column("Last drill", facet=True),
        Column("Next due"),
    )
    empty = join(("No backup plan is recorded. State it under ", code("backup.plans"), " of a store."))
    return filed(view, PAGE, "plans", headers, rows, "Backup plans", empty, MOST)


def _urgency(view: View, plan: Plan) -> tuple[int, str, str, str]:
    result = plan.drill.data.get("result") if plan.drill else None
    current = plan.is_current(view.audit.today.isoformat())
    order = 0 if result == FAILED else 1 if result is None else 3 if current else 2
    return order, plan.asset.name.casefold(), plan.environment or "", plan.name


def _plan(view: View, plan: Plan) -> tuple[object, ...]:
    kind = plan.sheet.get("kind")
    return (
        Cell(view.link(PAGE, plan.asset.address), None, plan.asset.name),
        plan.environment,
        join((code(plan.name), el("br"), muted(kind or "kind not said"))),
        _schedule(plan),
        view.link(PAGE, plan.target) if plan.target else _unsaid(),
        _objective(plan, "rto"),
        _objective(plan, "rpo"),
        last(view, PAGE, plan),
        due(view, plan.drill),
    )


def _schedule(plan: Plan) -> Markup:
    schedule, retention = plan.sheet.get("schedule"), plan.sheet.get("retention")
    when = join((el("code", schedule, class_="st-day"), " ", muted(_spoken(str(schedule))))) if schedule else _unsaid()
    kept = join((muted("kept "), facts.plain(retention))) if retention else join((muted("kept "), _unsaid()))
    return join((when, el("br"), kept))


def _unsaid() -> Markup:
    return badge("not said", "is-unknown")


def _spoken(schedule: str) -> str:
    try:
        return cron.words(schedule)
    except ValueError:
        return ""


def _objective(plan: Plan, name: str) -> Markup:
    promised, measured, verdict = plan.promise(name)
    said = facts.plain(promised) if promised else badge("not promised", "is-unknown")
    if verdict == NOT_MEASURED:
        return join((said, el("br"), badge("not measured", "is-unknown")))
    return join(
        (said, el("br"), facts.plain(measured), " ", badge(verdict, "is-pass" if verdict == MET else "is-fail"))
    )


def last(view: View, here: str, plan: Plan) -> Cell:
    """The result of the last drill with its day; never drilled is said."""
    if plan.drill is None:
        return Cell(badge("never drilled", "is-unknown", "nothing proves that it can be restored"), "", "never drilled")
    result = str(plan.drill.data.get("result", ""))
    finished = str(plan.drill.data.get("finished", ""))[:10]
    label = view.link(here, plan.drill.address, day(finished or "no date"))
    return Cell(join((badge(result, RESULTS.get(result, "plain")), label), " "), finished, result)


def due(view: View, drill: Record | None) -> Cell | None:
    """The day until which a drill counts."""
    if drill is None or not drill.data.get("next_due"):
        return Cell(badge("now", "is-unknown"), "") if drill is None else None
    until = str(drill.data["next_due"])
    overdue = badge("overdue", "is-fail") if until < view.audit.today.isoformat() else None
    return Cell(join((day(until), overdue), " "), until)


def short(view: View, here: str, address: str) -> Markup | None:
    """For the page of a store: each plan with its last drill; a store without any is told so."""
    if view.group(address) != "stores":
        return None
    entry = view.entry(address)
    found = plans(view, [entry])
    more = el("p", anchor("All plans and drills", href(here, PAGE)), class_="st-small")
    if not found:
        return join((_nothing(view, address), more))
    rows = [
        (
            code(plan.name),
            plan.environment,
            _objective(plan, "rto"),
            _objective(plan, "rpo"),
            last(view, here, plan),
            due(view, plan.drill),
            _apart(view, plan),
        )
        for plan in found[:_FIRST]
    ]
    left = len(found) - _FIRST
    more = el("p", f"and {left:,} more: ", anchor("all plans and drills", href(here, PAGE))) if left > 0 else more
    headers = (
        "Plan",
        "Environment",
        "RTO and measured",
        "RPO and measured",
        "Last drill",
        "Next due",
        "Failure domain",
    )
    return join((table(headers, rows, "Backup plans"), more))


def _nothing(view: View, address: str) -> Markup:
    """What it means that a store has no plan, as the rule that asks for one answered."""
    if not is_judged(view):
        word = f"No backup plan. Whether it needs one is not judged: {NO_PLAN} is switched off."
        return el("p", badge(NOT_JUDGED, "is-unknown"), " ", word)
    states = {one.state for one in view.outcomes.get(address, ()) if one.rule == NO_PLAN}
    if FAIL in states:
        return note("bad", el("b", "No backup plan. "), "Nothing says how this store would come back.")
    word = "No backup plan, which a waiver accepts." if WAIVED in states else "No backup plan, and none is asked for."
    return el("p", word, class_="st-muted")


def _apart(view: View, plan: Plan) -> Markup:
    far = distance(view, plan)
    return badge(far.verdict, DISTANCES[far.verdict], far.words)

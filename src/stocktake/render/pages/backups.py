"""Backups and drills: could we restore? What is planned, what was proven, and what one accident would take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stocktake.model.outcome import FAIL, WAIVED
from stocktake.model.record import Record
from stocktake.render import facts
from stocktake.render.backup_plans import DISTANCES, MOST, PAGE, RESULTS, plan_table
from stocktake.render.copies import onward, regions
from stocktake.render.diagram.catalogue import shown
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.live import clean, day, folded
from stocktake.render.paged import filed, paged
from stocktake.render.parts import Card, badge, cards, code, criticality, lead, muted
from stocktake.render.recovery import (
    APART,
    FAILED,
    MET,
    MISSED,
    NO_PLAN,
    NOT_JUDGED,
    TOGETHER,
    UNKNOWN,
    Bare,
    Distance,
    Plan,
    asked_by,
    distance,
    is_judged,
    needy,
    plans,
    unplanned,
)
from stocktake.render.table import Cell, Column
from stocktake.render.view import View, href

_HERE = PAGE
_ELSEWHERE = "BKP007"
_NAMED = 40  # systems whose pictures stand elsewhere
_RANK = {TOGETHER: 0, UNKNOWN: 1, APART: 2}
_LEDGER = (
    Column("Finished"),
    Column("Store", facet=True),
    Column("Environment", facet=True),
    Column("Plan and backup set", facet=True),
    Column("Kind", facet=True),
    Column("Result", facet=True),
    Column("Failure cause", facet=True),
    "Measured",
    "Checks",
    "Evidence",
)
Blocks = list[Markup | Heading | None]


def pages(view: View) -> Iterator[Page]:
    """Plans, chains and the ledger of drills, which may be long."""
    found = plans(view)
    drills = sorted(view.estate.of("drill"), key=lambda one: str(one.data.get("finished", "")), reverse=True)
    rows = [_drill(view, one) for one in drills]
    empty = join(
        (
            "No restore test is recorded, so nothing proves that a backup can be restored. Run ",
            code("stocktake drill ASSET"),
            ".",
        )
    )
    for path, part in paged(view, _HERE, _LEDGER, rows, "Restore drills", empty):
        first = _top(view, found) if path == _HERE else []
        yield document(path, "Backups and drills", [*first, part], wide=True)


def _top(view: View, found: list[Plan]) -> Blocks:
    return [
        lead("Could we restore? ", muted("A backup counts as good only after a drill has restored it.")),
        _figures(view, found),
        Heading("Stores without a plan"),
        _unplanned(view),
        Heading("Plans"),
        plan_table(view, found),
        Heading("Where the copies lie"),
        *_pictures(view),
        _chains(view, found),
        Heading("Restore drills"),
    ]


def _figures(view: View, found: list[Plan]) -> Markup:
    missing, needing = needy(view)
    today = view.audit.today.isoformat()
    current = sum(plan.is_current(today) for plan in found)
    failed = sum(plan.drill is not None and plan.drill.data.get("result") == FAILED for plan in found)
    missed = sum(any(plan.promise(name)[2] == MISSED for name in ("rto", "rpo")) for plan in found)
    met = sum(all(plan.promise(name)[2] == MET for name in ("rto", "rpo")) for plan in found)
    together = sum(distance(view, plan).verdict == TOGETHER for plan in found)
    known = sum(distance(view, plan).verdict != UNKNOWN for plan in found)
    return cards(
        (
            Card(
                len(needing) - len(missing),
                f" of {len(needing)}",
                "Stores with a plan",
                asked_by(view, "in every environment; what only holds copies needs none"),
                "#plans",
                ("bad" if is_judged(view) else "unknown") if missing else "plain" if needing else "unknown",
            ),
            Card(
                current,
                f" of {len(found)}",
                "Plans proven by a drill",
                f"passed and not overdue; {failed} failed last time",
                "#plans",
                "bad" if failed else "unknown" if current < len(found) else "plain",
            ),
            Card(
                met,
                f" of {len(found)}",
                "Promises kept",
                f"RTO and RPO measured within; {missed} missed",
                "#plans",
                "bad" if missed else "unknown" if met < len(found) else "plain",
            ),
            Card(
                together,
                f" of {len(found)}",
                "Copies in the same place",
                f"one accident takes both; known of {known}",
                "#where-the-copies-lie",
                "bad" if together else "unknown" if known < len(found) else "plain",
            ),
        )
    )


def _unplanned(view: View) -> Markup:
    rows = [
        (
            view.link(_HERE, bare.asset.address),
            bare.environment,
            bare.asset.type,
            criticality(bare.asset.criticality),
            view.link(_HERE, f"team/{bare.asset.owner}") if bare.asset.owner else badge("nobody", "is-fail"),
            _bare(bare),
        )
        for bare in unplanned(view)
    ]
    empty = "Every data store has a plan." if view.assets("stores") else "No data store is recorded."
    headers = (
        "Store",
        "Environment",
        Column("Type", facet=True),
        "Criticality",
        Column("Owner", facet=True),
        Column("Backup", facet=True),
    )
    return filed(view, _HERE, "unplanned", headers, rows, "Stores without a plan", empty, MOST)


def _bare(bare: Bare) -> Cell:
    """Whether the missing plan is a failure, accepted, not asked for, or not judged."""
    if bare.state == NOT_JUDGED:
        words = f"no plan, {NOT_JUDGED}"
        return Cell(badge(words, "is-unknown", f"{NO_PLAN} is switched off"), None, words)
    if not bare.state:
        return Cell(muted("needs none"), None, "needs none")
    tone = {FAIL: "is-fail", WAIVED: "is-waived"}.get(bare.state, "is-unknown")
    word = {FAIL: "no plan", WAIVED: "no plan, waived"}.get(bare.state, bare.state)
    return Cell(badge(word, tone), None, word)


def _pictures(view: View) -> Iterator[Markup]:
    """As many as the page has room for, and where the others stand."""
    found = {name: one.here for name, one in view.diagrams.items() if name.startswith("backups/")}
    elsewhere = [name.replace("backups/", "system/", 1) for name, here in found.items() if here != _HERE]
    if elsewhere:
        links = join((view.link(_HERE, address) for address in elsewhere[:_NAMED]), ", ")
        left = len(elsewhere) - _NAMED
        more = join((" and ", anchor(f"{left:,} more", href(_HERE, "system/index.md")))) if left > 0 else None
        told = f"{len(found) - len(elsewhere):,} of {len(found):,} pictures stand here, of systems with most to mend. "
        told += "Each other one stands on the page of its system: "
        yield el("p", told, links, more, ".", class_="st-muted")
    for name, here in found.items():
        if here == _HERE and (figure := shown(view, name, f"backups-{name.partition('/')[2] or 'none'}")):
            yield figure


def _chains(view: View, found: list[Plan]) -> Markup:
    ordered = sorted(((distance(view, plan), plan) for plan in found), key=lambda pair: _RANK[pair[0].verdict])
    headers = (
        Column("Store", facet=True),
        Column("Environment", facet=True),
        "Job",
        "Copies lie in",
        "Copied on to",
        "Region",
        "Store's domain",
        "Copies' domain",
        Column("Failure domain", facet=True),
        Column("Why", wide=True),
        "Immutable for",
    )
    rows = [_chain(view, far, plan) for far, plan in ordered]
    return filed(view, _HERE, "copies", headers, rows, "Where the copies lie", "No plan, so no copy.", MOST)


def _chain(view: View, far: Distance, plan: Plan) -> tuple[object, ...]:
    fixed = plan.sheet.get("immutability")
    return (
        Cell(view.link(_HERE, plan.asset.address), None, plan.asset.name),
        plan.environment,
        _job(plan),
        view.link(_HERE, plan.target) if plan.target else badge("not said", "is-unknown"),
        onward(view, _HERE, plan),
        regions(view, plan),
        far.source,
        far.target,
        Cell(badge(far.verdict, DISTANCES[far.verdict]), None, far.verdict),
        far.words,
        facts.plain(fixed) if fixed else badge("not said", "is-unknown"),
    )


def _job(plan: Plan) -> Markup:
    """The plan with what it makes; how often stands in the table of plans."""
    kind = plan.sheet.get("kind")
    return join((code(plan.name), el("br"), muted(clean(kind) if kind else "kind not said")))


def _drill(view: View, one: Record) -> tuple[object, ...]:
    data = one.data
    finished, result, cause = (str(data.get(name, "")) for name in ("finished", "result", "failure_cause"))
    asset = f"asset/{data.get('asset')}"
    return (
        Cell(view.link(_HERE, one.address, day(finished.replace("T", " ").replace("Z", "")[:16] or one.id)), finished),
        Cell(view.link(_HERE, asset), None, view.name(asset)),
        data.get("environment"),
        Cell(
            join((code(data.get("plan", "")), el("br"), muted(code(clean(data.get("backup_set", "")))))),
            None,
            str(data.get("plan", "")),
        ),
        data.get("type"),
        Cell(badge(result, RESULTS.get(result, "plain")), None, result),
        None if cause in ("", "none") else cause,
        join((_measured(data, "rto"), _measured(data, "rpo")), el("br")),
        _checks(data.get("checks")),
        _evidence(view, one),
    )


def _evidence(view: View, one: Record) -> Markup | None:
    path = one.data.get("evidence")
    foreign = any(found.rule == _ELSEWHERE and found.state == FAIL for found in view.outcomes.get(one.address, ()))
    mark = badge("does not count", "is-fail", "the evidence is not there, or is about something else")
    return join((view.file(str(path)), mark if foreign else None), " ") if path else None


def _measured(data: Mapping[str, Any], name: str) -> Markup:
    content = str(data.get(f"measured_{name}", "") or "not-measured")
    shown = muted("not measured") if content == "not-measured" else facts.plain(content)
    return join((muted(f"{name.upper()} "), shown))


def _checks(checks: object) -> Markup | None:
    """How many of the checks passed, and behind it each with what was seen."""
    if not isinstance(checks, dict) or not checks:
        return None
    told = {name: check if isinstance(check, dict) else {} for name, check in checks.items()}
    asked = {name: check for name, check in told.items() if check.get("result") != "not-applicable"}
    passed = sum(check.get("result") == "pass" for check in asked.values())
    tones = {"pass": "is-pass", "fail": "is-fail", "unknown": "is-unknown"}
    items = [
        el(
            "li",
            badge(check.get("result", ""), tones.get(str(check.get("result")), "plain")),
            " ",
            code(name),
            " ",
            muted(clean(check.get("message", ""))),
        )
        for name, check in sorted(told.items())
    ]
    return folded(f"{passed} of {len(asked)} passed", el("ul", *items, class_="st-list st-checks"))

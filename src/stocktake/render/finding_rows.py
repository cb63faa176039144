"""How findings stand in the long list: what was found, how old and due it is, and the rest behind a line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from stocktake.model.outcome import Outcome
from stocktake.model.record import Record
from stocktake.model.rule import FAMILIES
from stocktake.model.weight import RANKS
from stocktake.render import account
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.live import clean, day
from stocktake.render.parts import badge, code, muted, severity, state
from stocktake.render.prose import line, prose, summary
from stocktake.render.table import Cell, Column, pairs
from stocktake.render.tones import word
from stocktake.render.view import View, href

HEADERS = (
    Column("Severity", facet=True),
    Column("State", facet=True),
    Column("Rule", facet=True),
    Column("What", wide=True),
    Column("In full"),
    Column("About"),
    Column("Environment", facet=True),
    Column("Owner", facet=True),
    Column("Criticality", facet=True),
    Column("Days open", number=True),
    Column("Due"),
    Column("Work", facet=True),
)


def record_of(view: View, outcome: Outcome) -> Record | None:
    """The tracked finding, where somebody took it on."""
    names = (outcome.identity, *outcome.identities)
    return next((view.tracked[name] for name in names if name in view.tracked), None)


def row(view: View, here: str, outcome: Outcome) -> tuple[object, ...]:
    """One finding as cells under `HEADERS`."""
    owner, family = view.owner(outcome.subject), outcome.rule.rstrip("0123456789")
    record = record_of(view, outcome)
    until = str(record.data.get("due") or "") if record else ""
    age = _age(view, outcome, record)
    weight = Cell(
        outcome.criticality or muted("unknown"), -RANKS.get(outcome.criticality, 0), outcome.criticality or "unknown"
    )
    return (
        severity(outcome.severity),
        state(outcome),
        Cell(view.rule(here, outcome.rule), outcome.rule, FAMILIES.get(family, family)),
        join(
            (outcome.message, badge("time", "plain", "fails only because time passed") if outcome.timed else None), " "
        ),
        _in_full(view, here, outcome, record),
        view.subject(here, outcome.subject),
        outcome.environment,
        Cell(view.link(here, f"team/{owner}") if owner else None, owner, owner or "nobody"),
        weight,
        Cell(age if age is not None else None, age if age is not None else -1),
        Cell(_due(view, record, until), until or "9999"),
        _work(view, here, outcome, record),
    )


def _age(view: View, outcome: Outcome, record: Record | None) -> int | None:
    """Days since it was opened or put on the list of known findings; None where nobody wrote down when."""
    days = (str(record.data.get("opened") or "") if record else "", view.estate.known.get(outcome.identity, ""))
    for found in filter(None, days):
        try:
            return max(0, (view.audit.today - date.fromisoformat(found)).days)
        except ValueError:
            continue
    return None


def _due(view: View, record: Record | None, until: str) -> Markup | None:
    if not until or record is None:
        return None
    late = until < view.audit.today.isoformat() and record.data.get("status") not in account.CLOSED
    return join((day(clean(until)), badge("overdue", "is-fail") if late else None), " ")


def _work(view: View, here: str, outcome: Outcome, record: Record | None) -> Cell:
    """Where the work stands, and its ticket; whoever works on it may be another team than the owner."""
    if record is None:
        waived = view.link(here, f"waiver/{outcome.waiver}", "waiver") if outcome.waiver else None
        return Cell(waived or muted("nobody yet"), None, "waiver" if outcome.waiver else "nobody yet")
    status = str(record.data.get("status") or "")
    shown = view.link(here, record.address, word("status", status) or badge("tracked"))
    return Cell(join((part for part in (shown, account.ticket(record.data.get("ticket"))) if part), " "), None, status)


def _in_full(view: View, here: str, outcome: Outcome, record: Record | None) -> Markup:
    """Behind a line: where and why, and a link to what the rule says; a script puts that beside it.

    It stands in every row of a long list, so it says nothing that another cell or the rule says.
    """
    cause, effect = (summary(str(record.data.get(name) or ""), 300) if record else "" for name in ("cause", "effect"))
    inside = pairs(
        (
            ("Field", code(outcome.field) if outcome.field else None),
            ("Where", view.file(outcome.path, outcome.line) if outcome.path else None),
            ("Cause", cause),
            ("Effect here", effect),
            ("Stops with it", f"{outcome.reach:,}" if outcome.reach else None),
            ("Identity", code(outcome.identity)),
        )
    )
    known = outcome.rule in view.rules
    rest = anchor("Criteria, effect and fix", href(here, f"rule/{outcome.rule}.md")) if known else None
    rule = outcome.rule if known else None
    return el("details", el("summary", "open"), inside, rest, class_="st-details st-more", data_told=rule)


def told(view: View, here: str, outcomes: Iterable[Outcome]) -> Markup | None:
    """What each rule says, once for all findings of a page: the script of the page shows it in every row."""
    found = []
    for name in dict.fromkeys(outcome.rule for outcome in outcomes if outcome.rule in view.rules):
        rule = view.rules[name]
        sections = rule.sections()
        parts = (
            ("Criteria", account.criteria(view, here, rule, None)),
            ("Cause", muted("Not established, unless it stands above.")),
            ("Effect", prose(sections["Why"]) if sections.get("Why") else None),
            ("Fix", view.advice.get(name)),
        )
        found.append(el("div", el("b", name), pairs(parts), class_="st-told", id=f"told-{name.lower()}"))
    if not found:
        return None
    return el("details", el("summary", "What these rules say"), *found, class_="st-details", data_search_exclude="yes")


def accepted(view: View, here: str, outcome: Outcome) -> tuple[object, ...]:
    """One accepted failure as cells under `ACCEPTED`."""
    record = view.estate.by_address.get(f"waiver/{outcome.waiver}")
    data = record.data if record else {}
    until = str(data.get("expires") or "")
    return (
        severity(outcome.severity),
        view.rule(here, outcome.rule),
        view.subject(here, outcome.subject),
        outcome.environment,
        line(summary(str(data.get("reason") or ""))),
        line(summary(done))
        if (done := str(data.get("compensating_control") or ""))
        else badge("nothing", "is-unknown"),
        data.get("approver"),
        Cell(view.link(here, f"waiver/{outcome.waiver}", day(until or "no day")), until),
    )


ACCEPTED = (
    Column("Severity"),
    Column("Rule"),
    Column("About"),
    Column("Environment"),
    Column("Reason", wide=True),
    Column("Done instead", wide=True),
    Column("Approver"),
    Column("Expires"),
)

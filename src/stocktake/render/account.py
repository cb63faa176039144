"""A finding as auditors tell it: condition, criteria, cause, effect, recommendation, and what the owner answered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stocktake.model.controls import split
from stocktake.model.outcome import FAIL, Outcome
from stocktake.model.record import Record
from stocktake.model.rule import Rule
from stocktake.render.escape.html import Markup, anchor, el, join, safe_url
from stocktake.render.live import clean, day
from stocktake.render.parts import badge, code, muted
from stocktake.render.prose import prose, summary
from stocktake.render.table import pairs
from stocktake.render.tones import word
from stocktake.render.view import View, href

CLOSED = frozenset({"resolved", "dismissed"})
_NO_CAUSE = "Not established. A tracked finding says it under "


def of_rule(view: View, here: str, rule: Rule | None, condition: object, record: Record | None) -> Markup:
    """A finding of a rule in full; `record` is the tracked finding, None where nobody took it on."""
    sections = rule.sections() if rule else {}
    advice = prose(sections.get("Fix", "")) if sections.get("Fix") else None
    why = prose(sections.get("Why", "")) if sections.get("Why") else None
    return pairs(
        (
            ("Condition", condition),
            ("Criteria", criteria(view, here, rule, record)),
            ("Cause", _own(view, here, record, "cause") or join((muted(_NO_CAUSE), code("cause"), muted(".")))),
            ("Effect", _own(view, here, record, "effect") or why),
            ("Recommendation", _own(view, here, record, "recommendation") or advice),
            ("Owner's response", response(view, here, record)),
            ("Due", due(view, record)),
        )
    )


def of_record(view: View, here: str, record: Record) -> Markup:
    """A tracked finding in full: its own words, and those of the rule where one found it."""
    said = str(record.data.get("description") or "")
    found = prose(said, view.resolver(here, record.path)) if said else muted("Nobody described it.")
    shown = _own(view, here, record, "evidence")
    rule = view.rules.get(str(record.data.get("identity", "")).partition("@")[0])
    return of_rule(view, here, rule, join((found, shown)), record)


def brief(view: View, here: str, outcome: Outcome, record: Record | None) -> Markup:
    """The same for a row of a list: in a sentence each, with the page of the rule for the rest."""
    rule = view.rules.get(outcome.rule)
    sections = rule.sections() if rule else {}
    cause = str(record.data.get("cause") or "") if record else ""
    advice = str(record.data.get("recommendation") or "") if record else ""
    rest = anchor("all of it", href(here, f"rule/{rule.id}.md")) if rule else None
    fix = summary(advice or sections.get("Fix", ""), 220)
    return pairs(
        (
            ("Criteria", criteria(view, here, rule, record)),
            ("Cause", summary(cause, 220) or muted("not established")),
            (
                "Effect",
                summary(str(record.data.get("effect") or "") if record else "", 220)
                or summary(sections.get("Why", ""), 220),
            ),
            ("To do" if outcome.state == FAIL else "If it fails", join((fix, " ", rest)) if fix else rest),
        )
    )


def criteria(view: View, here: str, rule: Rule | None, record: Record | None) -> Markup | None:
    """Against what it is judged: the rule and the controls it points at, or those that the record names."""
    named = record.data.get("controls") if record else None
    controls = [*(rule.controls if rule else ()), *(map(str, named) if isinstance(named, list) else ())]
    parts = [join((view.rule(here, rule.id), " ", rule.title))] if rule else []
    parts += [muted(pointers(controls))] if controls else []
    return join(parts, el("br")) if parts else None


def pointers(controls: Iterable[str]) -> str:
    """Controls by framework, the framework named once."""
    found: dict[str, list[str]] = {}
    for control in dict.fromkeys(controls):
        framework, number = split(control)
        found.setdefault(framework, []).append(number)
    return "; ".join(f"{framework} {', '.join(numbers)}".strip() for framework, numbers in found.items())


def response(view: View, here: str, record: Record | None) -> Markup:
    """Who answered for it, where the work stands, and what was said."""
    if record is None:
        return join((badge("none yet", "is-unknown"), muted(" Nobody took it on: "), code("stocktake new finding ID")))
    data = record.data
    status, owner = str(data.get("status", "")), data.get("owner")
    head = [
        word("status", status) or badge("no status"),
        view.link(here, f"team/{owner}") if owner else badge("nobody", "is-fail"),
        ticket(data.get("ticket")),
        view.link(here, record.address, "tracked finding"),
    ]
    return join((join((part for part in head if part), " · "), _own(view, here, record, "response")))


def due(view: View, record: Record | None) -> Markup | None:
    """The day by which it should be gone."""
    until = str(record.data.get("due") or "") if record else ""
    if not until:
        return muted("no day is set")
    late = until < view.audit.today.isoformat() and record is not None and record.data.get("status") not in CLOSED
    return join((day(clean(until)), badge("overdue", "is-fail") if late else None), " ")


def ticket(number: Any) -> Markup | None:
    """A ticket: a link where it is one."""
    if not number:
        return None
    name = clean(number)
    is_link = name.startswith(("https://", "http://")) and safe_url(name)
    return anchor(name, name, rel="noopener noreferrer") if is_link else code(name)


def _own(view: View, here: str, record: Record | None, field: str) -> Markup | None:
    said = str(record.data.get(field) or "") if record else ""
    return prose(said, view.resolver(here, record.path)) if said.strip() and record else None

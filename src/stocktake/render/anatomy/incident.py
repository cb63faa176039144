"""An incident: whom it hurt, what happened when, why, what else it reached, and what is done so that it stays away."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.record import Record
from stocktake.render.account import ticket
from stocktake.render.anatomy import said
from stocktake.render.anatomy.affected import affected, linked
from stocktake.render.document import Heading
from stocktake.render.escape.html import Markup, el, join
from stocktake.render.live import clean
from stocktake.render.parts import badge, code, counted, muted, note, severity
from stocktake.render.table import Column, pairs, table
from stocktake.render.view import View

TELLS = frozenset(
    {
        "owner",
        "status",
        "about",
        "severity",
        "started",
        "detected",
        "resolved",
        "impact",
        "timeline",
        "cause",
        "caused_by",
        "runbooks",
        "lessons",
        "actions",
        "ticket",
    }
)
_TONES = {"open": "is-fail", "in-progress": "is-waived", "done": "is-pass", "dropped": "plain"}
_OVER = frozenset({"done", "dropped"})


def blocks(view: View, here: str, record: Record) -> Iterator[Markup | Heading]:
    """The page of an incident below its title."""
    impact = said.text(view, here, record, "impact")
    yield (
        note("bad", el("b", "Impact. "), impact)
        if impact
        else note("info", el("b", "Impact: "), "nobody said whom it hurt.")
    )
    yield _line(view, here, record)
    yield Heading("Timeline")
    yield _timeline(record)
    yield from affected(view, here, "What it reached", map(str, said.items(record, "about")))
    yield Heading("Cause")
    yield said.text(view, here, record, "cause") or el("p", "No cause is written down yet.", class_="st-empty")
    yield Heading("Actions")
    yield from _actions(view, here, record)
    yield Heading("Lessons")
    yield said.steps(view, here, record, "lessons") or el("p", "No lesson is written down yet.", class_="st-empty")


def _line(view: View, here: str, record: Record) -> Markup:
    started, seen, ended = (said.word(record, name) for name in ("started", "detected", "resolved"))
    change = record.data.get("caused_by")
    later = [address for address, field in view.audit.index.referrers(record.address, "change") if field == "incident"]
    return pairs(
        (
            ("Severity", severity(said.word(record, "severity")).content),
            ("Began", said.moment(started) if started else said.missing("not said")),
            ("Noticed", _after(seen, started)),
            ("Over", _after(ended, started) if ended else _still(record)),
            ("About", linked(view, here, said.items(record, "about"))),
            ("Set off by", view.link(here, f"change/{change}") if change else muted("no change is named")),
            ("Changes that answer it", linked(view, here, later)),
            ("Runbooks followed", linked(view, here, (f"runbook/{one}" for one in said.items(record, "runbooks")))),
            ("Ticket", ticket(record.data.get("ticket"))),
        )
    )


def _after(moment: str, started: str) -> Markup:
    if not moment:
        return said.missing("not said")
    length = said.between(started, moment)
    return join((said.moment(moment), muted(f", {length} after it began") if length else None))


def _still(record: Record) -> Markup:
    going = said.word(record, "status") in ("new", "ongoing")
    return badge("going on", "is-fail") if going else said.missing("not said")


def _timeline(record: Record) -> Markup:
    found = [one for one in said.items(record, "timeline") if isinstance(one, dict)]
    rows = []
    start = str(found[0].get("at") or "") if found else ""
    for one in found[:300]:
        at = str(one.get("at") or "")
        length = said.between(start, at)
        rows.append(
            (
                said.moment(at),
                muted(f"+ {length}" if length and at != start else "start" if at == start else ""),
                clean(one.get("what") or ""),
            )
        )
    headers = ("When", "Since the start", Column("What happened", wide=True))
    empty = join(
        (
            "Nobody wrote down what happened when. Each entry of ",
            code("timeline"),
            " has ",
            code("at"),
            " and ",
            code("what"),
            ".",
        )
    )
    return table(headers, rows, "Timeline", empty)


def _actions(view: View, here: str, record: Record) -> Iterator[Markup]:
    found = said.entries(record, "actions")
    done = sum(one.get("status") in _OVER for one in found.values())
    if found:
        yield el("p", f"{done} of {counted(len(found), 'action')} done or dropped.", class_="st-muted")
    rows = []
    for name, one in found.items():
        state, owner = str(one.get("status") or ""), one.get("owner")
        who = view.link(here, f"team/{owner}") if owner else badge("nobody", "is-fail")
        what = join((clean(one.get("description") or ""), el("br"), muted(code(name))))
        rows.append(
            (
                what,
                badge(state or "no status", _TONES.get(state, "plain")),
                who,
                said.until(view, one.get("due"), state in _OVER),
                ticket(one.get("ticket")),
            )
        )
    headers = (Column("Action", wide=True), "State", "Owner", "Due", "Ticket")
    empty = join(("Nothing is done so that it does not come again. Name it under ", code("actions"), "."))
    yield table(headers, rows, "Actions", empty)

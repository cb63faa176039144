"""A change: may it be made? What it touches and reaches, who agreed, how it was tried, and how it is taken back."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.record import Record
from stocktake.render.account import ticket
from stocktake.render.anatomy import said
from stocktake.render.anatomy.affected import affected, assets_of, linked
from stocktake.render.document import Heading
from stocktake.render.escape.html import Markup, el, join
from stocktake.render.parts import badge, counted, muted
from stocktake.render.risk_levels import badge_of
from stocktake.render.table import Column, pairs, table
from stocktake.render.tones import word
from stocktake.render.view import View

TELLS = frozenset(
    {
        "owner",
        "status",
        "about",
        "type",
        "risk",
        "decision",
        "ticket",
        "review",
        "approver",
        "approved",
        "tests",
        "rollout",
        "rollback",
        "done",
        "outcome",
        "incident",
    }
)
_YES, _NO, _NOT_ASKED = "yes", "missing", "not asked"
_MARKS = {_YES: "is-pass", _NO: "is-fail", _NOT_ASKED: "plain"}


def blocks(view: View, here: str, record: Record) -> Iterator[Markup | Heading]:
    """The page of a change below its title."""
    yield _about(view, here, record)
    yield Heading("Checklist")
    yield _checklist(view, here, record)
    yield from affected(view, here, "What it touches", map(str, said.items(record, "about")))
    for title, name, empty in (
        ("Tests", "tests", "Nobody said how it was tried out."),
        ("Rollout", "rollout", "No steps are written down."),
        ("Rollback", "rollback", "Nothing says how it is taken back."),
    ):
        yield Heading(title)
        yield said.steps(view, here, record, name) or el("p", empty, class_="st-empty")


def _about(view: View, here: str, record: Record) -> Markup:
    outcome, done = said.word(record, "outcome"), said.word(record, "done")
    set_off = [one for one, field in view.audit.index.referrers(record.address, "incident") if field == "caused_by"]
    decision, incident = record.data.get("decision"), record.data.get("incident")
    return pairs(
        (
            ("About", linked(view, here, said.items(record, "about"))),
            ("Type", said.word(record, "type")),
            ("Risk", badge_of(said.word(record, "risk"))),
            ("Approved", _approved(record)),
            ("Looked at", said.word(record, "review") or said.missing("by nobody, as far as is said")),
            ("Carried out", done or muted("not yet")),
            ("Outcome", word("outcome", outcome) or muted("still to come")),
            ("Carries out", view.link(here, f"adr/{decision}") if decision else None),
            ("Made necessary by", view.link(here, f"incident/{incident}") if incident else None),
            ("Set off", linked(view, here, set_off)),
            ("Ticket", ticket(record.data.get("ticket"))),
        )
    )


def _approved(record: Record) -> Markup:
    who, when = said.word(record, "approver"), said.word(record, "approved")
    if not who and not when:
        return said.missing("not yet")
    return join((who or said.missing("by nobody named"), f" on {when}" if when else muted(" no day")))


def _checklist(view: View, here: str, record: Record) -> Markup:
    """What has to be there before it is merged: the same questions that rules ask once it is done."""
    data = record.data
    is_grave = data.get("risk") in ("high", "critical")
    owners = sorted({view.entry(one).owner for one in assets_of(view, map(str, said.items(record, "about")))} - {""})
    must = (
        join(("of ", linked(view, here, (f"team/{one}" for one in owners))))
        if owners
        else "nobody owns what it touches"
    )
    lines: list[tuple[str, str, object]] = [
        ("What it touches is named", _mark(data.get("about")), counted(len(said.items(record, "about")), "record")),
        ("How much can go wrong is rated", _mark(data.get("risk")), said.word(record, "risk")),
        ("Somebody else looked at it", _mark(data.get("review")), said.word(record, "review")),
        ("Somebody with the right to do so agreed", _mark(data.get("approver") and data.get("approved")), must),
        (
            "It was tried out before",
            _mark(data.get("tests"), is_grave),
            counted(len(said.items(record, "tests")), "test"),
        ),
        (
            "It is brought in step by step",
            _mark(data.get("rollout"), is_grave),
            counted(len(said.items(record, "rollout")), "step"),
        ),
        ("It can be taken back", _mark(data.get("rollback")), counted(len(said.items(record, "rollback")), "step")),
        ("A decision stands behind it", _mark(data.get("decision"), is_grave), None),
    ]
    rows = [(what, badge(mark, _MARKS[mark]), told) for what, mark, told in lines]
    asked = [mark for _, mark, _ in lines if mark != _NOT_ASKED]
    told = el(
        "p",
        f"{asked.count(_YES)} of {len(asked)} points are there. ",
        muted("Tests, steps and a decision are asked where the risk is high or critical."),
    )
    return join(
        (told, table((Column("Point", wide=True), "There", "What is there, or who must agree"), rows, "Checklist"))
    )


def _mark(content: object, is_asked: bool = True) -> str:
    return _YES if content else _NO if is_asked else _NOT_ASKED

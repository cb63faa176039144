"""A tracked finding as auditors tell it, with what the rule says today."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.outcome import FAIL, UNKNOWN, WAIVED
from stocktake.model.record import Record
from stocktake.render import account
from stocktake.render.anatomy import said
from stocktake.render.document import Heading
from stocktake.render.escape.html import Markup, el
from stocktake.render.parts import badge, code, muted, severity
from stocktake.render.table import pairs
from stocktake.render.view import View

TELLS = frozenset(
    {
        "owner",
        "status",
        "identity",
        "about",
        "severity",
        "opened",
        "due",
        "ticket",
        "evidence",
        "cause",
        "controls",
        "effect",
        "recommendation",
        "response",
    }
)
_TODAY = {
    FAIL: ("still fails", "is-fail"),
    UNKNOWN: ("has no answer", "is-unknown"),
    WAIVED: ("is waived", "is-waived"),
}


def blocks(view: View, here: str, record: Record) -> Iterator[Markup | Heading]:
    """The page of a finding below its title."""
    about = said.word(record, "about")
    yield pairs(
        (
            ("Severity", severity(said.word(record, "severity")).content),
            ("About", view.link(here, about) if about else None),
            ("Opened", _opened(view, record)),
            ("Found by", code(said.word(record, "identity")) if record.data.get("identity") else "a person"),
            ("What the rule says today", _today(view, record)),
        )
    )
    yield Heading("In full")
    yield account.of_record(view, here, record)


def _opened(view: View, record: Record) -> Markup:
    day = said.word(record, "opened")
    length = said.between(day, view.audit.today.isoformat())
    return el("span", day, muted(f", {length} ago") if length else None) if day else said.missing("no day")


def _today(view: View, record: Record) -> Markup | None:
    """Whether the rule still finds it: a record never changes that."""
    identity = said.word(record, "identity")
    if not identity:
        return None
    state = next(
        (
            one.state
            for one in view.outcomes.get(said.word(record, "about"), ())
            if identity in one.identities or one.identity == identity
        ),
        "",
    )
    if not state:
        known = identity.partition("@")[0] in view.rules
        return badge("does not fail any more", "is-pass") if known else badge("the rule is not asked", "is-unknown")
    return badge(*_TODAY.get(state, (state, "plain")))

"""A source: what a document or a person says, how much weight that has, and what it leaves open."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.record import Record
from stocktake.render.account import ticket
from stocktake.render.anatomy import said
from stocktake.render.anatomy.affected import linked
from stocktake.render.document import Heading
from stocktake.render.escape.html import Markup, el, join
from stocktake.render.parts import badge, muted
from stocktake.render.table import pairs
from stocktake.render.view import View

TELLS = frozenset({"owner", "status", "method", "where", "when", "by", "dated", "about", "claims", "questions"})
_WORDS = {"examine": "a document that was read", "interview": "what somebody said", "test": "what was tried out"}


def blocks(view: View, here: str, record: Record) -> Iterator[Markup | Heading]:
    """The page of a source below its title."""
    method = said.word(record, "method")
    when = said.word(record, "when")
    length = said.between(when, view.audit.today.isoformat())
    yield pairs(
        (
            ("Method", join((badge(method, "plain"), muted(f" {_WORDS.get(method, '')}"))) if method else None),
            ("Where", ticket(record.data.get("where"))),
            ("When", join((when, muted(f", {length} ago") if length else None)) if when else said.missing("no day")),
            ("By", said.word(record, "by")),
            ("The document is of", said.word(record, "dated")),
            ("About", linked(view, here, said.items(record, "about")) or said.missing("no record is named")),
        )
    )
    yield Heading("What it says")
    yield said.steps(view, here, record, "claims") or el("p", "No claim is taken from it yet.", class_="st-empty")
    yield Heading("What it leaves open")
    yield said.steps(view, here, record, "questions") or el("p", "No question is open.", class_="st-empty")

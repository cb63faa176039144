"""A risk: how large it is and becomes, what is done about it, how far that has come, and what is in danger."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.record import Record
from stocktake.render import risk_levels
from stocktake.render.account import ticket
from stocktake.render.anatomy import said
from stocktake.render.anatomy.affected import affected
from stocktake.render.document import Heading
from stocktake.render.escape.html import Markup, el, join
from stocktake.render.parts import badge, code, counted, muted
from stocktake.render.prose import prose
from stocktake.render.table import Column, pairs, table
from stocktake.render.view import View

TELLS = frozenset(
    {
        "owner",
        "status",
        "statement",
        "threat",
        "about",
        "likelihood",
        "impact",
        "inherent",
        "residual",
        "treatment",
        "controls",
        "vulnerabilities",
        "review_date",
        "ticket",
    }
)
_TONES = {"open": "is-fail", "in-progress": "is-waived", "resolved": "is-pass", "dismissed": "is-pass"}


def blocks(view: View, here: str, record: Record) -> Iterator[Markup | Heading]:
    """The page of a risk below its title."""
    yield el("p", el("b", said.word(record, "statement") or "Nobody stated what may happen."), class_="st-lead")
    yield _rated(view, record)
    yield Heading("What is done about it")
    yield from _weaknesses(view, here, record)
    kept = said.steps(view, here, record, "controls")
    yield el("h3", "What keeps it small today")
    yield kept or el("p", "Nothing in force is named under controls.", class_="st-empty")
    yield from affected(view, here, "What is in danger", map(str, said.items(record, "about")))


def _rated(view: View, record: Record) -> Markup:
    likely, bad = said.word(record, "likelihood"), said.word(record, "impact")
    computed = risk_levels.level(likely, bad)
    inherent, residual = said.word(record, "inherent"), said.word(record, "residual")
    differs = bool(computed and inherent and computed != inherent)
    told = muted(f" the matrix says {computed}") if differs else None
    return pairs(
        (
            ("Threat", said.word(record, "threat")),
            (
                "Likelihood, impact",
                join((likely or said.missing("likelihood not rated"), ", ", bad or said.missing("impact not rated"))),
            ),
            ("Before anything is done", join((risk_levels.badge_of(inherent), told))),
            ("Today", risk_levels.badge_of(residual)),
            ("Treatment", said.word(record, "treatment") or said.missing("nobody decided")),
            ("Progress", risk_levels.progress(view, record)),
            ("Review by", said.until(view, record.data.get("review_date"), said.word(record, "status") == "closed")),
            ("Ticket", ticket(record.data.get("ticket"))),
        )
    )


def _weaknesses(view: View, here: str, record: Record) -> Iterator[Markup]:
    found = said.entries(record, "vulnerabilities")
    done, total = risk_levels.solved(view, record)
    if found:
        words = f"{done} of {counted(total, 'weakness', 'weaknesses')} resolved or dismissed; counted, never typed."
        yield el("p", words, class_="st-muted")
    rows = []
    resolve = view.resolver(here, record.path)
    for name, one in found.items():
        state = risk_levels.state_of(view, one)
        finding = one.get("finding")
        rows.append(
            (
                code(name),
                prose(str(one.get("description") or ""), resolve),
                badge(state or "no status", _TONES.get(state, "plain")),
                view.link(here, f"finding/{finding}") if finding else muted("none"),
            )
        )
    headers = ("Weakness", Column("What it is", wide=True), "State", "Tracked finding")
    empty = join(
        ("No weakness is named, so no progress can be counted. Name them under ", code("vulnerabilities"), ".")
    )
    yield table(headers, rows, "Weaknesses", empty)

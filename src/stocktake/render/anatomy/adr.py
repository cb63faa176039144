"""A decision: where it stands, what it replaced and what replaced it, and what it touches."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.record import Record
from stocktake.render.anatomy import said
from stocktake.render.anatomy.affected import linked
from stocktake.render.document import Heading
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.parts import note
from stocktake.render.prose import line
from stocktake.render.table import pairs
from stocktake.render.view import View, href

TELLS = frozenset({"owner", "status", "date", "deciders", "supersedes", "about", "trade_offs"})


def blocks(view: View, here: str, record: Record) -> Iterator[Markup | Heading]:
    """What stands below the text of a decision."""
    later = later_than(view, record)
    if later:
        yield note("warn", el("b", "Superseded. "), "What holds now: ", linked(view, here, later), ".")
    given_up = said.word(record, "trade_offs")
    changes = [one for one, field in view.audit.index.referrers(record.address, "change") if field == "decision"]
    yield Heading("The decision in short")
    yield pairs(
        (
            ("Date", said.word(record, "date")),
            ("Decided by", ", ".join(map(str, said.items(record, "deciders")))),
            ("What was given up", line(given_up, view.resolver(here, record.path)) if given_up else None),
            ("Touches", linked(view, here, said.items(record, "about")) or said.missing("no record is named")),
            ("Supersedes", linked(view, here, (f"adr/{one}" for one in said.items(record, "supersedes")))),
            ("Superseded by", linked(view, here, later)),
            ("Carried out by", linked(view, here, changes)),
            ("All", join((anchor("the decision log", href(here, "adr/index.md")),))),
        )
    )


def later_than(view: View, record: Record) -> list[str]:
    """The decisions that supersede one."""
    named = view.audit.index.referrers(record.address, "adr")
    return [address for address, field in named if field.startswith("supersedes")]

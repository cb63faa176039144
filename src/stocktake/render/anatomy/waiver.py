"""A waiver: what is accepted, why, what is done instead, by whom and until when."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.record import Record
from stocktake.render.anatomy import said
from stocktake.render.document import Heading
from stocktake.render.escape.html import Markup, join
from stocktake.render.parts import badge, code, counted, muted
from stocktake.render.table import pairs
from stocktake.render.view import View

TELLS = frozenset({"approver", "author", "compensating_control", "expires", "owner", "reason", "rule", "target"})


def blocks(view: View, here: str, record: Record) -> Iterator[Markup | Heading]:
    """What stands beside the card of a waiver."""
    yield pairs(
        (
            ("Accepts", _accepts(view, here, record)),
            ("Reason", said.text(view, here, record, "reason") or _silent(view, "nobody said why")),
            ("Done instead", said.text(view, here, record, "compensating_control") or _silent(view, "nothing")),
            ("Asked by", said.word(record, "author")),
            ("Approved by", said.word(record, "approver") or _silent(view, "nobody")),
            ("Until", _until(view, said.word(record, "expires"))),
            ("Findings", _used(view, record) if view.is_full else None),
        )
    )


def _silent(view: View, what: str) -> Markup | None:
    """What stands where nothing is said; where not everything is shown, nobody can know."""
    return said.missing(what) if view.is_full else None


def _until(view: View, expires: str) -> Markup | None:
    if not expires:
        return _silent(view, "no day")
    is_over = expires < view.audit.today.isoformat()
    return join((said.moment(expires), badge("expired", "is-fail") if is_over else None), " ")


def _accepts(view: View, here: str, record: Record) -> Markup:
    """The rule and what it asked of; a waiver of a rule says where under its facts."""
    target = said.word(record, "target")
    rule, _, place = target.partition("@")
    if not place:
        name = said.word(record, "rule")
        return join((view.rule(here, name), muted(" where its selector says"))) if name else said.missing("nothing")
    address, _, rest = place.partition("#")
    subject = "/".join(address.split("/")[:2])
    about = view.link(here, subject) if subject in view.estate.by_address else code(subject)
    more = " ".join(part for part in (f"in {address.split('/')[2]}" if address.count("/") > 1 else "", rest) if part)
    return join((view.rule(here, rule), " of ", about, f" {more}" if more else None))


def _used(view: View, record: Record) -> Markup:
    """How many it accepts today."""
    found = sum(outcome.waiver == record.id for outcome in view.audit.outcomes if outcome.state == "waived")
    return muted(counted(found, "finding"), " accepted today") if found else said.missing("matches nothing")

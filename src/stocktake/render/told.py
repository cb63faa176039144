"""What people wrote about a record: changes, incidents, decisions, risks, tracked findings, reviews and runbooks."""

from __future__ import annotations

from typing import NamedTuple

from stocktake.model.record import Record
from stocktake.render.document import Heading
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.live import day
from stocktake.render.parts import badge, code, muted
from stocktake.render.table import Cell, Column, table
from stocktake.render.tones import word
from stocktake.render.view import View, href

Blocks = list[Markup | Heading]
_MOST = 8


class Told(NamedTuple):
    """How one kind tells when it was and how it stands, by the names of its fields: the first that is there counts."""

    what: str
    days: tuple[str, ...]
    states: tuple[str, ...]


KINDS = {
    "adr": Told("decision", ("date",), ("status",)),
    "change": Told("change", ("done", "approved"), ("outcome",)),
    "finding": Told("tracked finding", ("opened",), ("status",)),
    "incident": Told("incident", ("started", "detected"), ("status",)),
    "review": Told("review", ("period",), ("state",)),
    "risk": Told("risk", ("review_date",), ("status", "treatment")),
    "runbook": Told("runbook", ("last_exercised",), ("status",)),
}
_LEVELS = ("severity", "residual", "inherent", "risk")
_WORD = {"risk": "review due "}
_ASKED = frozenset({"asset", "system"})


def told(view: View, here: str, record: Record) -> Blocks:
    """One table, newest first; of an asset also what names its system."""
    if record.kind not in _ASKED or record.origin:
        return []
    found = _naming(view, record)
    rows = [_row(view, here, one, through) for one, through in found[:_MOST]]
    headers = (
        Column("When"),
        Column("Kind", facet=True),
        Column("Record", wide=True),
        Column("Level"),
        Column("State", facet=True),
        Column("Names"),
    )
    blocks: Blocks = [Heading("Changes, incidents, decisions and risks")]
    blocks.append(table(headers, rows, f"What names {record.title}", _nothing(record)))
    if len(found) > _MOST:
        blocks.append(_rest(here, len(found) - _MOST))
    return blocks


def _naming(view: View, record: Record) -> list[tuple[Record, str]]:
    """(record, the system through which it is named, "" where it is named itself)."""
    system = view.entry(record.address).system if record.kind == "asset" else ""
    named: dict[str, str] = {}
    for address, through in ((record.address, ""), (f"system/{system}" if system else "", system)):
        for source, _ in view.audit.index.referrers(address) if address else ():
            if source.partition("/")[0] in KINDS:
                named.setdefault(source, through)
    found = [(view.estate.by_address[source], through) for source, through in named.items()]
    found.sort(key=lambda pair: pair[0].address)
    return sorted(found, key=lambda pair: _when(pair[0]), reverse=True)


def _when(record: Record) -> str:
    """The day as text; of a period its end."""
    days = (str(record.data[name]) for name in KINDS[record.kind].days if record.data.get(name))
    return next(days, "").rpartition("/")[2][:10]


def _row(view: View, here: str, record: Record, through: str) -> tuple[object, ...]:
    kind = KINDS[record.kind]
    when = _when(record)
    level = next((record.data[name] for name in _LEVELS if isinstance(record.data.get(name), str)), None)
    state = next((record.data[name] for name in kind.states if isinstance(record.data.get(name), str)), None)
    names = join(("its system, ", view.link(here, f"system/{through}"))) if through else muted("it")
    return (
        Cell(join((_WORD.get(record.kind), day(when))) if when else muted("no date"), when),
        kind.what,
        view.link(here, record.address),
        word("severity", level),
        word("status", state) or badge("not said", "is-unknown"),
        names,
    )


def _nothing(record: Record) -> Markup:
    first = f"Nothing that was written names this {record.kind}. Write the first: "
    return join(
        (first, code("stocktake new change ID"), ", ", code("incident"), ", ", code("adr"), " or ", code("risk"))
    )


def _rest(here: str, number: int) -> Markup:
    links = ((told.what, f"{kind}/index.md") for kind, told in KINDS.items())
    found = join((anchor(words, href(here, page)) for words, page in links), ", ")
    return el("p", f"and {number:,} more, in the lists of each kind: ", found, ".", class_="st-muted")

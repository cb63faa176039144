"""What the page of a record says before the table of its facts, for the kinds that have more to tell; one table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from stocktake.model.record import Record
from stocktake.render.anatomy import (
    adr,
    change,
    dependency,
    drill,
    finding,
    flow,
    incident,
    review,
    risk,
    source,
    waiver,
)
from stocktake.render.document import Heading
from stocktake.render.escape.html import Markup
from stocktake.render.view import View


class Anatomy(NamedTuple):
    """`tells` are the names of facts that the blocks show, so that no table shows them again."""

    blocks: Callable[[View, str, Record], Iterator[Markup | Heading]]
    tells: frozenset[str] = frozenset()


ANATOMIES: Mapping[str, Anatomy] = {
    "adr": Anatomy(adr.blocks, adr.TELLS),
    "change": Anatomy(change.blocks, change.TELLS),
    "dependency": Anatomy(dependency.blocks),
    "drill": Anatomy(drill.blocks, drill.TELLS),
    "finding": Anatomy(finding.blocks, finding.TELLS),
    "flow": Anatomy(flow.blocks, flow.TELLS),
    "incident": Anatomy(incident.blocks, incident.TELLS),
    "review": Anatomy(review.blocks, review.TELLS),
    "risk": Anatomy(risk.blocks, risk.TELLS),
    "source": Anatomy(source.blocks, source.TELLS),
    "waiver": Anatomy(waiver.blocks, waiver.TELLS),
}


def body(view: View, here: str, record: Record) -> Iterator[Markup | Heading]:
    """What there is to tell of a record; nothing for kinds that have only facts."""
    if found := ANATOMIES.get(record.kind):
        yield from found.blocks(view, here, record)


def tells(kind: str) -> frozenset[str]:
    """The names of facts that are told above the table."""
    found = ANATOMIES.get(kind)
    return found.tells if found else frozenset()

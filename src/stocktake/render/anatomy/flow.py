"""A flow: what sets it off, its steps with who gives what to whom, and where it breaks first."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.graph import MEANINGS
from stocktake.model.record import Record
from stocktake.render.anatomy import said
from stocktake.render.document import Heading
from stocktake.render.escape.html import Markup, el, join
from stocktake.render.live import clean
from stocktake.render.parts import badge, classification, counted, criticality, muted
from stocktake.render.table import Column, pairs, table
from stocktake.render.view import View

TELLS = frozenset({"owner", "status", "trigger", "steps", "data_classes"})
_GRADES = ("public", "internal", "confidential", "restricted")


def blocks(view: View, here: str, record: Record) -> Iterator[Markup | Heading]:
    """The page of a flow below its title."""
    steps = [one for one in said.items(record, "steps") if isinstance(one, dict)]
    edges = [view.edges.get(f"dependency/{one.get('dependency')}") for one in steps]
    ends = dict.fromkeys(end for edge in edges if edge for end in (edge.source, edge.target))
    grades = {view.entry(end).classification for end in ends} & {*_GRADES}
    known = {edge.address: edge for edge in edges if edge}
    bare = [edge for edge in known.values() if edge.is_hard]
    yield pairs(
        (
            ("Set off by", said.word(record, "trigger") or said.missing("not said")),
            (
                "Data that travels",
                join((badge(one) for one in said.items(record, "data_classes")), " ") or said.missing("not said"),
            ),
            (
                "Highest classification",
                classification(max(grades, key=_GRADES.index)) if grades else said.missing("not known"),
            ),
            ("Assets on the way", counted(len(ends), "asset")),
            (
                "Stops it",
                f"{len(bare)} of {counted(len(known), 'dependency', 'dependencies')} have no fallback",
            ),
        )
    )
    yield Heading("Steps")
    rows = [_step(view, here, number, one) for number, one in enumerate(steps[:300], 1)]
    headers = (
        Column("Step", number=True),
        Column("What happens", wide=True),
        "Dependency",
        "From",
        "To",
        "Criticality",
        "Without it",
    )
    yield table(headers, rows, "Steps in their order", "The flow has no steps yet.")


def _step(view: View, here: str, number: int, step: dict[str, object]) -> tuple[object, ...]:
    address = f"dependency/{step.get('dependency')}"
    edge = view.edges.get(address)
    what = clean(step.get("description") or "")
    if edge is None:
        return number, what, view.link(here, address), None, None, None, None
    words = MEANINGS[edge.type].words if edge.type in MEANINGS else edge.type
    without = (
        edge.fallback
        if edge.has_fallback
        else badge("it stops", "is-fail")
        if edge.is_hard
        else muted("hardly matters")
    )
    return (
        number,
        what or muted(words),
        view.link(here, address, words),
        view.link(here, edge.source),
        view.link(here, edge.target),
        criticality(edge.criticality),
        el("span", without),
    )

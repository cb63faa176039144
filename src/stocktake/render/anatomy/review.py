"""A review: what was looked at, point by point, what was sampled, what was decided and what people answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from stocktake.model.record import Record
from stocktake.render.anatomy import said
from stocktake.render.anatomy.affected import linked
from stocktake.render.document import Heading
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.live import clean
from stocktake.render.parts import badge, bar, code, counted, legend, muted
from stocktake.render.plan.lines import LINES, PHASES
from stocktake.render.table import Cell, Column, pairs, table
from stocktake.render.tones import word
from stocktake.render.view import View, href

TELLS = frozenset(
    {
        "owner",
        "status",
        "type",
        "period",
        "scope",
        "phases",
        "participants",
        "checklist",
        "sampled",
        "state",
        "decisions",
        "debrief",
    }
)
_TONES = {"pass": "is-pass", "fail": "is-fail", "unknown": "is-unknown", "not-applicable": "plain"}
_ORDER = ("pass", "fail", "unknown", "not-applicable")


def blocks(view: View, here: str, record: Record) -> Iterator[Markup | Heading]:
    """The page of a review below its title."""
    state = said.word(record, "state")
    phases = [str(one) for one in said.items(record, "phases")]
    yield pairs(
        (
            ("Type", said.word(record, "type")),
            ("State", word("state", state)),
            ("Period", said.word(record, "period").replace("/", " to ") or said.missing("not said")),
            ("Scope", linked(view, here, said.items(record, "scope"))),
            ("Phases of the audit plan", ", ".join(PHASES.get(one, one) for one in phases) or muted("none named")),
            ("Took part", ", ".join(str(one) for one in said.items(record, "participants"))),
            ("Sampled", linked(view, here, said.items(record, "sampled")) or said.missing("nothing is named")),
        )
    )
    yield Heading("Checklist")
    yield from _checklist(view, here, record)
    yield Heading("Decisions")
    yield said.steps(view, here, record, "decisions") or el("p", "Nothing was decided yet.", class_="st-empty")
    yield Heading("Debrief")
    yield said.text(view, here, record, "debrief") or el(
        "p", "Nobody was told yet, as far as is written.", class_="st-empty"
    )


def _checklist(view: View, here: str, record: Record) -> Iterator[Markup]:
    found = said.entries(record, "checklist")
    given = Counter(str(one.get("result") or "unknown") for one in found.values())
    counts = [(name, given[name]) for name in _ORDER]
    if found:
        yield el("div", bar(counts), legend(counts, len(found)), class_="st-panel")
    lines = {line.id: line.text for line in LINES}
    rows = []
    for name, one in found.items():
        result = str(one.get("result") or "")
        finding = one.get("finding")
        point = join((anchor(code(name), href(here, "plan.md")), " ", lines[name])) if name in lines else name
        mark = badge(result, _TONES.get(result, "plain")) if result else said.missing("nobody looked yet")
        rows.append(
            (
                point,
                Cell(mark, None, result or "not looked"),
                clean(one.get("note") or ""),
                view.link(here, f"finding/{finding}") if finding else None,
            )
        )
    headers = (Column("Point", wide=True), Column("Result", facet=True), Column("What was seen", wide=True), "Finding")
    empty = join(("No point was gone through yet: write each under ", code("checklist"), "."))
    yield table(headers, rows, f"Checklist, {counted(len(found), 'point')}", empty)

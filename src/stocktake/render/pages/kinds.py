"""An index for each kind: every record in a table whose columns the kind's schema names."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.kind import Kind
from stocktake.model.record import Record
from stocktake.render import facts
from stocktake.render.document import Page, document
from stocktake.render.downloads import offer
from stocktake.render.escape.html import Markup, el, join
from stocktake.render.kind_figures import figures
from stocktake.render.outcomes import by_state
from stocktake.render.paged import paged
from stocktake.render.parts import SEVERITY_ORDER, badge, code, counted, lead, muted, severity
from stocktake.render.prose import line
from stocktake.render.table import Cell, Column
from stocktake.render.view import View

_FACETS = frozenset(
    {
        "classification",
        "criticality",
        "domain",
        "environment",
        "lifecycle",
        "method",
        "outcome",
        "owner",
        "residual",
        "risk",
        "severity",
        "state",
        "status",
        "system",
        "treatment",
        "type",
    }
)
_WIDE = frozenset({"statement", "trigger"})
_LEVELS = ("criticality", "inherent", "residual", "risk", "severity")
_OWN_PAGE = frozenset({"adr", "risk", "waiver"})


def pages(view: View) -> Iterator[Page]:
    """All kinds but those whose index says more, sorted by name."""
    for name in sorted(set(view.estate.kinds) - _OWN_PAGE):
        kind = view.estate.kinds[name]
        records = view.estate.of(name)
        included = [record for record in view.estate.included if record.kind == name]
        rows = [row(view, kind, record) for record in (*records, *included)]
        intro = [_lead(kind, records, included), *filter(None, (figures(view, name),))]
        yield from index(view, kind, rows, columns(view, kind), *intro)


def columns(view: View, kind: Kind) -> list[Column]:
    """The kind's own columns, then what rules found; those that are for the audience of this site."""
    names = _fields(view, kind)
    own = [Column(name.replace("_", " ").capitalize(), facet=name in _FACETS, wide=name in _WIDE) for name in names]
    return [Column("Name", wide=True), *own, *([Column("Findings")] if view.is_full else [])]


def _fields(view: View, kind: Kind) -> list[str]:
    return [name for name in kind.columns if name != "name" and view.shows(kind.name, name)]


def row(view: View, kind: Kind, record: Record) -> list[object]:
    """A record under `columns`."""
    here = f"{kind.name}/index.md"
    sheets = view.sheets(record)
    origin = (muted(" of "), code(record.origin)) if record.origin else ()
    label = join((view.link(here, record.address), el("br"), muted(code(record.id)), *origin))
    cells: list[object] = [Cell(label, record.title.casefold())]
    for name in _fields(view, kind):
        content = sheets[0].get(name) if sheets else record.data.get(name)
        shown = facts.value(view, here, kind.name, name, content, record.path) if content is not None else None
        cells.append(Cell(shown, _order(name, content), str(content) if isinstance(content, str) else None))
    return [*cells, _found(view, record)] if view.is_full else cells


def index(view: View, kind: Kind, rows: list[list[object]], headers: list[Column], *intro: Markup) -> Iterator[Page]:
    """The index, on several pages where it is long."""
    empty = join(("No record yet. Write the first one: ", code(f"stocktake new {kind.name} ID"), "."))
    for path, part in paged(view, f"{kind.name}/index.md", headers, rows, kind.plural, empty):
        tables = offer(view, path, f"{kind.name}/{kind.name}.")
        yield document(path, kind.plural, [*intro, tables, part], wide=True)


def _lead(kind: Kind, records: list[Record], included: list[Record]) -> Markup:
    return lead(
        line(kind.description),
        " " if kind.description else "",
        muted(counted(len(records), "record"), " in ", code(f"{kind.folder}/"), "."),
        muted(f" {len(included):,} more of other registries, which judge them.") if included else None,
    )


def _order(name: str, content: object) -> object:
    return SEVERITY_ORDER.get(str(content)) if name in _LEVELS else None


def _found(view: View, record: Record) -> Cell:
    if record.origin:
        return Cell(muted("judged where it lives"), 10)
    found = view.outcomes.get(record.address, [])
    counts = by_state(found)
    failing = [outcome for outcome in found if outcome.state == "fail"]
    marks: list[object] = []
    if failing:
        worst = severity(failing[0].severity).content
        marks.append(join((counts["fail"] + counts["known"], " ", worst)))
    if counts["unknown"]:
        marks.append(badge(f"{counts['unknown']} unknown", "is-unknown"))
    if counts["waived"]:
        marks.append(badge(f"{counts['waived']} waived", "is-waived"))
    order = SEVERITY_ORDER.get(failing[0].severity, 8) if failing else 9
    return Cell(join(marks, " ") if marks else None, order)

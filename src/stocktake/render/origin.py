"""Where what a page says comes from: who declared it, which machines saw it, and the file as it is."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import accumulate

from stocktake.model.record import Record
from stocktake.model.sheet import Seen
from stocktake.render import facts
from stocktake.render.document import Heading
from stocktake.render.escape.html import Markup, anchor, el, join, text
from stocktake.render.live import day, running
from stocktake.render.parts import badge, code, counted, muted
from stocktake.render.prose import summary
from stocktake.render.table import Column, table
from stocktake.render.view import View, href

Blocks = list[Markup | Heading]
_MOST = 10


def origin(view: View, here: str, record: Record) -> Blocks:
    """Declared by and observed by, each with its day, for what machines can see."""
    if record.kind != "asset" or record.origin:
        return []
    seen = _observed(view, here, record)
    rows = [_declared(view, record), *seen[:_MOST], *_never(view, record)]
    headers = (Column("How"), "By", Column("When"), Column("What", wide=True))
    shown = table(headers, rows, f"Who says what of {record.title}")
    rest = [_more(here, len(seen) - _MOST)] if len(seen) > _MOST else []
    return [Heading("Declared and observed by"), shown, *rest]


def _more(here: str, number: int) -> Markup:
    link = anchor("all sources", href(here, "observations.md"))
    return el("p", f"and {counted(number, 'look')} more, among ", link, ".", class_="st-muted")


def _declared(view: View, record: Record) -> tuple[object, ...]:
    change = view.audit.history.get(record.path)
    names = len(list(view.sheets(record)[0].declared_names())) if view.sheets(record) else 0
    if not change:
        return ("declared", view.file(record.path), muted("not in Git yet"), counted(names, "fact"))
    on = datetime.fromtimestamp(change.time, UTC).date().isoformat()
    said = join((counted(names, "fact"), "; last: ", summary(change.subject, 90)))
    return ("declared", join((view.file(record.path), el("br"), muted(change.author))), day(on), said)


def _observed(view: View, here: str, record: Record) -> list[tuple[object, ...]]:
    by: dict[tuple[str, str], list[Seen]] = {}
    for sheet in view.sheets(record):
        for name, seen in sheet.seen.items():
            if "].drill." not in name:
                by.setdefault((seen.source, sheet.environment or ""), []).append(seen)
    return [_source(view, here, source, environment, seen) for (source, environment), seen in sorted(by.items())]


def _source(view: View, here: str, source: str, environment: str, seen: list[Seen]) -> tuple[object, ...]:
    newest = max(seen, key=lambda one: (one.fresh, str(one.day or "")))
    name = join((anchor(source, href(here, "observations.md")), muted(f" in {environment}") if environment else None))
    when = join((day(newest.day or "no date"), " ", badge("fresh", "is-pass") if newest.fresh else _stale()))
    known = facts.confidence(min(one.confidence for one in seen))
    places = sorted({one.evidence for one in seen if one.evidence})
    shown = join((code(places[0]), f" and {len(places) - 1} more" if len(places) > 1 else None)) if places else None
    what = join((f"{counted(len(seen), 'fact')}, {known} confidence", el("br") if shown else None, shown))
    return ("observed", name, when, what)


def _stale() -> Markup:
    return badge("stale", "is-unknown", "older than the freshness limit: no longer counted")


def _never(view: View, record: Record) -> list[tuple[object, ...]]:
    """What could look at it and never did, with the command that would."""
    found: list[tuple[object, ...]] = []
    for sheet in running(view, record.address):
        name = f"{record.id}-{sheet.environment}" if sheet.environment else record.id
        if sheet.declared("connection") and name not in view.observed:
            where = f" --environment {sheet.environment}" if sheet.environment else ""
            command = code(f"stocktake observe {record.id}{where}")
            found.append(("not observed", name, badge("never looked", "is-unknown"), command))
    return found


def raw(view: View, record: Record, room: int) -> Blocks:
    """The file as people wrote it, folded, cut where there is no room; none where nobody may read it."""
    written = view.read(record.path) if view.read and not record.origin else ""
    if not written:
        return []
    lines = counted(written.count("\n"), "line")
    cut = _fitting(written, room)
    rest = el("p", "Cut for lack of room; the whole is ", view.file(record.path), ".") if cut != written else None
    title = el("summary", "The file as it is: ", code(record.path), muted(f", {lines}"))
    inside = el("pre", el("code", cut)) if cut else None
    return [el("details", title, inside, rest, class_="st-details", data_search_exclude="yes")]


def _fitting(written: str, room: int) -> str:
    """As many of the first lines as a page has room for, as it must write them."""
    lines = written.splitlines(keepends=True)
    weights = accumulate(len(text(line)) for line in lines)
    return "".join(line for line, weight in zip(lines, weights, strict=True) if weight <= room)

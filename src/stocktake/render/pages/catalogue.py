"""The catalogue of data stores: what each holds and is used for, who answers for it, and whether it is protected."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.graph import Entry
from stocktake.model.outcome import FAIL, WAIVED
from stocktake.model.sheet import Sheet
from stocktake.render.document import Page, document
from stocktake.render.downloads import offer
from stocktake.render.escape.html import el, join
from stocktake.render.live import day
from stocktake.render.paged import paged
from stocktake.render.parts import badge, classification, code, counted, criticality, lead, muted
from stocktake.render.prose import line, summary
from stocktake.render.recovery import NO_PLAN, NOT_JUDGED, is_judged
from stocktake.render.table import Cell, Column
from stocktake.render.view import View

_HERE = "catalogue.md"
_LOOKS = ((FAIL, ("no plan", "is-fail")), (WAIVED, ("no plan, waived", "is-waived")))
_HEADERS = (
    Column("Store", wide=True),
    Column("Type", facet=True),
    Column("Primary use", wide=True),
    Column("Owner", facet=True),
    Column("Sensitivity", facet=True),
    Column("Criticality", facet=True),
    Column("Used by", number=True),
    Column("Backup", facet=True),
    Column("Last reviewed"),
)
# The field that each column shows, "" where it is for everybody.
_FIELDS = ("", "type", "description", "owner", "classification", "criticality", "", "backup", "reviewed")


def pages(view: View) -> Iterator[Page]:
    """The catalogue."""
    stores = view.assets("stores")
    rows = [_row(view, entry) for entry in stores]
    intro = lead(
        "Every place where data rests, and what it is for. ",
        muted(
            counted(len(stores), "data store"),
            f" of {counted(len(view.estate.of('asset')), 'asset')}; retired ones are left out.",
        ),
    )
    empty = join(
        (
            "No data store is recorded. Find some: ",
            code("stocktake discover"),
            ", or write one: ",
            code("stocktake new asset ID"),
            ".",
        )
    )
    for path, part in paged(view, _HERE, *_shown(view, rows), "Data stores", empty):
        yield document(path, "Data stores", [intro, offer(view, path, "inventory."), part], wide=True)


def _shown(view: View, rows: list[tuple[object, ...]]) -> tuple[list[Column], list[list[object]]]:
    """The columns that are for the audience of this site."""
    wanted = [not field or view.shows("asset", field) for field in _FIELDS]
    kept = [[cell for cell, is_wanted in zip(row, wanted, strict=True) if is_wanted] for row in rows]
    return [header for header, is_wanted in zip(_HEADERS, wanted, strict=True) if is_wanted], kept


def _row(view: View, entry: Entry) -> tuple[object, ...]:
    sheets = view.audit.sheets.get(entry.address, ())
    base = sheets[0] if sheets else Sheet(entry.address, None, {})
    engine = " ".join(str(base[name]) for name in ("engine", "version") if name in base)
    users = {edge.source for edge in view.audit.graph.touching.get(entry.address, ()) if edge.target == entry.address}
    label = join((view.link(_HERE, entry.address), el("br"), muted(code(entry.address))))
    return (
        Cell(label, entry.name.casefold()),
        Cell(join((entry.type, el("br"), muted(engine))), entry.type, entry.type),
        line(summary(_use(base))),
        Cell(
            view.link(_HERE, f"team/{entry.owner}") if entry.owner else badge("nobody", "is-fail"),
            entry.owner,
            entry.owner or "nobody",
        ),
        Cell(classification(entry.classification), None, entry.classification or "not known"),
        Cell(criticality(entry.criticality), None, entry.criticality or "not known"),
        len(users),
        _backup(view, entry, sheets),
        base.get("reviewed") and day(base["reviewed"]),
    )


def _use(sheet: Sheet) -> str:
    """What the record says it is for; where it says nothing, the purposes of its datasets."""
    if said := sheet.get("description"):
        return str(said)
    purposes = (
        str(content)
        for name, content in sorted(sheet.items())
        if name.startswith("datasets[") and name.endswith("].purpose")
    )
    return "; ".join(purposes)


def _backup(view: View, entry: Entry, sheets: tuple[Sheet, ...]) -> Cell:
    """How many plans there are; that one is missing only where one is asked for. Whether a plan works, drills say."""
    if plans := sorted({plan for sheet in sheets for plan in sheet.keys("backup.plans[]")}):
        return Cell(badge(counted(len(plans), "plan"), "plain", ", ".join(plans)), len(plans), "planned")
    if not is_judged(view):
        words = f"no plan, {NOT_JUDGED}"
        return Cell(badge(words, "is-unknown", f"{NO_PLAN} is switched off"), 0, words)
    states = {one.state for one in view.outcomes.get(entry.address, ()) if one.rule == NO_PLAN}
    if not states:
        words = "none asked for" if view.is_full else "none said"
        return Cell(muted(words), 1, words)
    words, tone = next((looks for state, looks in _LOOKS if state in states), ("not known", "is-unknown"))
    return Cell(badge(words, tone), 0, words)

"""The inventory sheet, with exactly the columns that the audit plan names, and behind them the rest of what it asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stocktake.model.inventory import COLUMNS, NOT_KNOWN, rows
from stocktake.render.document import Page, document
from stocktake.render.downloads import offer
from stocktake.render.escape.html import Markup, el, join
from stocktake.render.live import day
from stocktake.render.paged import paged
from stocktake.render.parts import badge, classification, code, counted, criticality, lead, muted
from stocktake.render.table import Cell, Column
from stocktake.render.view import View

_HERE = "inventory.md"
_FACETS = frozenset({"type", "owner", "sensitivity", "backup status", "system", "criticality", "lifecycle"})
_NUMBERS = frozenset({"failures", "questions without an answer"})
# The name stands under the id in the first column.
_SHOWN = tuple(name for name in COLUMNS if name != "name")
_NEVER = "never"
_LINKS = {"owner": "team", "system": "system"}
_LOOKS: Mapping[str, Callable[[object], object]] = {
    "criticality": criticality,
    "last reviewed": day,
    "last seen": day,
    "sensitivity": classification,
}


def pages(view: View) -> Iterator[Page]:
    """The sheet, on as many pages as it takes."""
    found = [_row(view, dict(zip(COLUMNS, row, strict=True))) for row in rows(view.audit)]
    headers = [Column(name.capitalize(), facet=name in _FACETS, number=name in _NUMBERS) for name in _SHOWN]
    intro = lead(
        "Every data asset on one sheet, with the columns that the audit plan asks for. ",
        muted(counted(len(found), "asset"), "; what a machine saw lately counts, else what people declared."),
    )
    how = ("No asset is recorded. Find some: ", code("stocktake discover"), ", or write one: ")
    empty = join((*how, code("stocktake new asset ID"), "."))
    for path, part in paged(view, _HERE, headers, found, "Inventory sheet", empty):
        yield document(path, "Inventory sheet", [intro, offer(view, path, "inventory."), part], wide=True)


def _row(view: View, row: Mapping[str, Any]) -> list[Cell]:
    return [_cell(view, name, row[name], row) for name in _SHOWN]


def _cell(view: View, name: str, value: Any, row: Mapping[str, Any]) -> Cell:
    if name == "asset":
        label = join((view.link(_HERE, f"asset/{value}"), el("br"), muted(code(value))))
        return Cell(label, view.name(f"asset/{value}").casefold())
    if value in (NOT_KNOWN, _NEVER):
        return Cell(badge(value, "is-unknown"), "", str(value))
    if value is None:
        return Cell(None, "", NOT_KNOWN)
    if name in _LINKS:
        return Cell(view.link(_HERE, f"{_LINKS[name]}/{value}"), value, str(value))
    if name == "backup status":
        return Cell(_backup(str(value)), value, _short(str(value)))
    shown = _LOOKS[name](value) if name in _LOOKS else value
    return Cell(shown, value, str(value))


def _backup(words: str) -> Markup:
    """In the words of the sheet; its colour only helps."""
    if words.startswith("no plan"):
        tone = "is-waived" if words.endswith("waived") else "is-unknown" if words.endswith("not judged") else "is-fail"
        return badge(words, tone)
    if words in ("no store", "none asked for"):
        return muted(words)
    plans, _, drill = words.partition(", ")
    tones = {"passed": "is-pass", "failed": "is-fail"}
    last, _, never = drill.partition(", ")
    told = badge(last, tones.get(last.rpartition(": ")[2], "is-unknown"))
    return join((plans, el("br"), told, badge(never, "is-unknown") if never else None))


def _short(words: str) -> str:
    """What a filter offers: the same without numbers and days."""
    if words.startswith("no ") or words == "none asked for":
        return words
    if "never" in words:
        return "never restored in some environment" if "restored 2" in words else "never restored"
    return f"restored: {words.rpartition(': ')[2]}"

"""How differences from a baseline look: in words, with both sides, where they were seen and what can be done."""

from __future__ import annotations

from stocktake.model import answer
from stocktake.model.baseline import AREAS, Difference
from stocktake.model.record import Record
from stocktake.model.sheet import Seen, Sheet
from stocktake.render.compared import KINDS, Compared
from stocktake.render.document import Heading
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.live import clean, content, day, folded, running, seen_of, since, state, where
from stocktake.render.parts import badge, code, counted, muted
from stocktake.render.table import Cell, Column, table
from stocktake.render.view import View, href, page_of
from stocktake.values.name import keys

PAGE = "drift.md"
MOST, _FIRST = 200, 6
WORDS = {"missing": "missing", "extra": "extra", "changed": "changed", "pending-restart": "pending restart"}


def kind(name: str) -> Cell:
    """The kind of a difference as a badge."""
    return Cell(badge(WORDS.get(name, name), f"drift-{name}"), KINDS.index(name), WORDS.get(name, name))


def verdict(one: Compared) -> Cell:
    """Whether what runs is as a baseline says, which only a full comparison can tell."""
    if one.differences:
        return Cell(badge("differs", "is-fail"), 0, "differs")
    if not one.is_compared:
        word = "never looked" if not one.looked else "not compared"
        return Cell(badge(word, "is-unknown"), 1, word)
    if one.silent:
        return Cell(badge("as declared, partly", "is-waived", "as far as it was compared"), 2, "as declared, partly")
    return Cell(badge("as declared", "is-pass"), 3, "as declared")


def place(one: Compared) -> str:
    """Where the differences of a baseline stand in the page."""
    return f"baseline-{one.record.id}"


def of_baseline(view: View, here: str, record: Record) -> list[Markup | Heading]:
    """For the page of a baseline: whether what runs is like it, and every difference."""
    if record.kind != "baseline":
        return []
    found = [one for one in view.baselines_of.get(f"asset/{record.data.get('asset')}", ()) if one.record is record]
    blocks: list[Markup | Heading] = []
    for one in found:
        words = (verdict(one).content, f" in {one.environment}; {one.areas} of {counted(len(AREAS), 'area')} compared.")
        blocks += [Heading("Differences"), el("p", *words)]
        blocks += [differences(view, here, one, MOST)] if one.differences else []
    return blocks


def differences(view: View, here: str, one: Compared, most: int) -> Markup:
    """The unexpected differences of one baseline, each with both sides, where it was seen, and what can be done."""
    common = look(one)
    rows = [_row(view, one, each, common) for each in one.differences[:most]]
    headers = (
        Column("What", facet=True),
        Column("Area", facet=True),
        Column("Difference", wide=True),
        "Declared",
        "Observed",
        Column("Seen", wide=True),
        "What to do",
    )
    shown = table(headers, rows, f"Differences from {one.record.title}")
    if len(one.differences) <= most:
        return shown
    rest = f"and {len(one.differences) - most:,} more: "
    command = f"stocktake baseline show {one.asset.partition('/')[2]} --environment {one.environment}"
    return join((shown, el("p", rest, code(command), class_="st-muted")))


def _row(view: View, one: Compared, each: Difference, common: Seen | None) -> tuple[object, ...]:
    seen = (
        one.sheet.observed(each.name)
        or seen_of(one.sheet, each.name)
        or seen_of(one.sheet, each.name.partition("[")[0])
    )
    return (
        kind(each.what),
        each.area,
        join((clean(each.words), el("br"), muted(code(each.name)))),
        content(each.name, each.declared) if each.declared is not None else muted("not declared"),
        content(each.name, each.observed) if each.observed is not None else muted("not there"),
        _seen(view, one, seen, common),
        _edits(one, each),
    )


def look(one: Compared) -> Seen | None:
    """The look that a baseline is compared with."""
    return next((seen for start in ("settings[", "schema.", "access.") if (seen := seen_of(one.sheet, start))), None)


def _seen(view: View, one: Compared, seen: Seen | None, common: Seen | None) -> Markup:
    """When it was seen; where is said above the table, so here only if it was elsewhere."""
    if seen is None:
        return state(None)
    other = None if common and common.source == seen.source else muted(seen.source)
    stale = None if seen.fresh else state(seen)
    first = join((part for part in (day(seen.day or "no date"), stale, other) if part), " ")
    return join((first, since(view, seen, one.record.path)), el("br"))


def _edits(one: Compared, each: Difference) -> Markup:
    """The same two commands that `stocktake baseline show` prints."""
    asset = one.asset.partition("/")[2]
    steps = (
        el("li", "accept it ", el("code", answer.accept(each, asset, one.environment))),
        el("li", "track it ", el("code", answer.track(each, one.record.address))),
    )
    return folded("two ready edits", el("ul", *steps, class_="st-list st-commands"))


def short(view: View, here: str, address: str) -> Markup | None:
    """For the page of an asset: how it is to its baselines, with a link to all differences, and how much was seen."""
    lines = [_line(here, one) for one in view.baselines_of.get(address, ())]
    lines += [line for sheet in running(view, address) if (line := _counts(sheet))]
    rest = len(lines) - _FIRST
    more = el("li", f"and {rest:,} more, on ", anchor("the page on drift", href(here, PAGE))) if rest > 0 else None
    return el("ul", *lines[:_FIRST], more, class_="st-list") if lines else None


def _counts(sheet: Sheet) -> Markup | None:
    """How much was seen of what has no room on the page of an asset."""
    groups = (("settings[]", "setting"), ("schema.tables[]", "table"), ("schema.extensions[]", "extension"))
    found = [counted(len(names), one) for shape, one in groups if (names := keys(sheet.seen, shape))]
    seen = seen_of(sheet, "settings[") or seen_of(sheet, "schema.")
    if not found or seen is None:
        return None
    return el("li", sheet.environment or "", " ", state(seen), f" seen: {', '.join(found)} ", where(seen))


def _line(here: str, one: Compared) -> Markup:
    counts = [(name, sum(each.what == name for each in one.differences)) for name in KINDS]
    words = ", ".join(f"{count} {WORDS[name]}" for name, count in counts if count)
    silent = muted(f" · {one.areas} of {counted(len(AREAS), 'area')} compared")
    page, there = (page_of(one.record.address), "differences") if one.differences else (PAGE, "")
    link = anchor(words or "all of it", href(here, page, there))
    return el("li", one.environment, " ", verdict(one).content, " ", link, silent)

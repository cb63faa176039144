"""The tables of what is known of a record: as declared and as observed, each observed value with where and when."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from stocktake.model.field import fields
from stocktake.model.kind import Shape
from stocktake.model.sheet import Seen, Sheet
from stocktake.render.escape.html import Markup, el, join, text
from stocktake.render.facts import plain, value, when
from stocktake.render.parts import badge, code, muted
from stocktake.render.view import View
from stocktake.values.name import decode_key, pattern

_FIRST = re.compile(r"[.\[]")
_ELSEWHERE = frozenset({"aliases", "description", "formerly", "links", "name"})
# Facts of which a look at a running store gives hundreds: they have pages of their own.
_MANY = (
    "access.grants",
    "access.hba[",
    "access.principals[",
    "databases[",
    "not_read[",
    "not_visible[",
    "role_settings[",
    "schema.",
    "settings[",
    "settings_file.",
    "statistics[",
)
# Numbers, days, durations and schedules: nobody looks for a record by them.
_MEASURE = re.compile(r"[0-9]+(?:\.[0-9]+)?|[0-9]{4}-[0-9]{2}-[0-9]{2}.*|P[0-9YMWDTHS.]+|[0-9*/,-]+(?: [0-9*/,-]+){4}")
_LEAST = 2_000  # letters that each table gets, however little room there is


class Table(NamedTuple):
    """The facts in one environment, or of the record itself; `left_out` are those for which there was no room."""

    environment: str | None
    shown: Markup
    left_out: int


def tables(
    view: View,
    here: str,
    sheets: tuple[Sheet, ...],
    own: str,
    told: frozenset[str] = frozenset(),
    room: int = 60_000,
) -> list[Table]:
    """For the record itself and each environment, the table of its facts; an environment shows only what is its own.

    `told` are the first parts of names that the page shows elsewhere, `room` the letters that all tables may take.
    """
    found: list[Table] = []
    for sheet, names in _named(sheets, told):
        left = room - sum(len(table.shown) for table in found)
        shown, left_out = _table(view, here, sheet, names, own, max(left, _LEAST))
        found.append(Table(sheet.environment, shown, left_out))
    return found


def every(
    view: View, here: str, sheets: tuple[Sheet, ...], own: str, told: frozenset[str] = frozenset()
) -> Iterator[tuple[object, ...]]:
    """The same without a limit, as rows: where it holds, the fact, as declared, as observed, where and when seen."""
    for sheet, names in _named(sheets, told):
        for name in names:
            declared, seen = sheet.declared(name), sheet.observed(name)
            said = value(view, here, sheet.kind, name, declared, own) if declared is not None else None
            drifted = (sheet.address, sheet.environment, name) in view.drifted
            yield (
                sheet.environment or muted("everywhere"),
                code(name),
                said,
                _observed(seen, drifted) if seen else None,
                when(seen) if seen else None,
            )


def _named(sheets: tuple[Sheet, ...], told: frozenset[str]) -> Iterator[tuple[Sheet, list[str]]]:
    for sheet in sheets:
        names = [name for name in _names(sheet, sheets[0]) if _FIRST.split(name, maxsplit=1)[0] not in told]
        if names:
            yield sheet, sorted(names, key=_grouped)


def _names(sheet: Sheet, base: Sheet) -> set[str]:
    every = {*sheet.names(), *sheet.seen} - _ELSEWHERE
    names = {
        name
        for name in every
        if not name.startswith("instances[") and (sheet.declared(name) is not None or not _is_elsewhere(name))
    }
    if sheet is base:
        return names
    return {
        name
        for name in names
        if sheet.declared(name) != base.declared(name) or sheet.observed(name) != base.observed(name)
    }


def _is_elsewhere(name: str) -> bool:
    return name.startswith(_MANY) or "].drill." in name


def _table(view: View, here: str, sheet: Sheet, names: list[str], own: str, room: int) -> tuple[Markup, int]:
    looked = bool(sheet.seen)
    headings = ["Fact", "Declared", *(["Observed", "Where and when seen"] if looked else [])]
    rows: list[Markup] = []
    left_out = len(names)
    for row in _rows(view, here, sheet, names, own, looked):
        room -= sum(map(len, row))
        if room < 0:
            break
        rows += row
        left_out -= 1
    title = f"Facts in {sheet.environment}" if sheet.environment else "Facts"
    inner = el(
        "table",
        el("caption", title, class_="st-hidden", data_search_exclude="yes"),
        el("thead", el("tr", *(el("th", heading, scope="col") for heading in headings)), data_search_exclude="yes"),
        el("tbody", *rows),
        class_="st-table st-facts",
    )
    return el("div", inner, class_="st-scroll", role="region", tabindex="0", aria_label=title), left_out


def _rows(
    view: View, here: str, sheet: Sheet, names: list[str], own: str, looked: bool
) -> Iterator[tuple[Markup, ...]]:
    """The row of each fact, the first of a group with the heading before it."""
    for head, members in groupby(names, key=_head):
        heading: tuple[Markup, ...] = ()
        if head:
            found = None if head.endswith("]") else "yes"
            width = "4" if looked else "2"
            group = el("th", code(head), scope="colgroup", colspan=width, data_search_exclude=found)
            heading = (el("tr", group, class_="st-group"),)
        for name in members:
            yield (*heading, _row(view, here, sheet, name, own, looked))
            heading = ()


def _head(name: str) -> str:
    """The group a fact stands in: the entry of a mapping, the mapping where its entries are plain values, or the first
    part; "" for a fact of the record itself.
    """
    if name.endswith("]"):
        return name[: name.rindex("[")]
    head, bracket, _ = name.rpartition("]")
    return f"{head}]" if bracket else name.rpartition(".")[0]


def _label(name: str) -> Markup:
    """What a fact is called below the heading of its group."""
    if name.endswith("]"):
        return _breakable(decode_key(name[name.rindex("[") + 1 : -1]))
    return Markup(_breakable(name[len(_head(name)) :].lstrip(".")).replace("_", "_<wbr>"))


def _grouped(name: str) -> tuple[bool, str, str]:
    head = _head(name)
    return bool(head), head, name


def _row(view: View, here: str, sheet: Sheet, name: str, own: str, looked: bool) -> Markup:
    declared, seen = sheet.declared(name), sheet.observed(name)
    label = el("th", code(_label(name)), scope="row", data_search_exclude=None if name.endswith("]") else "yes")
    said = value(view, here, sheet.kind, name, declared, own) if declared is not None else muted("not declared")
    cells = [label, el("td", said, data_search_exclude=_if_closed(view, sheet.kind, name, declared))]
    if looked:
        drifted = (sheet.address, sheet.environment, name) in view.drifted
        content = None if seen is None or seen.value == declared else seen.value
        closed = _if_closed(view, sheet.kind, name, content)
        if seen is None:
            cells.append(el("td", muted("not seen"), colspan="2", data_search_exclude="yes"))
        else:
            cells.append(el("td", _observed(seen, drifted), data_search_exclude=closed))
            cells.append(el("td", when(seen), data_search_exclude="yes"))
    return el("tr", join(cells, " "))


def _observed(seen: Seen, drifted: bool) -> Markup:
    return join((plain(seen.value), badge("not as declared", "is-fail")), " ") if drifted else plain(seen.value)


def _if_closed(view: View, kind: str, name: str, content: Any) -> str | None:
    """Whether search can do without a value: it names a record, is one of few words, measures, or is not there."""
    shape, known = pattern(name), view.estate.kinds.get(kind)
    is_text = isinstance(content, str) and not _MEASURE.fullmatch(content)
    is_said = is_text or isinstance(content, list | tuple | Mapping)
    is_free = shape not in view.references.get(kind, {}) and not (known and shape in _with_words(known.shape))
    return None if is_said and is_free else "yes"


@lru_cache(maxsize=64)
def _with_words(shape: Shape) -> frozenset[str]:
    """The names of the fields of a kind that take one of few words."""
    return frozenset(field.name for field in fields(shape) if field.words)


def _breakable(name: str) -> Markup:
    """A long name may break after its dots."""
    return Markup(str(text(name)).replace(".", ".<wbr>").replace("[", "<wbr>["))

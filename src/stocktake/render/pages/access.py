"""Access as observed: who can get into which store, how, and with which rights; the privileged first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stocktake.render import principal_rows
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.live import clean, folded, state, where
from stocktake.render.paged import filed, paged
from stocktake.render.parts import Card, badge, cards, code, counted, lead, muted, note
from stocktake.render.principals import (
    EVERYBODY,
    MISSING,
    NO_BASELINE,
    UNDECLARED,
    Door,
    Principal,
    doors,
    doors_of,
    principals,
)
from stocktake.render.table import Cell, Column
from stocktake.render.view import View, href
from stocktake.values.name import encode_key, keys

_HERE = "access.md"
_MOST, _MOST_RULES, _FIRST = 150, 200, 6
Blocks = list[Markup | Heading | None]


def pages(view: View) -> Iterator[Page]:
    """By store, then by principal on as many pages as it takes."""
    found = doors(view)
    people = sorted(
        (one for door in found for one in principals(door)),
        key=lambda one: (one.rank, one.name.casefold(), one.door.asset.address, one.door.sheet.environment or ""),
    )
    rows = [principal_rows.row(view, _HERE, one) for one in people]
    for path, part in paged(
        view, _HERE, principal_rows.HEADERS, rows, "Principals", _nobody(found), filtered=len(rows) > 7
    ):
        first: Blocks = []
        if path == _HERE:
            first = [
                _lead(),
                _figures(found, people),
                *_hint(found),
                Heading("By store"),
                _by_door(view, found, people),
            ]
            first += [Heading("Not visible"), _refused(view, found), Heading("By principal")]
        yield document(path, "Access as observed", [*first, part], wide=True)


def _lead() -> Markup:
    return lead(
        "Who can get in, and who should? ",
        muted(
            "Every account and role that the stores themselves name, with the rights that it can get through others."
        ),
    )


def _hint(found: list[Door]) -> Blocks:
    if any(door.seen for door in found):
        return []
    return [
        note(
            "info",
            el("b", "Nobody has looked yet. "),
            "Name an environment variable with the URL under ",
            code("connection"),
            " of a store and run ",
            code("stocktake observe"),
            "; ",
            code("stocktake explain --privileges postgresql"),
            " prints what the role needs.",
        )
    ]


def _nobody(found: list[Door]) -> str:
    return "No account or role was seen." if any(door.seen for door in found) else "Not known: nobody has looked."


def _figures(found: list[Door], people: list[Principal]) -> Markup:
    looked = sum(bool(door.seen and door.seen.fresh) for door in found)
    there = [one for one in people if one.declared != MISSING and one.name != EVERYBODY]
    powerful = sum(one.rank < 2 for one in there)
    compared = [one for one in there if one.declared != NO_BASELINE]
    strange = sum(one.declared == UNDECLARED for one in compared)
    known = bool(there)
    return cards(
        (
            Card(
                looked,
                f" of {len(found)}",
                "Stores looked at",
                "recently enough to count; one per environment",
                "#by-store",
                _tone(looked < len(found)),
            ),
            Card(
                powerful if known else "–",
                f" of {len(there)}",
                "Privileged",
                "power over the server or all data",
                "#by-principal",
                "bad" if powerful else "plain",
            ),
            Card(
                sum(one.seen("login") is True for one in there) if known else "–",
                f" of {len(there)}",
                "May log in",
                "the rest only carries rights",
                "#by-principal",
            ),
            Card(
                strange if compared else "–",
                f" of {len(compared)}",
                "Not declared",
                "there, and not in the baseline",
                "#by-principal",
                "bad" if strange else _tone(not compared),
            ),
        )
    )


def _tone(is_unknown: bool) -> str:
    return "unknown" if is_unknown else "plain"


def _by_door(view: View, found: list[Door], people: list[Principal]) -> Markup:
    mine: dict[tuple[str, str | None], list[Principal]] = {}
    for one in people:
        mine.setdefault((one.door.asset.address, one.door.sheet.environment), []).append(one)
    rows = [_door(view, door, mine.get((door.asset.address, door.sheet.environment), [])) for door in found]
    headers = (
        Column("Store"),
        Column("Environment", facet=True),
        Column("Look", facet=True),
        Column("May log in", number=True),
        Column("Privileged", number=True),
        Column("Not declared", number=True),
        Column("Grants", number=True),
        "Ways in",
        "Where and when seen",
    )
    return filed(view, _HERE, "stores", headers, rows, "Access by store", "No data store is recorded.", _MOST)


def _door(view: View, door: Door, people: list[Principal]) -> tuple[object, ...]:
    there = [one for one in people if one.declared != MISSING and one.name != EVERYBODY]
    seen, grants = door.seen, sum(map(len, door.grants.values()))
    told = state(seen) if not door.is_refused else badge("not visible", "is-unknown", "the role may not see it")
    return (
        view.link(_HERE, door.asset.address),
        door.sheet.environment,
        Cell(
            told,
            0 if seen is None else 1 + seen.fresh,
            "never looked" if seen is None else "fresh" if seen.fresh else "stale",
        ),
        f"{sum(one.seen('login') is True for one in there)} of {len(there)}" if there else None,
        f"{sum(one.rank < 2 for one in there)} of {len(there)}" if there else None,
        _strange(door, there),
        f"{grants:,}" if grants or door.sheet.observed("access.grants") else None,
        join((part for part in (_transit(door), _ways(door)) if part), el("br")) or None,
        where(seen) if seen else _todo(view, door),
    )


def _strange(door: Door, there: list[Principal]) -> object:
    if not there:
        return None
    if door.allowed is None:
        return badge("no baseline", "is-unknown")
    return f"{sum(one.declared == UNDECLARED for one in there)} of {len(there)}"


def _todo(view: View, door: Door) -> Markup:
    if door.is_refused:
        return muted(f"not visible: {clean(door.refused[0].reason)}")
    if door.sheet.get("connection"):
        return join((muted("run "), code(f"stocktake observe {door.asset.address.partition('/')[2]}")))
    return join((muted("state "), code("connection"), muted(" first")))


def _transit(door: Door) -> Markup | None:
    """How the connection that looked was protected."""
    seen = door.sheet.observed("access.encryption_in_transit")
    if seen is None:
        return None
    return badge("no TLS", "is-fail") if seen.value == "none" else join((clean(seen.value), muted(" in transit")))


def _ways(door: Door) -> Markup | None:
    """The authentication rules in the order in which they count, or the mode of a file."""
    rules = keys(door.sheet.seen, "access.hba[]")
    if rules:
        items = [el("li", _way(door, number)) for number in rules[:_MOST_RULES]]
        return folded(counted(len(rules), "rule"), el("ol", *items, class_="st-list"))
    if mode := door.sheet.observed("file.mode"):
        return join(("file mode ", code(mode.value)))
    return badge("not visible", "is-unknown") if door.hides("access.hba") else None


def _way(door: Door, number: str) -> Markup:
    parts = [
        door.sheet.observed(f"access.hba[{encode_key(number)}].{part}")
        for part in ("type", "database", "user", "address", "method")
    ]
    words = " ".join(_listed(part.value) for part in parts if part)
    method = parts[-1]
    tone = "is-fail" if method and method.value == "trust" else ""
    return join((code(words), badge("no password asked", tone) if tone else None), " ")


def _listed(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _refused(view: View, found: list[Door]) -> Markup:
    rows = [
        (
            view.link(_HERE, door.asset.address),
            door.sheet.environment,
            code(one.group),
            badge(one.word, "is-unknown"),
            clean(one.reason),
        )
        for door in found
        for one in door.refused
    ]
    looked = any(door.seen for door in found)
    empty = "Nothing was refused." if looked else "Not known: nobody has looked."
    headers = (
        Column("Store", facet=True),
        Column("Environment", facet=True),
        "Facts",
        "State",
        Column("Reason", wide=True),
    )
    return filed(view, _HERE, "refused", headers, rows, "What is not visible", empty, _MOST)


def short(view: View, here: str, address: str) -> Markup | None:
    """For the page of a store: one line for each environment, with a link to everybody."""
    mine = doors_of(view, view.entry(address)) if view.group(address) == "stores" else []
    lines = [_line(here, door) for door in mine if door.seen or door.refused]
    rest = len(lines) - _FIRST
    more = el("li", f"and {rest:,} more, on ", anchor("the page on access", href(here, _HERE))) if rest > 0 else None
    return el("ul", *lines[:_FIRST], more, class_="st-list") if lines else None


def _line(here: str, door: Door) -> Markup:
    there = [one for one in principals(door) if one.declared != MISSING and one.name != EVERYBODY]
    powerful = [one.name for one in there if one.rank < 2]
    words = f"{counted(len(there), 'role')}, {sum(one.seen('login') is True for one in there)} may log in, "
    names = ", ".join(powerful[:5]) + (" …" if len(powerful) > 5 else "")
    told = join((words, f"{len(powerful)} privileged", f": {names}" if powerful else ""))
    strange = _strange(door, there)
    rest = muted(" · not declared: ", strange) if there else muted(" who there is is not visible")
    return el(
        "li",
        door.sheet.environment or "",
        " ",
        state(door.seen),
        " ",
        anchor(told, href(here, _HERE)) if there else None,
        rest,
    )

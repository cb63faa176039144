"""The access review: who can, who should, who must lose it, and what was decided; the same as a sheet to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stocktake.render.access_decisions import CHANGE, KEEP, REVOKE, Decision, decisions, identity
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape import csv
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.live import clean, day
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
    principals,
)
from stocktake.render.table import Cell, Column
from stocktake.render.view import View, href

_HERE, _CSV = "access-review.md", "access-review-sheet.csv"
PRIVILEGED, SHARED, ORPHAN, PAST, SINGLE, OPEN = (
    "privileged",
    "shared",
    "orphan",
    "past expiry",
    "no second factor",
    "everybody",
)
_TOLD: Mapping[str, str] = {
    PRIVILEGED: "power over the server or all data, its own or through another role",
    SHARED: "several people use it, as the baseline says",
    ORPHAN: "nobody declared it, or no team answers for it",
    PAST: "its day is over and it still may log in",
    SINGLE: "a person, and the store does not require a second factor",
    OPEN: "rights that every account has",
}
_TONES = {PRIVILEGED: "sev-high", PAST: "is-fail", ORPHAN: "is-fail"}
_DECIDED = {KEEP: "is-pass", REVOKE: "is-fail", CHANGE: "is-waived"}
_HEADERS = (
    Column("Who"),
    Column("Store", facet=True),
    Column("Environment", facet=True),
    Column("Look out for", facet=True),
    Column("Baseline", facet=True),
    Column("Owner", facet=True),
    Column("Last used"),
    Column("Decision", facet=True),
    "By and on",
)
_SHEET = (
    *("point", "principal", "store", "environment", "may_log_in", "valid_until", "look_out_for", "baseline", "owner"),
    *("last_used", "decision", "reviewer", "date", "note"),
)

Made = Mapping[str, Decision]
_MOST_STORES = 200


def pages(view: View) -> Iterator[Page]:
    """The review by asset, then by principal, and the sheet."""
    found = doors(view)
    made = decisions(view)
    people = [one for door in found for one in principals(door) if one.declared != MISSING]
    people.sort(key=lambda one: (one.rank, -len(flags(view, one)), one.name.casefold(), one.door.asset.address))
    rows = [_row(view, one, made.get(identity(one))) for one in people]
    empty = _nobody(found)
    for path, part in paged(view, _HERE, _HEADERS, rows, "Access by principal", empty, filtered=len(rows) > 7):
        first: list[Markup | Heading | None] = []
        if path == _HERE:
            first = [
                _lead(view),
                *_hint(people),
                _figures(view, found, people, made),
                _how(people),
                Heading("By asset"),
            ]
            first += [_by_asset(view, found, people, made), Heading("By principal"), _offer(people)]
        yield document(path, "Access review", [*first, part], wide=True)
    yield f"docs/{_CSV}", "".join(map(csv.row, _sheet(view, people, made))).encode("utf-8", "backslashreplace")


def flags(view: View, one: Principal) -> list[str]:
    """What a reviewer has to look out for, the gravest first."""
    if one.name == EVERYBODY:
        return [OPEN]
    until = str(one.seen("valid_until") or "")
    is_over = until not in ("", "infinity") and until < view.audit.today.isoformat()
    is_orphan = one.declared == UNDECLARED or (one.declared != NO_BASELINE and not one.meant("owner"))
    login = one.seen("login") is True
    second = one.door.sheet.get("access.mfa")
    marks = (
        (PRIVILEGED, one.rank < 2),
        (PAST, is_over and login),
        (ORPHAN, is_orphan),
        (SHARED, one.meant("type") == "shared"),
        (SINGLE, login and one.meant("type") == "human" and second not in (None, "required")),
    )
    return [name for name, holds in marks if holds]


def _lead(view: View) -> Markup:
    told = "Every account and role that stores name, the privileged first, what to look out for, and what was decided. "
    return lead(
        "Who can, who should, who must lose it? ",
        muted(told, anchor("Access as observed", href(_HERE, "access.md")), " has their rights and grants."),
    )


def _hint(people: list[Principal]) -> list[Markup]:
    if people:
        return []
    told = (
        el("b", "Nobody has looked yet. "),
        "Run ",
        code("stocktake observe"),
        " for the stores that have a ",
        code("connection"),
        ".",
    )
    return [note("info", *told)]


def _nobody(found: list[Door]) -> str:
    return "No account or role was seen." if any(door.seen for door in found) else "Not known: nobody has looked."


def _figures(view: View, found: list[Door], people: list[Principal], made: Made) -> Markup:
    marked = [flags(view, one) for one in people]
    decided = sum(bool((one := made.get(identity(person))) and one.word) for person in people)
    looked = sum(bool(door.seen and door.seen.fresh) for door in found)
    power, over, orphan = (sum(name in each for each in marked) for name in (PRIVILEGED, PAST, ORPHAN))
    total = f" of {len(people)}"
    known = "plain" if people else "unknown"
    return cards(
        (
            Card(
                decided if people else "–",
                total,
                "Decided",
                f"keep, revoke or change; {looked} of {len(found)} stores were looked at",
                "#by-principal",
                known if decided == len(people) else "unknown",
            ),
            Card(power if people else "–", total, "Privileged", _TOLD[PRIVILEGED], "#by-principal", known),
            Card(over if people else "–", total, "Past expiry", _TOLD[PAST], "#by-principal", "bad" if over else known),
            Card(
                orphan if people else "–", total, "Orphans", _TOLD[ORPHAN], "#by-principal", "bad" if orphan else known
            ),
        )
    )


def _how(people: list[Principal]) -> Markup:
    """How a decision is written down, with a point that is really there."""
    point = identity(people[0]) if people else "asset/orders-db/production#reporting"
    example = f'checklist:\n  "{clean(point)}":\n    result: pass\n    decision: keep\n    by: Ada'
    return el(
        "details",
        el("summary", "How a decision is written down"),
        el(
            "p",
            "In a record of kind ",
            code("review"),
            " with type ",
            code("access"),
            ", one point for each principal; the sheet below has the name of each point. The latest review counts.",
        ),
        el("pre", el("code", example)),
        class_="st-details",
    )


def _by_asset(view: View, found: list[Door], people: list[Principal], made: Made) -> Markup:
    mine: dict[tuple[str, str | None], list[Principal]] = {}
    for one in people:
        mine.setdefault((one.door.asset.address, one.door.sheet.environment), []).append(one)
    rows = []
    for door in found:
        there = mine.get((door.asset.address, door.sheet.environment), [])
        marked = [flags(view, one) for one in there]
        decided = [made[identity(one)] for one in there if identity(one) in made and made[identity(one)].word]
        last = max((one.day for one in decided), default="")
        unseen = (
            badge("not visible" if door.is_refused else "never looked", "is-unknown") if door.seen is None else None
        )
        rows.append(
            (
                view.link(_HERE, door.asset.address),
                door.sheet.environment,
                unseen or len(there),
                *(None if unseen else told for told in _counts(door, marked)),
                door.sheet.get("access.mfa") or badge("not said", "is-unknown"),
                None if unseen else f"{len(decided)} of {len(there)}",
                day(last) if last else muted("never"),
            )
        )
    numbers = [
        Column(name.capitalize(), number=True)
        for name in ("principals", PRIVILEGED, PAST, "orphans", SHARED, "one factor")
    ]
    headers: tuple[str | Column, ...] = (
        Column("Store"),
        Column("Environment", facet=True),
        *numbers,
        Column("Second factor", facet=True),
        Column("Decided", number=True),
        "Last review",
    )
    return filed(view, _HERE, "stores", headers, rows, "Access by asset", "No data store is recorded.", _MOST_STORES)


def _counts(door: Door, marked: list[list[str]]) -> list[int | None]:
    """How many of each mark; what only a baseline says is not known without one."""
    known = (PRIVILEGED, PAST) if door.allowed is None else (PRIVILEGED, PAST, ORPHAN, SHARED, SINGLE)
    return [
        sum(name in each for each in marked) if name in known else None
        for name in (PRIVILEGED, PAST, ORPHAN, SHARED, SINGLE)
    ]


def _offer(people: list[Principal]) -> Markup:
    told = f" with {counted(len(people), 'line')}: fill in decision, reviewer and date."
    return el("p", "As a sheet: ", anchor(_CSV, href(_HERE, _CSV), download=True), told, class_="st-muted")


def _row(view: View, one: Principal, made: Decision | None) -> tuple[object, ...]:
    marked = flags(view, one)
    environment, owner = one.door.sheet.environment, one.meant("owner")
    marks = [badge(name, _TONES.get(name, "is-unknown"), _TOLD[name]) for name in marked]
    who = join((code(clean(one.name)), muted(" everybody") if one.name == EVERYBODY else None))
    return (
        Cell(who, f"{one.rank}{one.name.casefold()}"),
        Cell(view.link(_HERE, one.door.asset.address), None, one.door.asset.name),
        environment,
        Cell(join(marks, " ") if marks else muted("nothing seen"), None, marked[0] if marked else "nothing seen"),
        one.declared,
        Cell(view.link(_HERE, f"team/{owner}") if owner else None, None, str(owner or "nobody")),
        badge("not known", "is-unknown", "the engine does not say when an account was last used"),
        _decision(made),
        _by(view, made),
    )


def _decision(made: Decision | None) -> Cell:
    if made is None or not made.word:
        return Cell(badge("open", "is-unknown", "no access review decided it"), None, "open")
    told = join(
        (
            badge(made.word, _DECIDED.get(made.word, "is-waived")),
            el("br") if made.note else None,
            muted(clean(made.note)),
        )
    )
    return Cell(told, None, made.word)


def _by(view: View, made: Decision | None) -> Markup | None:
    if made is None:
        return None
    return join((clean(made.by) or muted("nobody named"), ", ", view.link(_HERE, made.review, made.day or "no day")))


def _sheet(view: View, people: list[Principal], made: Made) -> Iterator[tuple[object, ...]]:
    yield _SHEET
    for one in people:
        told = made.get(identity(one))
        login = one.seen("login")
        yield (
            identity(one),
            clean(one.name),
            one.door.asset.address,
            one.door.sheet.environment,
            "" if login is None else "yes" if login else "no",
            one.seen("valid_until"),
            "; ".join(flags(view, one)),
            one.declared,
            one.meant("owner"),
            "not known",
            *((told.word, told.by, told.day, told.note) if told else ("", "", "", "")),
        )

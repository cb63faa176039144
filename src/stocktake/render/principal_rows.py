"""How one principal looks in a table: how it gets in, what it may do, and whether the baseline knows it."""

from __future__ import annotations

from stocktake.render import facts
from stocktake.render.escape.html import Markup, el, join
from stocktake.render.live import clean, day, folded
from stocktake.render.parts import badge, code, muted
from stocktake.render.principals import DECLARED, EVERYBODY, MISSING, NO_BASELINE, RIGHTS, UNDECLARED, Principal
from stocktake.render.table import Cell, Column
from stocktake.render.view import View

TONES = {DECLARED: "is-pass", UNDECLARED: "is-fail", MISSING: "is-fail", NO_BASELINE: "is-unknown"}
HEADERS: tuple[str | Column, ...] = (
    Column("Who"),
    Column("Store", facet=True),
    Column("Environment", facet=True),
    Column("Login", facet=True),
    Column("Password", facet=True),
    Column("Rights", facet=True),
    "Member of",
    Column("Grants", number=True),
    Column("Baseline", facet=True),
)
_MOST_GRANTS = 100


def row(view: View, here: str, one: Principal) -> tuple[object, ...]:
    """One principal as cells under `HEADERS`."""
    address, environment = one.door.asset.address, one.door.sheet.environment
    stale = one.door.seen is not None and not one.door.seen.fresh
    name = join((code(one.name), badge("stale", "is-unknown", "the look is too old to count") if stale else None), " ")
    return (
        Cell(name if one.name != EVERYBODY else join((code(one.name), muted("everybody")), " "), one.name.casefold()),
        Cell(view.link(here, address), None, one.door.asset.name),
        environment,
        _login(one, view.audit.today.isoformat()),
        _password(one),
        _rights(one),
        _roles(one),
        _grants(one),
        Cell(join((badge(one.declared, TONES[one.declared]), _owner(view, here, one)), " "), None, one.declared),
    )


def _login(one: Principal, today: str) -> Cell | None:
    """Whether it may log in, and until when."""
    login, until = one.seen("login"), one.seen("valid_until")
    if login is None:
        return None
    ended = until not in (None, "infinity") and str(until) < today
    end = join((muted("until "), day(clean(until)[:20]), " ")) if until not in (None, "infinity") else None
    shown = join(("yes " if login else "no ", end, badge("expired", "is-fail") if ended else None))
    return Cell(shown, None, "may log in" if login and not ended else "expired" if login else "may not")


def _rights(one: Principal) -> Cell:
    held = [right for right in RIGHTS if one.seen(right) is True]
    marks = [
        badge(right, "sev-critical" if right == "superuser" else "sev-high" if right != "createdb" else "plain")
        for right in held
    ]
    if one.through:
        tone = "sev-critical" if one.rank == 0 else "sev-high"
        marks.append(badge(f"through {one.through}", tone, "it can become this role"))
    words = ("everything", "power over the server", "ordinary")[one.rank]
    return Cell(join(marks, " ") if marks else muted("none of its own"), one.rank, words)


def _roles(one: Principal) -> object:
    roles = one.seen("roles")
    return facts.plain(roles) if roles else muted("none") if one.declared != MISSING and one.name != EVERYBODY else None


def _grants(one: Principal) -> object:
    if not one.grants:
        return "0" if one.door.sheet.observed("access.grants") and one.declared != MISSING else None
    items = [el("li", code(clean(grant))) for grant in one.grants[:_MOST_GRANTS]]
    more = len(one.grants) - _MOST_GRANTS
    rest = muted(f"and {more:,} more") if more > 0 else None
    return Cell(folded(f"{len(one.grants):,}", el("ul", *items, class_="st-list st-grants"), rest), len(one.grants))


def _password(one: Principal) -> Cell | None:
    kind = one.seen("password")
    if kind is not None:
        tone = {"md5": "is-fail", "none": "plain"}.get(str(kind), "is-pass")
        return Cell(badge(kind, tone), None, str(kind))
    hidden = one.seen("login") is not None and one.door.hides("access.principals[].password")
    return Cell(badge("not visible", "is-unknown"), None, "not visible") if hidden else None


def _owner(view: View, here: str, one: Principal) -> Markup | None:
    kind, owner = one.meant("type"), one.meant("owner")
    parts = [part for part in (kind, view.link(here, f"team/{owner}") if owner else None) if part]
    return muted(join(parts, ", ")) if parts else None

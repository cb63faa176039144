"""Environments compared: each parameter of an asset in each environment, and which differences are meant."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from stocktake.model.answer import Expected
from stocktake.render.document import Page, document
from stocktake.render.environments import (
    ABSENT,
    DECLARED,
    DIFFERS,
    EQUAL,
    EXPECTED,
    NOBODY,
    SECRET,
    STALE,
    STATES,
    UNKNOWN,
    Matrix,
    Parameter,
    Place,
    Value,
    matrices,
)
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.live import content, folded, state
from stocktake.render.paged import paged, paths_from, weighed
from stocktake.render.parts import Card, badge, cards, code, counted, lead, muted, note
from stocktake.render.table import Cell, Column, table
from stocktake.render.view import View, href

_HERE = "environments.md"
_HEADERS = (
    Column("Asset"),
    Column("Environments and their look"),
    *(Column(name.capitalize(), number=True) for name in (*STATES, "parameters")),
)
_MOST, _MOST_BARE = 300, 8
_NOTHING = "There is nothing to compare yet."
_ROW = 1_000  # letters of the row of an asset
_TONES = {DIFFERS: "is-fail", EXPECTED: "is-waived", UNKNOWN: "is-unknown", EQUAL: "is-pass"}


def pages(view: View) -> Iterator[Page]:
    """All matrices."""
    found = matrices(view)
    intro = lead(
        "Is it the same everywhere? ",
        muted("What was seen counts; where nobody has looked, what the baseline says stands for it and is marked."),
    )
    if not found:
        yield document(_HERE, "Environments compared", [intro, _empty()])
        return
    bare = [matrix for matrix in found if not matrix.parameters]
    told = [matrix for matrix in found if matrix.parameters]
    shown = [(matrix, [_title(view, matrix), *_matrix(view, matrix)]) for matrix in told]
    parts = weighed(shown, (_ROW + sum(map(len, told)) for _, told in shown))
    paths = list(islice(paths_from(_HERE), len(parts)))
    rows = [[_summary(path, matrix) for matrix, _ in part] for path, part in zip(paths, parts, strict=True)]
    every = [row for part in rows for row in part]
    made = paged(view, _HERE, _HEADERS, every, "Assets with several environments", _NOTHING, parts=rows)
    for (path, summary), part in zip(made, parts, strict=True):
        first = (intro, _figures(told), _bare(view, bare, len(found))) if path == _HERE else ()
        blocks = [*first, summary, *(block for _, told in part for block in told)]
        yield document(path, "Environments compared", blocks, wide=True)


def _empty() -> Markup:
    return note(
        "info",
        el("b", "No asset has several environments, so there is nothing to compare. "),
        "State them under ",
        code("instances"),
        " of an asset, or write a baseline for each environment: ",
        code("stocktake baseline accept ASSET --environment E"),
        ".",
    )


def _bare(view: View, bare: list[Matrix], total: int) -> Markup | None:
    """The assets of which there is nothing to compare, and what to do."""
    if not bare:
        return None
    names = join((view.link(_HERE, matrix.asset.address) for matrix in bare[:_MOST_BARE]), ", ")
    more = f" and {len(bare) - _MOST_BARE:,} more" if len(bare) > _MOST_BARE else ""
    told = f"Of {len(bare):,} of {counted(total, 'asset')} with several environments no parameter is known in any: "
    how = code("stocktake observe ASSET --environment E")
    return note("warn", told, names, more, ". Look at them with ", how, ", or write baselines.")


def _figures(found: list[Matrix]) -> Markup:
    total = sum(len(matrix.parameters) for matrix in found)
    titles = {
        DIFFERS: ("Different", "and nobody said why", "bad"),
        EXPECTED: ("Different as expected", "with a reason and an end", "plain"),
        UNKNOWN: ("Not known everywhere", "not looked at in some environment", "unknown"),
        EQUAL: ("Equal", "in every environment", "plain"),
    }
    items = []
    for name in STATES:
        count = sum(matrix.count(name) for matrix in found)
        title, detail, tone = titles[name]
        items.append(Card(count, f" of {counted(total, 'parameter')}", title, detail, None, tone if count else "plain"))
    return cards(items)


def _summary(path: str, matrix: Matrix) -> tuple[object, ...]:
    """One asset under `_HEADERS`; `path` is the page on which its parameters stand."""
    return (
        anchor(matrix.asset.name, href(_HERE, path, _anchor(matrix))),
        join((join((place.environment, " ", state(place.seen))) for place in matrix.places), " · "),
        *(matrix.count(name) for name in STATES),
        len(matrix.parameters),
    )


def _anchor(matrix: Matrix) -> str:
    return f"asset-{matrix.asset.address.partition('/')[2]}"


def _title(view: View, matrix: Matrix) -> Markup:
    return el("h2", view.link(_HERE, matrix.asset.address), id=_anchor(matrix), data_search_exclude="yes")


def _matrix(view: View, matrix: Matrix) -> Iterator[Markup]:
    shown = [one for one in matrix.parameters if one.state != EQUAL]
    equal = [one for one in matrix.parameters if one.state == EQUAL]
    if shown:
        yield _table(view, matrix, shown, f"Parameters of {matrix.asset.name} that are not known to be equal")
    else:
        yield el("p", "Every parameter that somebody set is the same everywhere.", class_="st-empty")
    if equal:
        title = counted(len(equal), "parameter")
        yield folded(f"{title} equal", _table(view, matrix, equal, f"Equal parameters of {matrix.asset.name}"))


def _table(view: View, matrix: Matrix, parameters: list[Parameter], caption: str) -> Markup:
    headers = (
        Column("Parameter"),
        *map(_heading, matrix.places),
        Column("State", facet=True),
        Column("Why", wide=True),
    )
    rows = [_row(view, matrix, one) for one in parameters[:_MOST]]
    more = len(parameters) - _MOST
    rest = el("p", f"and {more:,} more.", class_="st-muted") if more > 0 else None
    return join((table(headers, rows, caption), rest))


def _heading(place: Place) -> Column:
    """The environment with where and when all of its values were seen."""
    seen = place.seen
    told = f"{seen.source}, {seen.day or 'no date'}{'' if seen.fresh else ', stale'}" if seen else "never looked at"
    return Column(join((place.environment, el("br"), el("small", told))))


def _row(view: View, matrix: Matrix, one: Parameter) -> tuple[object, ...]:
    today = view.audit.today.isoformat()
    reasons = join((_reason(each, today) for each in one.reasons), el("br")) if one.reasons else None
    shown = Cell(badge(one.state, _TONES[one.state]), STATES.index(one.state), one.state)
    return (code(one.name), *(_value(one.name, value) for value in one.values), shown, reasons or _why(one, matrix))


def _why(one: Parameter, matrix: Matrix) -> Markup:
    if one.state == DIFFERS:
        return muted("nobody said")
    missing = [place.environment for place, value in zip(matrix.places, one.values, strict=True) if _is_open(value)]
    return muted(f"not known in {', '.join(missing)}") if missing and one.state == UNKNOWN else muted("–")


def _is_open(value: Value) -> bool:
    return value.how in (NOBODY, SECRET, STALE)


def _reason(each: Expected, today: str) -> Markup:
    ended = each.expires < today
    until = badge(f"expired {each.expires}", "is-fail") if ended else muted(f"until {each.expires}")
    return join((each.reason, " ", until, " ", muted(f"({each.environment})")))


def _value(name: str, value: Value) -> Markup:
    if value.how == NOBODY:
        return badge("not looked at", "is-unknown")
    if value.how == ABSENT:
        return muted("no such setting")
    if value.how == SECRET:
        return badge("secret", "plain", "only its place is known, never its value")
    shown = content(name, value.value)
    if value.how == DECLARED:
        return join((shown, badge("declared only", "is-unknown", "what the baseline says; nobody has looked")), " ")
    if value.how == STALE:
        return join((shown, badge("stale", "is-unknown", "too old to count")), " ")
    return shown

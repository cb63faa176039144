"""The risk register: how large the risks are, as a matrix and a table, what is decided, and what came of the work."""

from __future__ import annotations

from collections.abc import Iterator

from stocktake.model.record import Record
from stocktake.render import risk_levels
from stocktake.render.anatomy import said
from stocktake.render.document import Heading, Page, document
from stocktake.render.downloads import offer
from stocktake.render.escape.html import Markup, el, join
from stocktake.render.paged import beside, paged
from stocktake.render.parts import SEVERITY_ORDER, Card, badge, cards, code, counted, lead, muted
from stocktake.render.prose import summary
from stocktake.render.risk_levels import IMPACTS, LEVELS, LIKELIHOODS, badge_of, level, progress, solved
from stocktake.render.table import Cell, Column
from stocktake.render.tones import word
from stocktake.render.view import View

_HERE = "risk/index.md"
_MOST_IN_CELL = 4
_CORNER = "likelihood ↓ impact →"
_HEADERS = (
    Column("Risk", wide=True),
    Column("Likelihood", facet=True),
    Column("Impact", facet=True),
    Column("Inherent", facet=True),
    Column("Residual", facet=True),
    Column("Treatment", facet=True),
    Column("Status", facet=True),
    Column("Progress"),
    Column("Owner", facet=True),
    Column("Review by"),
)
_GRAVE = ("critical", "high")


def pages(view: View) -> Iterator[Page]:
    """The register."""
    if "risk" not in view.estate.kinds:
        return
    kind, records = view.estate.kinds["risk"], view.estate.of("risk")
    rows = [_row(view, record) for record in sorted(records, key=_order)]
    empty = join(("No risk is recorded. Write the first one: ", code("stocktake new risk ID"), "."))
    for path, part in paged(view, _HERE, _HEADERS, rows, kind.plural, empty, filtered=len(rows) > 7):
        first: list[Markup | Heading | None] = []
        if path == _HERE:
            first = [_lead(records), _figures(view, records), Heading("Matrix"), _told(), _matrix(view, records)]
            first += [Heading("Register"), offer(view, _HERE, "risk/risk.")]
        yield document(path, "Risk register", [*first, part], wide=True)


def _is_open(record: Record) -> bool:
    return said.word(record, "status") != "closed"


def _size(record: Record) -> str:
    """What is left of a risk, as far as somebody said; else what it was, else what the matrix says."""
    rated = (said.word(record, "residual"), said.word(record, "inherent"), _computed(record))
    return next((one for one in rated if one), "")


def _computed(record: Record) -> str:
    return level(said.word(record, "likelihood"), said.word(record, "impact"))


def _order(record: Record) -> tuple[bool, int, str]:
    """Open ones first, what nobody rated before all others, then the largest."""
    size = _size(record)
    return not _is_open(record), -LEVELS.index(size) if size in LEVELS else -len(LEVELS), record.id


def _lead(records: list[Record]) -> Markup:
    still = sum(map(_is_open, records))
    return lead(
        "What may happen, how bad it would be, and what is done about it. ",
        muted(f"{counted(len(records), 'risk')}, {still} open; what has come of the work is counted, never typed."),
    )


def _figures(view: View, records: list[Record]) -> Markup:
    still = [record for record in records if _is_open(record)]
    grave = sum(_size(record) in _GRAVE for record in still)
    rated = sum(bool(_size(record)) for record in still)
    decided = sum(bool(record.data.get("treatment")) for record in still)
    today = view.audit.today.isoformat()
    late = sum(bool(said.word(record, "review_date")) and said.word(record, "review_date") < today for record in still)
    done, total = (
        (sum(pair) for pair in zip(*(solved(view, record) for record in still), strict=True)) if still else (0, 0)
    )
    return cards(
        (
            Card(
                grave,
                f" of {len(still)}",
                "High or critical today",
                f"{rated} of {len(still)} are rated",
                "#register",
                "bad" if grave else "plain" if rated == len(still) and still else "unknown",
            ),
            Card(
                decided,
                f" of {len(still)}",
                "With a treatment",
                "mitigate, accept, avoid or transfer",
                "#register",
                "plain" if decided == len(still) and still else "unknown",
            ),
            Card(
                done,
                f" of {total}",
                "Weaknesses gone",
                "resolved or dismissed",
                "#register",
                "plain" if total else "unknown",
            ),
            Card(
                late,
                f" of {len(still)}",
                "Reviews overdue",
                "by the day that each names",
                "#register",
                "bad" if late else "plain",
            ),
        )
    )


def _told() -> Markup:
    return el("p", risk_levels.FORMULA, " Each cell says its level and names the open risks in it.", class_="st-muted")


def _matrix(view: View, records: list[Record]) -> Markup:
    """Likelihood down, impact across, with words in every cell."""
    cells: dict[tuple[str, str], list[Record]] = {}
    for record in records:
        if _is_open(record):
            cells.setdefault((said.word(record, "likelihood"), said.word(record, "impact")), []).append(record)
    head = el(
        "tr",
        el("th", _CORNER, scope="col", class_="st-corner"),
        *(el("th", name, scope="col") for name in IMPACTS),
    )
    rows = [
        (
            el("th", name, scope="row"),
            *(_cell(view, name, impact, cells.pop((name, impact), [])) for impact in IMPACTS),
        )
        for name in reversed(LIKELIHOODS)
    ]
    title = "Open risks by likelihood and impact"
    grid = el(
        "table",
        el("caption", title, class_="st-hidden"),
        el("thead", head),
        el("tbody", *(el("tr", *row) for row in rows)),
        class_="st-matrix st-heatmap st-risks",
    )
    box = el("div", grid, class_="st-scroll", role="region", tabindex="0", aria_label=title)
    rest = [record for found in cells.values() for record in found]
    columns = [Column(name) for name in (_CORNER, *IMPACTS)]
    return join((box, beside(view, _HERE, "matrix", columns, rows), _unrated(view, rest)))


def _cell(view: View, likelihood: str, impact: str, found: list[Record]) -> Markup:
    name = level(likelihood, impact)
    links = [el("div", view.link(_HERE, record.address)) for record in found[:_MOST_IN_CELL]]
    more = el("div", f"and {len(found) - _MOST_IN_CELL} more") if len(found) > _MOST_IN_CELL else None
    tone = f"st-heat st-heat-{name}" if found else "st-heat-none"
    return el("td", *links, more, el("small", name), class_=tone)


def _unrated(view: View, rest: list[Record]) -> Markup | None:
    if not rest:
        return None
    names = join([view.link(_HERE, record.address) for record in rest[:50]], ", ")
    more = f" and {len(rest) - 50} more" if len(rest) > 50 else ""
    return el(
        "p",
        badge("not rated", "is-unknown"),
        " Not in the matrix, since likelihood or impact is missing: ",
        names,
        more,
        ".",
    )


def _row(view: View, record: Record) -> tuple[object, ...]:
    owner, treatment, status = (said.word(record, name) for name in ("owner", "treatment", "status"))
    done, total = solved(view, record)
    review = said.word(record, "review_date")
    return (
        join((view.link(_HERE, record.address), el("br"), muted(summary(said.word(record, "statement"), 240)))),
        _ranked(said.word(record, "likelihood"), LIKELIHOODS),
        _ranked(said.word(record, "impact"), IMPACTS),
        _level(said.word(record, "inherent")),
        _level(said.word(record, "residual")),
        Cell(treatment or badge("not decided", "is-unknown"), None, treatment or "not decided"),
        Cell(word("status", status), None, status),
        Cell(progress(view, record), done / total if total else -1),
        Cell(view.link(_HERE, f"team/{owner}") if owner else badge("nobody", "is-fail"), owner, owner or "nobody"),
        Cell(said.until(view, review, status == "closed"), review),
    )


def _ranked(name: str, scale: tuple[str, ...]) -> Cell:
    shown = name or badge("not rated", "is-unknown")
    return Cell(shown, scale.index(name) if name in scale else -1, name or "not rated")


def _level(name: str) -> Cell:
    return Cell(badge_of(name), SEVERITY_ORDER.get(name, -1), name or "not rated")

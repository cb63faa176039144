"""Where it is weak: findings and doubts by owner and family of rules."""

from __future__ import annotations

from urllib.parse import urlencode

from stocktake.model.outcome import FAIL, UNKNOWN
from stocktake.model.rule import FAMILIES
from stocktake.render.escape.html import Markup, el, join
from stocktake.render.paged import beside
from stocktake.render.parts import SEVERITY_ORDER, counted, muted
from stocktake.render.table import Column
from stocktake.render.view import View, href

_TITLE = "Findings and doubts by owner and family of rules"
_CORNER = "owner ↓ family →"
_TOLD = (
    "Each cell counts findings, known ones too, then doubts, which are reasons why something is not known; "
    "its colour is the worst severity. "
    "An empty cell has neither, whether or not anything was asked."
)


def heatmap(view: View, here: str) -> Markup | None:
    """A table with text in every cell and a link to the list behind it; None where nothing is open or unknown."""
    cells: dict[tuple[str, str], list[str]] = {}
    for outcome in view.audit.outcomes:
        if outcome.state in (FAIL, UNKNOWN):
            severity = outcome.severity if outcome.state == FAIL else UNKNOWN
            family = outcome.rule.rstrip("0123456789")
            cells.setdefault((view.owner(outcome.subject), family), []).append(severity)
    if not cells:
        return None
    families = sorted({family for _, family in cells} | {rule.family for rule in view.audit.rules})
    owners = sorted({owner for owner, _ in cells}, key=lambda owner: (not owner, owner))
    records = _records(view)
    rows = [
        (
            el("th", view.link(here, f"team/{owner}") if owner else muted("nobody"), scope="row"),
            *(_cell(here, owner, family, cells.get((owner, family), [])) for family in families),
            el("td", records.get(owner, 0), class_="st-num"),
        )
        for owner in owners
    ]
    caption = el("caption", _TITLE, class_="st-hidden")
    grid = el(
        "table",
        caption,
        el("thead", _head(families)),
        el("tbody", *(el("tr", *row) for row in rows)),
        class_="st-matrix st-heatmap",
    )
    box = el("div", grid, class_="st-scroll", role="region", tabindex="0", aria_label=_TITLE)
    columns = [Column(name) for name in (_CORNER, *families, "records")]
    return join((el("p", _TOLD, class_="st-muted"), box, beside(view, here, "owners", columns, rows)))


def _records(view: View) -> dict[str, int]:
    """How many records each owner has: the denominator of a row."""
    records: dict[str, int] = {}
    for record in view.estate.records:
        owner = view.owner(record.address)
        records[owner] = records.get(owner, 0) + 1
    return records


def _head(families: list[str]) -> Markup:
    titles = (el("th", el("abbr", family, title=FAMILIES.get(family, family)), scope="col") for family in families)
    corner = el("th", _CORNER, scope="col", class_="st-corner")
    return el("tr", corner, *titles, el("th", "records", scope="col"))


def _cell(here: str, owner: str, family: str, severities: list[str]) -> Markup:
    if not severities:
        return el("td")
    failures = [name for name in severities if name != UNKNOWN]
    unknown = len(severities) - len(failures)
    worst = min(failures, key=lambda name: SEVERITY_ORDER.get(name, 9)) if failures else UNKNOWN
    parts = (counted(len(failures), "finding") if failures else "", counted(unknown, "doubt") if unknown else "")
    query = urlencode({"rule": FAMILIES.get(family, family), "owner": owner or "nobody"})
    words = (", ".join(part for part in parts if part), el("br"), el("small", worst if failures else ""))
    return el("td", el("a", *words, href=f"{href(here, 'findings.md')}?{query}"), class_=f"st-heat st-heat-{worst}")

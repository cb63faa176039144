"""Where it is weak: findings and doubts by owner and family of rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from urllib.parse import urlencode

from stocktake.model.outcome import FAIL, UNKNOWN
from stocktake.model.rule import FAMILIES
from stocktake.render.escape.html import Markup, el, join
from stocktake.render.paged import beside
from stocktake.render.parts import SEVERITY_ORDER, counted, muted
from stocktake.render.table import Column
from stocktake.render.view import View, href

_TITLE = "Findings and doubts by owner and family of rules"
UNASKED = "not asked"
_CORNER = "owner ↓ family →"
_TOLD = (
    "Each cell counts findings, known ones too, then doubts, which are reasons why something is not known; "
    "its colour is the worst severity. "
)
_OF = (
    "Below them stands how many questions were asked about what the owner answers for; where none was, a cell says "
    "so. An owner of neither finding nor doubt has no row."
)
_NOT_COUNTED = "How many questions were asked of each owner was not counted: a cell without either says nothing."


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
    records, asked = _records(view), _asked(view)
    rows = [
        (
            el("th", view.link(here, f"team/{owner}") if owner else muted("nobody"), scope="row"),
            *(_cell(here, (owner, family), cells.get((owner, family), []), asked) for family in families),
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
    return join(
        (
            el("p", _TOLD, _NOT_COUNTED if asked is None else _OF, class_="st-muted"),
            box,
            beside(view, here, "owners", columns, rows),
        )
    )


def _records(view: View) -> dict[str, int]:
    """How many records each owner has: the denominator of a row."""
    records: dict[str, int] = {}
    for record in view.estate.records:
        owner = view.owner(record.address)
        records[owner] = records.get(owner, 0) + 1
    return records


def _asked(view: View) -> Counter[tuple[str, str]] | None:
    """How many questions of each family were asked of each owner: the denominator of a cell; None where nobody
    counted.
    """
    if view.coverage is None:
        return None
    found: Counter[tuple[str, str]] = Counter()
    for part in view.coverage.parts:
        for rule in part.rules if part.what == "team" else ():
            found[part.id, rule.rule.rstrip("0123456789")] += rule.asked
    return found


def _head(families: list[str]) -> Markup:
    titles = (el("th", el("abbr", family, title=FAMILIES.get(family, family)), scope="col") for family in families)
    corner = el("th", _CORNER, scope="col", class_="st-corner")
    return el("tr", corner, *titles, el("th", "records", scope="col"))


def _cell(
    here: str, place: tuple[str, str], severities: list[str], asked: Mapping[tuple[str, str], int] | None
) -> Markup:
    total = asked[place] if asked is not None else 0
    if not severities and asked is None:
        return el("td")
    if not severities:
        return el(
            "td", el("span", f"0 of {total:,}" if total else UNASKED), class_=None if total else "st-heat-unasked"
        )
    owner, family = place
    failures = [name for name in severities if name != UNKNOWN]
    unknown = len(severities) - len(failures)
    worst = min(failures, key=lambda name: SEVERITY_ORDER.get(name, 9)) if failures else UNKNOWN
    parts = (counted(len(failures), "finding") if failures else "", counted(unknown, "doubt") if unknown else "")
    query = urlencode({"rule": FAMILIES.get(family, family), "owner": owner or "nobody"})
    below = ", ".join(part for part in (worst if failures else "", f"of {total:,} asked" if total else "") if part)
    words = (", ".join(part for part in parts if part), el("br"), el("small", below))
    return el("td", el("a", *words, href=f"{href(here, 'findings.md')}?{query}"), class_=f"st-heat st-heat-{worst}")

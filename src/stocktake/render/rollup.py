"""What stands on the page of a system or a team: how its parts are, what comes first, and where its border is."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlencode

from stocktake.model.graph import MEANINGS, Edge, Entry
from stocktake.model.outcome import FAIL, UNKNOWN, Outcome
from stocktake.model.record import Record
from stocktake.model.weight import RANKS
from stocktake.render import places
from stocktake.render.document import Heading
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.outcomes import BRIEF, briefly, distinct, first
from stocktake.render.parts import Card, badge, cards, classification, code, counted, criticality, muted
from stocktake.render.recovery import asked_by, is_judged, needy
from stocktake.render.table import Cell, Column, table
from stocktake.render.view import View, href

Blocks = list[Markup | Heading]
_FIRST, _MOST = 8, 200


def of_record(view: View, here: str, record: Record) -> Blocks:
    """The blocks of a system or a team of ours; none of anything else."""
    if record.origin:
        return []
    return {"system": _system, "team": _team}.get(record.kind, _nothing)(view, here, record)


def _nothing(view: View, here: str, record: Record) -> Blocks:
    return []


def _system(view: View, here: str, record: Record) -> Blocks:
    inside = [view.entry(address) for address, _ in view.audit.index.referrers(record.address, "asset")]
    subjects = [record.address, *(entry.address for entry in inside)]
    how = join(("No asset names this system yet: add ", code(f"system: {record.id}"), " to an asset."))
    return [
        _figures(view, here, inside, subjects),
        Heading("Needs attention first"),
        *_first(view, here, subjects, ""),
        Heading("Assets"),
        _assets(view, here, inside, f"Assets of {record.title}", how),
        *_rest(len(inside)),
        Heading("Across its border"),
        *_border(view, here, record, {entry.address for entry in inside}),
        Heading("Where it runs"),
        _environments(view, here, record, inside),
    ]


def _team(view: View, here: str, record: Record) -> Blocks:
    owned = view.owned.get(record.id, [])
    assets = [entry for entry in owned if entry.kind == "asset"]
    subjects = [entry.address for entry in owned]
    how = join(("This team owns no asset: ", code(f"owner: {record.id}"), " in a record says so."))
    return [
        _figures(view, here, assets, subjects),
        Heading("Needs attention first"),
        *_first(view, here, subjects, record.id),
        Heading("What it answers for"),
        _kinds(view, here, record.id, owned),
        Heading("Its assets"),
        _assets(view, here, assets, f"Assets of {record.title}", how),
        *_rest(len(assets)),
    ]


def _figures(view: View, here: str, assets: list[Entry], subjects: list[str]) -> Markup:
    found = _outcomes(view, subjects, FAIL)
    doubts = sum(len(one.asked) for one in _outcomes(view, subjects, UNKNOWN))
    serious = sum(one.severity in ("critical", "high") for one in found)
    seen = sum(entry.address in view.seen_assets for entry in assets)
    bare, all_ = needy(view, [entry for entry in assets if view.group(entry.address) == "stores"])
    planless = "as declared" if all_ else "no store that needs one"
    return cards(
        (
            Card(len(assets), f" of {len(view.estate.of('asset')):,}", "Assets", "of the whole estate"),
            Card(
                len(found),
                f" of {view.failures:,}",
                "Findings",
                f"{serious} critical or high; {counted(doubts, 'question')} without an answer",
                None,
                "bad" if serious else "plain",
            ),
            Card(
                len(bare),
                f" of {len(all_)}",
                "Stores without a backup plan",
                asked_by(view, planless),
                href(here, "backups.md"),
                ("bad" if is_judged(view) else "unknown") if bare else "plain",
            ),
            Card(
                seen,
                f" of {len(assets)}",
                "Seen lately by a machine",
                "of the rest nothing is confirmed" if seen < len(assets) else "",
                href(here, "reconciliation.md"),
                "unknown" if seen < len(assets) else "plain",
            ),
        )
    )


def _outcomes(view: View, subjects: Iterable[str], state: str) -> list[Outcome]:
    return [one for subject in subjects for one in view.outcomes.get(subject, ()) if one.state == state]


def _first(view: View, here: str, subjects: list[str], owner: str) -> Blocks:
    """The worst failures, and a way to all of them."""
    found = sorted(_outcomes(view, subjects, FAIL), key=first)
    empty = "Nothing fails. Where nobody looked, nothing is known: see the questions without an answer."
    rows = [briefly(view, here, group) for group in distinct(found, _FIRST)]
    blocks: Blocks = [table(BRIEF, rows, "Needs attention first", empty)]
    if len(found) > _FIRST:
        where = href(here, "findings.md")
        url = f"{where}?{urlencode({'owner': owner})}" if owner else where
        blocks.append(el("p", anchor(f"All {len(found):,} among the findings", url)))
    return blocks


def _assets(view: View, here: str, entries: list[Entry], caption: str, empty: Markup) -> Markup:
    headers = (
        Column("Asset", wide=True),
        Column("Type", facet=True),
        Column("Owner", facet=True),
        Column("Criticality", facet=True),
        Column("Classification", facet=True),
        Column("Seen"),
        Column("Findings", number=True),
    )
    order = sorted(entries, key=lambda entry: (-RANKS.get(entry.criticality, 0), entry.name.casefold(), entry.address))
    return table(headers, (_asset(view, here, entry) for entry in order[:_MOST]), caption, empty)


def _asset(view: View, here: str, entry: Entry) -> tuple[object, ...]:
    seen = badge("seen", "is-pass") if entry.address in view.seen_assets else badge("not seen", "is-unknown")
    return (
        Cell(view.link(here, entry.address), entry.name.casefold()),
        entry.type,
        Cell(view.link(here, f"team/{entry.owner}") if entry.owner else None, entry.owner, entry.owner or "nobody"),
        Cell(criticality(entry.criticality), -RANKS.get(entry.criticality, 0), entry.criticality or "not known"),
        Cell(classification(entry.classification), None, entry.classification or "not known"),
        seen,
        len(_outcomes(view, [entry.address], FAIL)),
    )


def _rest(number: int) -> Blocks:
    return [el("p", f"and {number - _MOST:,} more.", class_="st-muted")] if number > _MOST else []


def _border(view: View, here: str, record: Record, inside: set[str]) -> Blocks:
    """The dependencies of which one end lies outside."""
    touching = (edge for address in sorted(inside) for edge in view.audit.graph.touching.get(address, ()))
    crossing = [edge for edge in touching if (edge.source in inside) != (edge.target in inside)]
    crossing.sort(key=lambda edge: (-RANKS.get(edge.criticality, 0), edge))
    rows = [_edge(view, here, edge) for edge in crossing[:_MOST]]
    headers = (
        Column("From"),
        "How",
        Column("To"),
        Column("Other system", facet=True),
        Column("Criticality", facet=True),
        Column("Fallback"),
    )
    empty = "No recorded dependency leads out of this system, or into it."
    return [table(headers, rows, f"Dependencies across the border of {record.title}", empty), *_rest(len(crossing))]


def _edge(view: View, here: str, edge: Edge) -> tuple[object, ...]:
    mine = here.removesuffix(".md").rpartition("/")[2]
    systems = [view.entry(end).system for end in (edge.source, edge.target)]
    other = next((system for system in systems if system and system != mine), "")
    return (
        view.link(here, edge.source),
        view.link(here, edge.address, MEANINGS[edge.type].words if edge.type in MEANINGS else edge.type),
        view.link(here, edge.target),
        Cell(view.link(here, f"system/{other}") if other else muted("none"), other, other or "none"),
        Cell(criticality(edge.criticality), -RANKS.get(edge.criticality, 0), edge.criticality or "not known"),
        edge.fallback or muted("none said"),
    )


def _environments(view: View, here: str, record: Record, inside: list[Entry]) -> Markup:
    """Each environment that is promised or used, and how much of the system runs there."""
    counts: dict[str, int] = {}
    for entry in inside:
        for sheet in view.audit.sheets.get(entry.address, ()):
            if sheet.environment:
                counts[sheet.environment] = counts.get(sheet.environment, 0) + 1
    said = record.data.get("environments")
    promised = [str(name) for name in said] if isinstance(said, list) else []
    names = dict.fromkeys([*promised, *sorted(counts)])
    rows = [
        (
            places.link(view, here, name),
            badge("yes", "is-pass") if name in promised else badge("not said", "is-unknown"),
            Cell(f"{counts.get(name, 0)} of {len(inside)}", counts.get(name, 0)),
        )
        for name in names
    ]
    headers = ("Environment", "In the record", Column("Assets there", number=True))
    return table(headers, rows, f"Environments of {record.title}", "Neither the record nor its assets name one.")


def _kinds(view: View, here: str, team: str, owned: list[Entry]) -> Markup:
    rows = []
    for name in sorted({entry.kind for entry in owned}):
        mine = [entry.address for entry in owned if entry.kind == name]
        kind, url = view.estate.kinds.get(name), href(here, f"{name}/index.md")
        if kind and "owner" in kind.columns:
            url += f"?{urlencode({'owner': team})}"
        rows.append(
            (
                anchor(kind.plural if kind else name, url),
                Cell(f"{len(mine)} of {len(view.estate.of(name))}", len(mine)),
                len(_outcomes(view, mine, FAIL)),
                sum(len(one.asked) for one in _outcomes(view, mine, UNKNOWN)),
            )
        )
    titles = ("Records", "Findings", "Questions without an answer")
    headers = (Column("Kind"), *(Column(title, number=True) for title in titles))
    empty = "No record names this team as its owner."
    return table(headers, rows, "Records by kind", empty)

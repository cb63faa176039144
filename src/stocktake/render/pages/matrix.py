"""The dependency matrix: rows are producers of data, columns its consumers, cells say type and criticality."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stocktake.model.graph import Edge
from stocktake.render.document import Heading, Page, document
from stocktake.render.downloads import offer
from stocktake.render.escape.html import Markup, el, join
from stocktake.render.paged import paged
from stocktake.render.parts import SEVERITY_ORDER, badge, code, counted, criticality, lead, muted, share
from stocktake.render.table import Cell, Column
from stocktake.render.view import View, href, page_of

_HERE = "matrix.md"
_MOST_ASSETS, _MOST_SYSTEMS = 60, 120
_HEADERS = (
    Column("Producer"),
    Column("Consumer"),
    Column("Type", facet=True),
    Column("Criticality", facet=True),
    Column("Fallback"),
    Column("Dependency"),
)

Cells = Mapping[tuple[str, str], list[Edge]]


def pages(view: View) -> Iterator[Page]:
    """The matrix and, below it, the same as a list."""
    edges = view.audit.graph.edges
    flows: dict[tuple[str, str], list[Edge]] = {}
    for edge in edges:
        for pair in edge.producers():
            flows.setdefault(pair, []).append(edge)
    ends = {end for pair in flows for end in pair}
    rows = [_row(view, edge) for edge in edges]
    empty = join(("No dependency is recorded. Find some: ", code("stocktake discover"), "."))
    for path, part in paged(view, _HERE, _HEADERS, rows, "Dependencies", empty):
        first: list[Markup | Heading] = []
        if path == _HERE:
            tables = offer(view, _HERE, "matrix.")
            first = [_lead(view, flows, len(ends)), *_matrix(view, flows, ends), Heading("As a list")]
            first[1:1] = [tables] if tables else []
        yield document(path, "Dependency matrix", [*first, part], wide=True, searched=False)


def _lead(view: View, flows: Cells, ends: int) -> Markup:
    edges = view.audit.graph.edges
    rated = sum(bool(edge.criticality) for edge in edges)
    silent = sum(not edge.producers() for edge in edges)
    return lead(
        "Rows produce data, columns consume it: read a row to see who is fed, a column to see who feeds. ",
        muted(
            counted(len(edges), "dependency", "dependencies"),
            f" between {counted(ends, 'asset')}; criticality is known of {share(rated, len(edges))}",
            f"; {counted(silent, 'dependency', 'dependencies')} without data flow only in the list." if silent else ".",
        ),
    )


def _matrix(view: View, flows: Cells, ends: set[str]) -> list[Markup]:
    if not flows:
        return []
    if len(ends) <= _MOST_ASSETS:
        return [_grid(view, flows, {end: view.link(_HERE, end) for end in ends}, detailed=True)]
    merged: dict[tuple[str, str], list[Edge]] = {}
    for (producer, consumer), edges in flows.items():
        merged.setdefault((_system(view, producer), _system(view, consumer)), []).extend(edges)
    names = sorted({end for pair in merged for end in pair})[:_MOST_SYSTEMS]
    links = {name: view.link(_HERE, name) if name else muted("in no system") for name in names}
    kept = {pair: edges for pair, edges in merged.items() if pair[0] in links and pair[1] in links}
    told = f"{len(ends):,} assets do not fit on a screen, so this is by system; the list below has every pair."
    return [el("p", told, class_="st-muted"), _grid(view, kept, links, detailed=False)]


def _system(view: View, address: str) -> str:
    system = view.entry(address).system
    return f"system/{system}" if system else ""


def _grid(view: View, flows: Cells, links: Mapping[str, Markup], detailed: bool) -> Markup:
    producers = sorted({producer for producer, _ in flows}, key=lambda end: (view.name(end).casefold(), end))
    consumers = sorted({consumer for _, consumer in flows}, key=lambda end: (view.name(end).casefold(), end))
    corner = el("th", "producer ↓ consumer →", scope="col", class_="st-corner")
    head = el("tr", corner, *(el("th", el("span", links[end]), scope="col") for end in consumers))
    body = [
        el(
            "tr",
            el("th", links[row], scope="row"),
            *(_cell(flows.get((row, column), []), detailed) for column in consumers),
        )
        for row in producers
    ]
    title = "Dependency matrix"
    grid = el(
        "table", el("caption", title, class_="st-hidden"), el("thead", head), el("tbody", *body), class_="st-matrix"
    )
    return el("div", grid, class_="st-scroll", role="region", tabindex="0", aria_label=title)


def _cell(edges: list[Edge], detailed: bool) -> Markup:
    if not edges:
        return el("td")
    worst = min((edge.criticality for edge in edges), key=lambda name: SEVERITY_ORDER.get(name, 9)) or "unrated"
    if not detailed:
        return el("td", el("b", len(edges)), el("br"), worst, class_=f"st-heat st-heat-{worst}")
    links = [
        el(
            "a",
            edge.type,
            el("br"),
            el("small", edge.criticality or "not rated"),
            href=href(_HERE, page_of(edge.address)),
        )
        for edge in sorted(edges)
    ]
    return el("td", *links, class_=f"st-heat st-heat-{worst}")


def _row(view: View, edge: Edge) -> tuple[object, ...]:
    pairs = edge.producers() or ((edge.source, edge.target),)
    producer, consumer = pairs[0]
    both = (
        badge("both ways", "plain") if len(pairs) > 1 else badge("no data", "plain") if not edge.producers() else None
    )
    rank = SEVERITY_ORDER.get(edge.criticality, 9)
    return (
        view.link(_HERE, producer),
        join((view.link(_HERE, consumer), both), " "),
        edge.type,
        Cell(criticality(edge.criticality), rank, edge.criticality or "not rated"),
        edge.fallback,
        view.link(_HERE, edge.address),
    )

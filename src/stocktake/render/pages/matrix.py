"""The dependency matrix: rows are producers of data, columns its consumers, cells say type and criticality."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from urllib.parse import urlencode

from stocktake.model.graph import Edge
from stocktake.render.document import Heading, Page, document
from stocktake.render.downloads import offer
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.paged import FACETS_AT_MOST, paged
from stocktake.render.parts import SEVERITY_ORDER, badge, code, counted, criticality, lead, muted, share
from stocktake.render.table import Cell, Column
from stocktake.render.view import View, href, page_of

_HERE = "matrix.md"
_MOST_ASSETS, _MOST_SYSTEMS, _MOST_PAIRS = 60, 120, 2_000
_NOWHERE, _LIST = "in no system", "as-a-list"
_HEADERS = (
    Column("Producer"),
    Column("Consumer"),
    Column("Type", facet=True),
    Column("Criticality", facet=True),
    Column("Fallback"),
    Column("Dependency"),
)
# Where the matrix is by system, its cells lead to their rows of the list by these.
_BY_SYSTEM = (Column("Producer system", facet=True), Column("Consumer system", facet=True))

Pair = tuple[str, str]
Cells = Mapping[Pair, list[Edge]]
Drawn = Callable[[Pair, list[Edge]], Markup]


def pages(view: View) -> Iterator[Page]:
    """The matrix and, below it, the same as a list."""
    edges = view.audit.graph.edges
    flows: dict[tuple[str, str], list[Edge]] = {}
    for edge in edges:
        for pair in edge.producers():
            flows.setdefault(pair, []).append(edge)
    ends = {end for pair in flows for end in pair}
    by_system = len(ends) > _MOST_ASSETS
    headers = (*_HEADERS, *_BY_SYSTEM) if by_system else _HEADERS
    rows = [(*_row(view, edge), *(_homes(view, edge) if by_system else ())) for edge in edges]
    empty = join(("No dependency is recorded. Find some: ", code("stocktake discover"), "."))
    for path, part in paged(view, _HERE, headers, rows, "Dependencies", empty):
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
        return [_grid(view, flows, {end: view.link(_HERE, end) for end in ends}, _cell)]
    merged: dict[tuple[str, str], dict[Edge, None]] = {}
    for (producer, consumer), edges in flows.items():
        merged.setdefault((_system(view, producer), _system(view, consumer)), {}).update(dict.fromkeys(edges))
    among = {pair: [*edges] for pair, edges in merged.items()}
    names = _most_connected(among)
    links = {name: view.link(_HERE, name) if name else muted(_NOWHERE) for name in names}
    kept = {pair: edges for pair, edges in among.items() if pair[0] in links and pair[1] in links}
    told = f"{len(ends):,} assets do not fit on a screen, so this is by system; "
    every = {end for pair in among for end in pair}
    left = len(every) - len(names)
    cut = (
        f" The {len(names)} of {len(every):,} systems with most dependencies are shown, {left:,} are only in the list."
    )
    words = (told, anchor("the list below", f"#{_LIST}"), " has every pair.", cut if left else None)
    cell = partial(_sum, view, len(every) <= FACETS_AT_MOST)
    return [el("p", *words, class_="st-muted"), _grid(view, kept, links, cell)]


def _most_connected(flows: Cells) -> list[str]:
    """The systems that the matrix has room for."""
    touched: Counter[str] = Counter()
    for pair, edges in flows.items():
        for end in {*pair}:
            touched[end] += len(edges)
    names = sorted(touched, key=lambda name: (-touched[name], name))
    place = {name: number for number, name in enumerate(names)}
    last = sorted(max(place[end] for end in pair) for pair in flows)
    return names[: min([_MOST_SYSTEMS, *last[_MOST_PAIRS : _MOST_PAIRS + 1]])]


def _homes(view: View, edge: Edge) -> tuple[object, object]:
    """The systems of the producer and the consumer, as far as data flows."""
    if not edge.producers():
        return None, None
    homes = (_system(view, end) for end in edge.producers()[0])
    first, second = (Cell(view.link(_HERE, home) if home else muted(_NOWHERE), None, _facet(home)) for home in homes)
    return first, second


def _facet(home: str) -> str:
    return home.partition("/")[2] or _NOWHERE


def _system(view: View, address: str) -> str:
    system = view.entry(address).system
    return f"system/{system}" if system else ""


def _grid(view: View, flows: Cells, links: Mapping[str, Markup], cell: Drawn) -> Markup:
    producers = sorted({producer for producer, _ in flows}, key=lambda end: (view.name(end).casefold(), end))
    consumers = sorted({consumer for _, consumer in flows}, key=lambda end: (view.name(end).casefold(), end))
    corner = el("th", "producer ↓ consumer →", scope="col", class_="st-corner")
    head = el("tr", corner, *(el("th", el("span", links[end]), scope="col") for end in consumers))
    body = [
        el(
            "tr",
            el("th", links[row], scope="row"),
            *(cell((row, column), flows[row, column]) if (row, column) in flows else el("td") for column in consumers),
        )
        for row in producers
    ]
    title = "Dependency matrix"
    grid = el(
        "table", el("caption", title, class_="st-hidden"), el("thead", head), el("tbody", *body), class_="st-matrix"
    )
    return el("div", grid, class_="st-scroll", role="region", tabindex="0", aria_label=title)


def _worst(edges: list[Edge]) -> str:
    return min((edge.criticality for edge in edges), key=lambda name: SEVERITY_ORDER.get(name, 9)) or "unrated"


def _sum(view: View, has_filter: bool, pair: Pair, edges: list[Edge]) -> Markup:
    """How many dependencies lie between two systems; a link to them where the list has each under this direction."""
    worst = _worst(edges)
    words = (el("b", len(edges)), el("br"), worst)
    if not has_filter or any(tuple(_system(view, end) for end in edge.producers()[0]) != pair for edge in edges):
        return el("td", *words, class_=f"st-heat st-heat-{worst}")
    query = urlencode({"producer system": _facet(pair[0]), "consumer system": _facet(pair[1])})
    return el("td", el("a", *words, href=f"?{query}#{_LIST}"), class_=f"st-heat st-heat-{worst}")


def _cell(pair: Pair, edges: list[Edge]) -> Markup:
    worst = _worst(edges)
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

"""What breaks if something breaks: a map to focus on one asset, the same as tables, and where the graph is weak."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from stocktake.model.graph import Edge
from stocktake.model.reach import articulation, blast_radius, cycles
from stocktake.render.document import Heading, Page, document
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.map_data import data
from stocktake.render.paged import paged
from stocktake.render.parts import SEVERITY_ORDER, badge, code, counted, criticality, lead, muted
from stocktake.render.table import Cell, Column, table
from stocktake.render.view import View, href

HERE = "dependencies.md"
_DATA, _SCRIPTS = "data/graph.js", ("vendor/cytoscape.min.js", "vendor/elk.bundled.js", "map.js")
_MOST, _MOST_SINGLE, _MOST_BARE = 200, 10, 20
_HEADERS = (
    Column("Asset"),
    Column("Type", facet=True),
    Column("System", facet=True),
    Column("Criticality", facet=True),
    Column("Stop with it", number=True),
    Column("Need it directly", number=True),
    Column("It needs directly", number=True),
    Column("Weak point", facet=True),
)


class _Reach(NamedTuple):
    """What the graph says of all assets."""

    radius: dict[str, int]
    single: frozenset[str]
    circles: tuple[tuple[str, ...], ...]


def pages(view: View) -> Iterator[Page]:
    """The page, its further pages where assets are many, and the data that the map reads."""
    yield f"docs/{_DATA}", data(view)
    graph = view.audit.graph
    reach = _Reach(blast_radius(graph), frozenset(articulation(graph)), cycles(graph))
    rows = [_row(view, reach, address) for address in sorted(_assets(view), key=lambda a: (-reach.radius[a], a))]
    empty = join(("No asset is recorded. Write one: ", code("stocktake new asset ID"), "."))
    for path, part in paged(view, HERE, _HEADERS, rows, "Assets and what stops with them", empty, filtered=True):
        first: list[Markup | Heading] = []
        if path == HERE:
            weak = _weak(view, reach)
            first = [_lead(view, reach), *_map(view), *weak, Heading("All assets")]
        yield document(path, "What breaks", [*first, part], wide=True, searched=False)


def _assets(view: View) -> list[str]:
    return [address for address, node in view.audit.graph.nodes.items() if node.kind == "asset"]


def _lead(view: View, reach: _Reach) -> Markup:
    assets = _assets(view)
    edges = view.audit.graph.edges
    alone = sum(not view.audit.graph.touching.get(address) for address in assets)
    told = f"{counted(len(edges), 'dependency', 'dependencies')} between {counted(len(assets), 'asset')}"
    return lead(
        "If this stops, what stops with it? ",
        muted(
            f"{told}; of {alone} no dependency is known. What has a fallback, or hardly matters, is not counted: "
            "it goes on with less."
        ),
    )


def _map(view: View) -> list[Markup]:
    """Where the map comes; without scripts the tables say the same."""
    if not view.audit.graph.edges:
        return []
    scripts = [el("script", src=f"javascripts/{name}", defer=True) for name in _SCRIPTS]
    hint = (
        "Choose an asset to see what needs it and what it needs. ",
        "Where scripts do not run, the table of all assets and the pages of the assets say the same.",
    )
    return [
        el("div", el("p", *hint, class_="st-muted"), class_="st-map", id="map"),
        join((el("script", src=_DATA, defer=True), *scripts)),
    ]


def _weak(view: View, reach: _Reach) -> Iterator[Markup | Heading]:
    yield Heading("Single points of failure")
    single = sorted(reach.single, key=lambda address: (-reach.radius.get(address, 0), address))
    total = counted(len(_assets(view)), "asset")
    told = f"Without one of these, a part of the estate is cut off: {len(single)} of {total}."
    yield el("p", told, class_="st-muted")
    rows = [
        (view.link(HERE, one), criticality(view.entry(one).criticality), reach.radius.get(one, 0))
        for one in single[:_MOST_SINGLE]
    ]
    headers = ("Asset", "Criticality", Column("Stop with it", number=True))
    yield table(
        headers, rows, "Single points of failure", "Nothing is cut off when one asset stops, as far as is declared."
    )
    if len(single) > _MOST_SINGLE:
        rest = f"and {len(single) - _MOST_SINGLE:,} more, with which as much stops or less: "
        every = anchor("the list of all assets", "?weak%20point=single%20point#all-assets")
        yield el("p", rest, every, ".", class_="st-muted")
    yield Heading("Circles")
    circles = [(join([view.link(HERE, one) for one in circle[:20]], ", "), len(circle)) for circle in reach.circles]
    none = "No assets need each other in a circle, as far as is declared."
    yield table(("Need each other", Column("Assets", number=True)), circles[:_MOST], "Circles", none)
    yield Heading("Without a fallback")
    grave = [edge for edge in view.audit.graph.edges if edge.criticality in ("critical", "high")]
    bare = sorted((edge for edge in grave if not edge.has_fallback), key=lambda e: (SEVERITY_ORDER[e.criticality], e))
    yield el(
        "p",
        f"{len(bare)} of {counted(len(grave), 'dependency', 'dependencies')} rated high or critical.",
        class_="st-muted",
    )
    none = (
        "Every critical and high dependency says what happens without it." if grave else "No dependency is rated high."
    )
    edges = [_edge(view, one) for one in bare[:_MOST_BARE]]
    yield table(("Dependency", "From", "To", "Criticality"), edges, "Dependencies without a fallback", none)
    if len(bare) > _MOST_BARE:
        every = anchor("the list of dependencies", href(HERE, "dependency/index.md"))
        yield el("p", f"and {len(bare) - _MOST_BARE:,} more: ", every, ".", class_="st-muted")


def _edge(view: View, edge: Edge) -> tuple[object, ...]:
    return (
        view.link(HERE, edge.address),
        view.link(HERE, edge.source),
        view.link(HERE, edge.target),
        criticality(edge.criticality),
    )


def _row(view: View, reach: _Reach, address: str) -> tuple[object, ...]:
    graph, entry = view.audit.graph, view.entry(address)
    in_circle = any(address in circle for circle in reach.circles)
    weak = "single point" if address in reach.single else "in a circle" if in_circle else ""
    focus = anchor("on the map", f"#focus={address}", class_="st-small")
    system = view.link(HERE, f"system/{entry.system}") if entry.system else muted("none")
    return (
        Cell(join((view.link(HERE, address), el("br"), focus)), entry.name or address),
        entry.type,
        Cell(system, entry.system, entry.system or "none"),
        Cell(
            criticality(entry.criticality), SEVERITY_ORDER.get(entry.criticality, 9), entry.criticality or "not rated"
        ),
        reach.radius.get(address, 0),
        len({other for other, _ in graph.dependents.get(address, ())}),
        len({other for other, _ in graph.providers.get(address, ())}),
        Cell(badge(weak, "is-unknown") if weak else None, weak, weak or "none"),
    )

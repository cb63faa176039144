"""One picture of the estate by the `diagrams` package: assets with icons, grouped by system, the same at every run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any, NamedTuple

from stocktake.model.audit import Audit
from stocktake.model.graph import Edge, Entry
from stocktake.render.diagram.picture import MOST_ARROWS
from stocktake.render.dot import wrapped
from stocktake.render.escape.dot import label
from stocktake.render.icons import icon_of
from stocktake.render.parts import SEVERITY_ORDER
from stocktake.render.view import href, page_of

PAGE = "architecture.md"
MORE = "system/index.md"
MOST_NODES = 40
_LINE, _MOST_LINES = 20, 6
_INCHES = 0.1  # as wide as a letter of a label is at most, on average
_GRAPH = {
    "bgcolor": "transparent",
    "fontname": "Helvetica",
    "label": "",
    "nodesep": "0.45",
    "pad": "0.3",
    "ranksep": "1.2",
    "splines": "spline",
}
_TEXT = {"fontname": "Helvetica", "fontsize": "12", "fontcolor": "#1f2733"}
_EDGE = {**_TEXT, "fontsize": "10", "color": "#7b8794", "arrowsize": "0.7"}


class Poster(NamedTuple):
    """DOT text, and the icon files that it names by absolute path."""

    source: str
    icons: tuple[str, ...]


class _Shape(NamedTuple):
    """One thing in the picture, whatever it stands for."""

    identity: str
    lines: tuple[str, ...]
    icon: str
    group: str
    page: str


_Arrow = tuple[str, str, str]  # from, to, and the type of what stands for one dependency


class Scene(NamedTuple):
    """What the picture shows: assets, or systems where too many assets are, and how many of them did not fit."""

    shapes: tuple[_Shape, ...]
    arrows: tuple[_Arrow, ...]
    by_system: bool
    left_out: int
    arrows_left_out: int


def architecture(audit: Audit) -> Poster | None:
    """The estate's assets and dependencies, or its systems where too many assets are; None where there is nothing."""
    scene = shown(audit)
    titles = {record.id: record.title for record in audit.estate.of("system")}
    return _drawn(scene, titles) if scene.shapes else None


def shown(audit: Audit) -> Scene:
    """The most critical and most connected of all, and the most critical arrows between them."""
    assets = [node for node in audit.graph.nodes.values() if node.kind == "asset" and node.lifecycle != "retired"]
    by_system = len(assets) > MOST_NODES
    home = {node.address: _home(node) if by_system else node.address for node in assets}
    ranks: dict[str, int] = {}
    for node in assets:
        ranks[home[node.address]] = min(ranks.get(home[node.address], 9), SEVERITY_ORDER.get(node.criticality, 9))
    arrows = _arrows(audit.graph.edges, home, by_system)
    touched = Counter(end for source, target, _ in arrows for end in (source, target))
    shapes = [*(_systems(audit, assets) if by_system else (_asset(audit, node) for node in assets))]
    shapes.sort(key=lambda shape: (ranks[shape.identity], -touched[shape.identity], shape))
    kept = {shape.identity for shape in shapes[:MOST_NODES]}
    inside = sorted((rank, arrow) for arrow, rank in arrows.items() if arrow[0] in kept and arrow[1] in kept)
    return Scene(
        tuple(sorted(shapes[:MOST_NODES])),
        tuple(sorted(arrow for _, arrow in inside[:MOST_ARROWS])),
        by_system,
        len(shapes) - len(kept),
        len(inside[MOST_ARROWS:]),
    )


def _arrows(edges: Iterable[Edge], home: Mapping[str, str], by_system: bool) -> dict[_Arrow, int]:
    """Each arrow once, with the rank of the most critical dependency in it."""
    found: dict[_Arrow, int] = {}
    for edge in edges:
        source, target = home.get(edge.source, ""), home.get(edge.target, "")
        if source and target and source != target:
            arrow = source, target, "" if by_system else edge.type
            found[arrow] = min(found.get(arrow, 9), SEVERITY_ORDER.get(edge.criticality, 9))
    return found


def _home(node: Entry) -> str:
    return f"system/{node.system}" if node.system else "system/"


def _asset(audit: Audit, node: Entry) -> _Shape:
    sheets = audit.sheets.get(node.address)
    engine = str(sheets[0].get("engine", "")) if sheets else ""
    lines = (*wrapped(node.name or node.address, _LINE, _MOST_LINES), engine or node.type)
    return _Shape(node.address, lines, icon_of(node, engine), node.system, page_of(node.address))


def _systems(audit: Audit, assets: Iterable[Entry]) -> Iterable[_Shape]:
    counts: dict[str, int] = {}
    for node in assets:
        counts[node.system] = counts.get(node.system, 0) + 1
    for system, count in counts.items():
        known = audit.estate.by_address.get(f"system/{system}")
        name = known.name if known else system or "In no system"
        page = page_of(known.address) if known else "asset/index.md"
        yield _Shape(
            f"system/{system}",
            (*wrapped(name, _LINE, _MOST_LINES), f"{count} assets"),
            "azure.general.Resourcegroups",
            "",
            page,
        )


def _drawn(scene: Scene, titles: Mapping[str, str]) -> Poster:
    from diagrams import Cluster, Diagram, Edge, setdiagram

    shapes, arrows = scene.shapes, scene.arrows
    diagram = Diagram(filename="architecture", show=False, outformat="svg", graph_attr=_GRAPH, node_attr=_TEXT)
    setdiagram(diagram)
    try:
        nodes: dict[str, Any] = {}
        for group in sorted({shape.group for shape in shapes}):
            members = [shape for shape in shapes if shape.group == group]
            if not group:
                nodes |= {shape.identity: _node(shape) for shape in members}
                continue
            cluster = Cluster(
                label(titles.get(group, group)),
                graph_attr={"fontname": "Helvetica", "bgcolor": "#f6f8fa", "margin": "28"},
            )
            cluster.dot.name = f"cluster_{group}"  # the package names it by its label, and two systems may share one
            with cluster:
                nodes |= {shape.identity: _node(shape) for shape in members}
        if scene.left_out:
            more = {"label": f"+{scene.left_out} more", "shape": "plain", "fixedsize": "false", "URL": href(PAGE, MORE)}
            diagram.dot.node("more", **more, **_TEXT)
        for source, target, type_ in arrows:
            both = (target, source, type_) in arrows
            if not both or source < target:
                nodes[source].connect(nodes[target], Edge(forward=True, reverse=both, label=label(type_), **_EDGE))
        return Poster(str(diagram.dot.source), tuple(sorted({node._load_icon() for node in nodes.values()})))
    finally:
        setdiagram(None)


def _node(shape: _Shape) -> Any:
    module, _, name = shape.icon.rpartition(".")
    kind = getattr(import_module(f"diagrams.{module}"), name)
    link = re.sub(r"\.md$", ".html", shape.page)
    return kind(
        label(*shape.lines),
        nodeid=shape.identity,
        URL=link,
        imagepos="tc",
        width=f"{max(0.8, _INCHES * max(map(len, shape.lines))):.2f}",
        height=f"{0.85 + 0.2 * len(shape.lines):.2f}",
        **_TEXT,
    )

"""One picture of the estate by the `diagrams` package: assets with icons, grouped by system, the same at every run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any, NamedTuple

from stocktake.model.audit import Audit
from stocktake.model.graph import Entry
from stocktake.render.dot import wrapped
from stocktake.render.escape.dot import label
from stocktake.render.icons import icon_of
from stocktake.render.view import page_of

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


def architecture(audit: Audit) -> Poster | None:
    """The estate's assets and dependencies, or its systems where too many assets are; None where there is nothing."""
    assets = [node for node in audit.graph.nodes.values() if node.kind == "asset" and node.lifecycle != "retired"]
    if not assets:
        return None
    by_system = len(assets) > MOST_NODES
    home = {node.address: _home(node) if by_system else node.address for node in assets}
    shapes = sorted(_systems(audit, assets) if by_system else (_asset(audit, node) for node in assets))
    ends = [(home.get(edge.source), home.get(edge.target), edge.type) for edge in audit.graph.edges]
    kept = {shape.identity for shape in shapes[:MOST_NODES]}
    edges = sorted(
        {(a, b, "" if by_system else type_) for a, b, type_ in ends if a in kept and b in kept and a and b and a != b}
    )
    titles = {record.id: record.title for record in audit.estate.of("system")}
    return _drawn(shapes[:MOST_NODES], edges, titles)


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


def _drawn(shapes: list[_Shape], edges: list[tuple[str, str, str]], titles: Mapping[str, str]) -> Poster:
    from diagrams import Cluster, Diagram, Edge, setdiagram

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
        for source, target, type_ in edges:
            both = (target, source, type_) in edges
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

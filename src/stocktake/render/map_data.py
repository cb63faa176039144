"""The data that the dependency map reads: assets and dependencies as one script, without any request."""

from __future__ import annotations

from stocktake.model.audit import Audit
from stocktake.render.escape.dot import quoted
from stocktake.render.escape.javascript import literal
from stocktake.render.view import View, href, page_of

# From so many assets on the places come from the build: a browser would take seconds to work them out.
NODES = 300
LAYOUT = "map"
_INCH = 96.0


def data(view: View) -> bytes:
    """`stocktakeGraph` with `nodes` [address, name, type, group, criticality, page, x, y] and `edges`
    [source, target, words, criticality, who needs whom, hard, page], ends by their place among the nodes.
    """
    graph = view.audit.graph
    places = positions(view.pictures.get(LAYOUT, ""))
    nodes = [node for node in graph.nodes.values() if node.kind == "asset"]
    numbers = {node.address: number for number, node in enumerate(nodes)}
    here = "dependencies.md"
    listed = [
        [
            node.address,
            node.name or node.address,
            node.type,
            view.group(node.address),
            node.criticality,
            href(here, page_of(node.address)),
            *places.get(node.address, ()),
        ]
        for node in nodes
    ]
    edges = []
    for edge in graph.edges:
        if edge.source in numbers and edge.target in numbers:
            first = edge.breaks()
            needs = "" if first is None else "source" if first[1] == edge.source else "target"
            page = href(here, page_of(edge.address))
            ends = numbers[edge.source], numbers[edge.target]
            edges.append([*ends, edge.type, edge.criticality, needs, edge.is_hard, page])
    return f"window.stocktakeGraph={literal({'nodes': listed, 'edges': edges})}\n".encode()


def layout(audit: Audit) -> dict[str, str]:
    """DOT of the whole estate, for its places alone, where the assets are many."""
    graph = audit.graph
    nodes = [node.address for node in graph.nodes.values() if node.kind == "asset"]
    if len(nodes) < NODES:
        return {}
    lines = [f"  {quoted(address)}\n" for address in nodes]
    pairs = sorted({(edge.source, edge.target) for edge in graph.edges})
    lines += [f"  {quoted(source)} -> {quoted(target)}\n" for source, target in pairs]
    return {
        LAYOUT: f"digraph map {{\n  graph [overlap=true, start=7]\n  node [width=2, height=0.5]\n{''.join(lines)}}}\n"
    }


def positions(plain: str) -> dict[str, tuple[int, int]]:
    """Where each node stands, in pixels, by the answer of dot in its plain form."""
    found = {}
    for line in plain.splitlines():
        words = line.split(" ", 4)
        if words[0] == "node" and len(words) == 5:
            name = words[1].strip('"')
            found[name] = (round(float(words[2]) * _INCH), round(-float(words[3]) * _INCH))
    return found

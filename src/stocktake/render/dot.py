"""Our own DOT writer: nodes and edges with classes, links and stable ids; colours and fonts are the style sheet's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from stocktake.model.audience import RESTRICTED
from stocktake.model.audit import Audit
from stocktake.model.graph import MEANINGS, Edge, Entry
from stocktake.render.escape.dot import lines, quoted
from stocktake.render.view import href, page_of

MOST_NODES = 16  # a page of any record stays light and its picture on a screen
_RANK = {"critical": 0, "high": 1, "medium": 2, "low": 3}
_LONGEST = 26
HEAD = (
    "digraph picture {\n"
    '  graph [id="picture", rankdir=LR, bgcolor="transparent", nodesep=0.22, ranksep=0.85, pad=0.05]\n'
    '  node [shape=box, style=rounded, fontname="Helvetica", fontsize=11, margin="0.16,0.09", height=0.4]\n'
    '  edge [fontname="Helvetica", fontsize=9, arrowsize=0.6]\n'
)


def neighbourhood(audit: Audit, address: str) -> str:
    """The record with what it depends on and what depends on it, one step away; the most critical edges come first."""
    here = page_of(address)
    shown, left_out = nearest(audit, address)
    names = sorted({end for edge in shown for end in (edge.source, edge.target)} | {address})
    groups = {type_: name for name, types in sorted(audit.estate.groups.items()) for type_ in types}
    parts = [_node(audit.graph.nodes.get(name) or Entry(name), groups, here, name == address) for name in names]
    parts += [_edge(edge) for edge in sorted(shown)]
    if left_out:
        is_full = audit.audience == RESTRICTED  # below that there is no map
        url = quoted(href(here, "dependencies.md", f"focus={address}") if is_full else href(here, "matrix.md"))
        parts.append(f'  more [label={quoted(f"+{left_out} more")}, class="st-more", shape=plain, URL={url}]\n')
        parts.append(f'  {identity(address)} -> more [class="st-edge st-more", arrowhead=none]\n')
    return f"{HEAD}{''.join(parts)}}}\n"


def nearest(audit: Audit, address: str) -> tuple[list[Edge], int]:
    """The edges of a record that fit into a picture, and how many do not; the most critical are kept."""
    edges = sorted(audit.graph.touching.get(address, ()), key=lambda edge: (_RANK.get(edge.criticality, 4), edge))
    return edges[: MOST_NODES - 1], max(0, len(edges) - MOST_NODES + 1)


def _node(entry: Entry, groups: Mapping[str, str], here: str, is_centre: bool) -> str:
    """A record as a box that leads to its page."""
    classes = styled("node", groups.get(entry.type, "other"), entry.criticality, "st-centre" if is_centre else "")
    label = lines(*wrapped(entry.name or entry.address), entry.type)
    attributes = f"label={label}, class={classes}, id={identity(entry.address)}"
    link = "" if is_centre else f", URL={quoted(href(here, page_of(entry.address)))}"
    return f"  {identity(entry.address)} [{attributes}{link}]\n"


def _edge(edge: Edge) -> str:
    words = MEANINGS[edge.type].words if edge.type in MEANINGS else edge.type
    classes = styled("edge", "", edge.criticality)
    attributes = f"label={quoted(words)}, class={classes}, id={identity(edge.address)}"
    return f"  {identity(edge.source)} -> {identity(edge.target)} [{attributes}]\n"


def styled(what: str, tone: str, criticality: str, *marks: str) -> str:
    """The classes of a node or an edge; `marks` are more of them, whole, those that are empty left out."""
    found = [f"st-{what}", f"st-{tone}" if tone else "", f"st-crit-{criticality}" if criticality in _RANK else ""]
    return quoted(" ".join(filter(None, (*found, *marks))))


def identity(address: str) -> str:
    """The id of what stands for a record in a picture."""
    return quoted(f"n-{address.replace('/', '-')}")


def wrapped(name: str, longest: int = _LONGEST, most: int = 2) -> list[str]:
    """A name on at most `most` lines, cut where it is longer."""
    found: list[str] = [""]
    for word in _words(name[: 2 * most * longest], longest):
        joined = f"{found[-1]} {word}".strip()
        if len(joined) <= longest:
            found[-1] = joined
        elif len(found) < most:
            found.append(word)
        else:
            found[-1] = f"{joined[: longest - 1]}…"
            break
    return found


def _words(name: str, longest: int) -> Iterable[str]:
    for word in name.split():
        yield from (word[start : start + longest] for start in range(0, len(word), longest))

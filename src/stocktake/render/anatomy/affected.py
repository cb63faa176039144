"""What a risk, an incident or a change touches: what it names, what stops with that, and what goes on with less."""

from __future__ import annotations

from collections.abc import Iterable

from stocktake.model.graph import Edge
from stocktake.model.reach import blast
from stocktake.render.document import Heading
from stocktake.render.escape.html import Markup, anchor, el, join
from stocktake.render.parts import SEVERITY_ORDER, badge, classification, counted, criticality, muted
from stocktake.render.table import Cell, Column, table
from stocktake.render.view import View, href

_MOST = 60
_NAMED, _STOPS, _LESS = "named", "stops with it", "goes on with less"
_TONES = {_NAMED: "plain", _STOPS: "is-fail", _LESS: "is-unknown"}
_HEADERS = (
    Column("Asset"),
    Column("How it is hit", facet=True),
    Column("Steps", number=True),
    Column("Through", wide=True),
    "Criticality",
    "Classification",
    Column("Owner", facet=True),
)


def assets_of(view: View, addresses: Iterable[str]) -> list[str]:
    """The assets that addresses stand for: a system for those in it, a dependency for its end that stops, a flow for
    none of its own.
    """
    found: dict[str, None] = {}
    for address in addresses:
        kind = address.partition("/")[0]
        if kind == "system":
            found.update(dict.fromkeys(one for one, _ in view.audit.index.referrers(address, "asset")))
        elif kind == "dependency":
            pair = view.edges[address].breaks() if address in view.edges else None
            found.update(dict.fromkeys((pair[1],) if pair else ()))
        elif kind == "asset":
            found[address] = None
    return [address for address in found if address in view.audit.graph.nodes]


def affected(view: View, here: str, title: str, addresses: Iterable[str]) -> list[Markup | Heading]:
    """A heading, the count in words, and the table; where nothing is named, how to name it."""
    named = assets_of(view, addresses)
    if not named:
        told = "No asset is named under about, so what it reaches cannot be worked out."
        return [Heading(title), el("p", told, class_="st-empty")]
    hops = _hops(view, named)
    less = _less(view, hops)
    total = sum(node.kind == "asset" for node in view.audit.graph.nodes.values())
    stops = len(hops) - len(named)
    words = f"{counted(len(named), 'asset')} named, {stops} more stop with them, {len(less)} go on with less: "
    sentence = el("p", words, f"{len(hops) + len(less)} of {total:,}. ", _how(here), class_="st-muted")
    rows = [_row(view, here, one, _NAMED, 0, None) for one in named]
    rows += [_row(view, here, one, _STOPS, steps, _through(view, one, hops)) for one, steps in hops.items() if steps]
    rows += [_row(view, here, one, _LESS, hops[first] + 1, edge) for one, (first, edge) in less.items()]
    shown = table(_HEADERS, rows[:_MOST], title)
    more = el("p", f"and {len(rows) - _MOST:,} more.", class_="st-muted") if len(rows) > _MOST else None
    return [Heading(title), sentence, *(part for part in (shown, more) if part)]


def _how(here: str) -> Markup:
    return anchor("How this is worked out", href(here, "dependencies.md"))


def _hops(view: View, named: list[str]) -> dict[str, int]:
    """Everything that stops, by the fewest steps from anything named; nearest first."""
    found: dict[str, int] = dict.fromkeys(named, 0)
    for one in named:
        for other, steps in blast(view.audit.graph, one).items():
            found[other] = min(steps, found.get(other, steps))
    return dict(sorted(found.items(), key=lambda pair: (pair[1], pair[0])))


def _less(view: View, hops: dict[str, int]) -> dict[str, tuple[str, Edge]]:
    """Those that need one of these and have a fallback, or hardly need it."""
    found: dict[str, tuple[str, Edge]] = {}
    for first in hops:
        for other, edge in view.audit.graph.dependents.get(first, ()):
            if other not in hops and other not in found:
                found[other] = first, edge
    return dict(sorted(found.items()))


def _through(view: View, address: str, hops: dict[str, int]) -> Edge | None:
    before = [
        (hops[first], edge)
        for first, edge in view.audit.graph.providers.get(address, ())
        if edge.is_hard and first in hops
    ]
    return min(before)[1] if before else None


def _row(view: View, here: str, address: str, how: str, steps: int, edge: Edge | None) -> tuple[object, ...]:
    entry = view.entry(address)
    fallback = edge.fallback or "it hardly matters" if edge and how == _LESS else ""
    through = join((view.link(here, edge.address), muted(f" {fallback}") if fallback else None)) if edge else None
    return (
        Cell(view.link(here, address), entry.name),
        Cell(badge(how, _TONES[how]), None, how),
        steps,
        through,
        Cell(criticality(entry.criticality), SEVERITY_ORDER.get(entry.criticality, 9)),
        classification(entry.classification),
        Cell(view.link(here, f"team/{entry.owner}") if entry.owner else None, entry.owner, entry.owner or "nobody"),
    )


def linked(view: View, here: str, addresses: Iterable[object]) -> Markup | None:
    """Addresses as links, on one line."""
    found = [view.link(here, str(address)) for address in addresses]
    more = [muted(f"and {len(found) - _MOST:,} more")] if len(found) > _MOST else []
    return join([*found[:_MOST], *more], ", ") if found else None

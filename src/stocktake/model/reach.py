"""What follows from the graph alone: cycles, parts that hang on one node, and how far a failure reaches."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from stocktake.model.graph import Graph

_Successors = Mapping[str, Sequence[str]]


def cycles(graph: Graph, among: Collection[str] | None = None) -> tuple[tuple[str, ...], ...]:
    """Groups of records that each need all others of the group, sorted; only `among` these where given.

    A fallback does not open a circle: it says what one does for a while, not that it can be started alone.
    """
    successors = _stopping(graph, among)
    groups = (group for group in _components(successors) if len(group) > 1 or group[0] in successors[group[0]])
    return tuple(sorted(tuple(sorted(group)) for group in groups))


def blast(graph: Graph, address: str) -> dict[str, int]:
    """Everything that stops when `address` does, itself left out, by steps; nearest first, then by address.

    What goes on without it, because the dependency has a fallback or hardly matters, does not stop.
    """
    hops = {address: 0}
    ring = [address]
    while ring:
        reached = (pair for node in ring for pair in graph.dependents.get(node, ()))
        found = {dependent for dependent, edge in reached if edge.is_hard} - hops.keys()
        steps = hops[ring[0]] + 1
        ring = sorted(found)
        hops.update(dict.fromkeys(ring, steps))
    del hops[address]
    return hops


def blast_radius(graph: Graph) -> dict[str, int]:
    """How many records stop when each one does, itself left out; the same that `blast` finds."""
    number = {node: at for at, node in enumerate(graph.nodes)}
    dependents = graph.dependents
    onward = [[number[one] for one, edge in dependents.get(node, ()) if edge.is_hard] for node in number]
    found = _without_cycles(onward)
    if found is not None:
        return dict(zip(number, found, strict=True))
    nodes = [*number]
    successors = {node: [nodes[one] for one in following] for node, following in zip(nodes, onward, strict=True)}
    groups = list(_components(successors))
    group_of = {node: at for at, group in enumerate(groups) for node in group}
    between = [
        {group_of[following] for node in group for following in successors[node]} - {n}
        for n, group in enumerate(groups)
    ]
    return _counted(groups, between)


def _without_cycles(onward: Sequence[Sequence[int]]) -> list[int] | None:
    """The radius of each node, by number, where none stops with itself in the end, in far less time; None where one
    does. `onward` are those that stop with each.
    """
    before: list[list[int]] = [[] for _ in onward]
    for node, following in enumerate(onward):
        for one in following:
            before[one].append(node)
    left = [*map(len, onward)]
    uses = [*map(len, before)]
    ready = [node for node, count in enumerate(left) if not count]
    reach = [0] * len(onward)
    radius = reach[:]
    for at, node in enumerate(ready):  # grows meanwhile: each comes after all that stop with it
        bits = 1 << at
        for one in onward[node]:
            bits |= reach[one]
            uses[one] -= 1
            if not uses[one]:
                reach[one] = 0  # what nobody needs any more takes no room
        radius[node] = bits.bit_count() - 1
        if uses[node]:
            reach[node] = bits
        for one in before[node]:
            left[one] -= 1
            if not left[one]:
                ready.append(one)
    return radius if len(ready) == len(onward) else None


def articulation(graph: Graph) -> tuple[str, ...]:
    """Records without which a part of the estate is cut off from the rest, whatever way edges point; sorted."""
    neighbours = _neighbours(graph)
    order: dict[str, int] = {}
    cut: set[str] = set()
    for root in neighbours:
        if root not in order:
            cut |= _cut_nodes(neighbours, root, order)
    return tuple(sorted(cut))


def _stopping(graph: Graph, among: Collection[str] | None) -> dict[str, list[str]]:
    """Who needs it, by address."""
    keep = graph.nodes.keys() if among is None else graph.nodes.keys() & set(among)
    dependents = graph.dependents
    return {node: [one for one, _ in dependents.get(node, ()) if one in keep] for node in sorted(keep)}


def _components(successors: _Successors) -> Iterator[list[str]]:
    """Strongly connected components after Tarjan, each behind all that it leads to; iterative, for depth."""
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    waiting: set[str] = set()
    work: list[tuple[str, Iterator[str]]] = []

    def enter(node: str) -> None:
        number[node] = low[node] = len(number)
        stack.append(node)
        waiting.add(node)
        work.append((node, iter(successors[node])))

    for root in successors:
        if root not in number:
            enter(root)
        while work:
            node, rest = work[-1]
            for following in rest:
                if following not in number:
                    enter(following)
                    break
                if following in waiting:
                    low[node] = min(low[node], number[following])
            else:
                work.pop()
                if work:
                    before = work[-1][0]
                    low[before] = min(low[before], low[node])
                if low[node] == number[node]:
                    yield _popped(stack, node, waiting)


def _popped(stack: list[str], last: str, waiting: set[str]) -> list[str]:
    """The top of the stack down to `last`, taken off it."""
    group = [stack.pop()]
    while group[-1] != last:
        group.append(stack.pop())
    waiting.difference_update(group)
    return group


def _counted(groups: Sequence[Sequence[str]], onward: Sequence[Collection[int]]) -> dict[str, int]:
    """Reach as bits of an integer, one per record: far faster than a search from every node.

    A group comes after all that it leads to, so its integer is short; once used by all that leads to it, it is dropped.
    """
    pending = [0] * len(groups)
    for targets in onward:
        for target in targets:
            pending[target] += 1
    reach: list[int] = []
    radius: dict[str, int] = {}
    first = 0
    for group, targets in zip(groups, onward, strict=True):
        bits = ((1 << len(group)) - 1) << first
        first += len(group)
        for target in targets:
            bits |= reach[target]
            pending[target] -= 1
            if not pending[target]:
                reach[target] = 0
        reach.append(bits)
        radius.update(dict.fromkeys(group, bits.bit_count() - 1))
    return radius


def _neighbours(graph: Graph) -> dict[str, list[str]]:
    found: dict[str, dict[str, None]] = {node: {} for node in graph.nodes}
    for edge in graph.edges:
        if edge.source != edge.target:
            found[edge.source][edge.target] = None
            found[edge.target][edge.source] = None
    return {node: list(others) for node, others in found.items()}


def _cut_nodes(neighbours: _Successors, root: str, order: dict[str, int]) -> set[str]:
    """Articulation points of one connected part after Hopcroft and Tarjan."""
    cut: set[str] = set()
    order[root] = len(order)
    low = {root: order[root]}
    children_of_root = 0
    work = [(root, "", iter(neighbours[root]))]
    while work:
        node, parent, rest = work[-1]
        for following in rest:
            if following not in order:
                order[following] = low[following] = len(order)
                work.append((following, node, iter(neighbours[following])))
                break
            if following != parent:
                low[node] = min(low[node], order[following])
        else:
            work.pop()
            if parent:
                low[parent] = min(low[parent], low[node])
                children_of_root += parent == root
                if parent != root and low[node] >= order[parent]:
                    cut.add(parent)
    return cut | {root} if children_of_root > 1 else cut

"""Reach in graphs, against a search that is slow and plainly right."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from stocktake.model.graph import Edge, Entry, Graph
from stocktake.model.reach import articulation, blast, blast_radius, cycles

NAMES = [f"asset/n{number}" for number in range(9)]
PAIRS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=20)


def graph(pairs, nodes=NAMES, type="calls"):
    """A graph in which the first of each pair needs the second."""
    edges = [Edge(f"dependency/e{n}", source, target, type) for n, (source, target) in enumerate(pairs)]
    return Graph([Entry(node) for node in nodes], edges)


def reached(pairs, start):
    """All that needs `start`, directly or not; `start` itself only where it needs itself."""
    found, ring = set(), {start}
    while ring:
        ring = {source for source, target in pairs if target in ring} - found
        found |= ring
    return found


def parts(pairs, nodes):
    """The number of connected parts, whatever the direction."""
    left, count = set(nodes), 0
    while left:
        ring = {left.pop()}
        count += 1
        while ring:
            ring = {b for pair in pairs for a, b in (pair, pair[::-1]) if a in ring and b in left}
            left -= ring
    return count


@given(PAIRS)
def test_blast_finds_all_that_stops(pairs):
    stopped = {node: set(blast(graph(pairs), node)) for node in NAMES}

    assert stopped == {node: reached(pairs, node) - {node} for node in NAMES}


@given(PAIRS)
def test_the_blast_radius_is_the_size_of_every_blast_also_on_cycles(pairs):
    built = graph(pairs)

    assert blast_radius(built) == {node: len(blast(built, node)) for node in NAMES}


@given(PAIRS)
def test_cycles_are_the_groups_that_reach_one_another(pairs):
    reach = {node: reached(pairs, node) for node in NAMES}
    groups = {tuple(sorted(b for b in NAMES if b in reach[a] and a in reach[b])) for a in NAMES if a in reach[a]}

    assert cycles(graph(pairs)) == tuple(sorted(groups))


@given(PAIRS)
def test_articulation_points_are_those_whose_loss_leaves_more_parts(pairs):
    def falls_apart(node):
        others = [other for other in NAMES if other != node]
        left = [pair for pair in pairs if node not in pair]
        alone = all(node not in pair or pair == (node, node) for pair in pairs)
        return parts(left, others) > parts(pairs, NAMES) - alone

    assert articulation(graph(pairs)) == tuple(node for node in NAMES if falls_apart(node))


def test_hops_count_the_shortest_way():
    chain = graph(
        [("asset/n1", "asset/n0"), ("asset/n2", "asset/n1"), ("asset/n3", "asset/n2"), ("asset/n3", "asset/n0")]
    )

    assert blast(chain, "asset/n0") == {"asset/n1": 1, "asset/n3": 1, "asset/n2": 2}


def test_a_cycle_counts_only_among_those_that_were_asked_for():
    ring = graph([("asset/n0", "asset/n1"), ("asset/n1", "asset/n2"), ("asset/n2", "asset/n0")])

    assert cycles(ring, among=("asset/n0", "asset/n1")) == ()


def test_a_replica_stops_with_its_source_and_not_the_other_way_round():
    replica = graph([("asset/n0", "asset/n1")], type="replicates-to")

    assert (set(blast(replica, "asset/n0")), set(blast(replica, "asset/n1"))) == ({"asset/n1"}, set())


def test_monitoring_stops_nothing():
    assert blast(graph([("asset/n0", "asset/n1")], type="monitors"), "asset/n1") == {}


def test_a_chain_of_ten_thousand_neither_recurses_nor_dawdles():
    nodes = [f"asset/n{number:05}" for number in range(10_000)]
    chain = graph(list(zip(nodes[1:], nodes, strict=False)), nodes)
    started = time.process_time()

    radius = blast_radius(chain)

    assert radius[nodes[0]] == 9_999
    assert len(articulation(chain)) == 9_998
    assert time.process_time() - started < 2


def test_who_has_a_fallback_or_hardly_needs_it_does_not_stop():
    nodes = [Entry(node) for node in NAMES]
    edges = [
        Edge("dependency/a", "asset/n1", "asset/n0", "calls", fallback="Queues"),
        Edge("dependency/b", "asset/n2", "asset/n0", "calls", criticality="low"),
        Edge("dependency/c", "asset/n3", "asset/n0", "calls", criticality="high", fallback="None"),
        Edge("dependency/d", "asset/n4", "asset/n1", "calls"),
    ]
    built = Graph(nodes, edges)

    assert blast(built, "asset/n0") == {"asset/n3": 1}
    assert blast_radius(built)["asset/n0"] == 1


def test_a_fallback_opens_no_circle():
    edges = [
        Edge("dependency/a", "asset/n0", "asset/n1", "calls", fallback="Queues"),
        Edge("dependency/b", "asset/n1", "asset/n0", "calls"),
    ]

    assert cycles(Graph([Entry(node) for node in NAMES], edges)) == (("asset/n0", "asset/n1"),)

"""How far each failure reaches, of all nodes of a graph, beside a graph library; both build their graph beforehand."""

import json
import subprocess
import sys
from pathlib import Path
from random import Random

from .measure import Run, Timing

OURS, LIBRARY = "`blast_radius`", "rustworkx, `descendants` of each node"
_OURS = """
import json, resource, sys, time
from stocktake.model.graph import Edge, Entry, Graph
from stocktake.model.reach import blast_radius
count, pairs = json.load(open(sys.argv[1]))
edges = [Edge(f"dependency/{n}", f"asset/{a}", f"asset/{b}", "reads") for n, (a, b) in enumerate(pairs)]
graph = Graph([Entry(f"asset/{number}") for number in range(count)], edges)
wall, cpu = time.perf_counter(), time.process_time()
found = blast_radius(graph)
print(time.perf_counter() - wall, time.process_time() - cpu, sum(found.values()))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
_LIBRARY = """
import json, resource, sys, time
import rustworkx
count, pairs = json.load(open(sys.argv[1]))
graph = rustworkx.PyDiGraph()
graph.add_nodes_from([None] * count)
graph.add_edges_from_no_data([(b, a) for a, b in pairs])
wall, cpu = time.perf_counter(), time.process_time()
found = [len(rustworkx.descendants(graph, node)) for node in range(count)]
print(time.perf_counter() - wall, time.process_time() - cpu, sum(found))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def measured(folder: Path, nodes: int, rounds: int, peers: Path | None) -> dict[str, Timing]:
    """Both on one graph with hubs and without cycles; they must count the same."""
    draw = Random(nodes)
    pairs = [(number, max(0, number - 1 - int(draw.expovariate(0.02)))) for number in range(1, nodes) for _ in (0, 1)]
    path = folder / "graph.json"
    path.write_text(json.dumps([nodes, pairs]))
    programs = {OURS: (sys.executable, _OURS)}
    if peers:
        programs[LIBRARY] = (str(peers / "bin/python"), _LIBRARY)
    runs: dict[str, list[Run]] = {name: [] for name in programs}
    counts = set()
    for _ in range(rounds):
        for name, (python, code) in programs.items():
            done = subprocess.run([python, "-c", code, str(path)], capture_output=True, text=True, check=True)
            wall, cpu, count, memory = done.stdout.split()
            runs[name].append(Run(float(wall), float(cpu), int(memory) * 1024))
            counts.add(count)
    if len(counts) > 1:
        raise SystemExit(f"they do not count the same: {sorted(counts)}")
    return {name: Timing(tuple(found)) for name, found in runs.items()}

"""Read what the evidence of drills is about, and what it shows: the first and the last line of each file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from stocktake.errors import InputError
from stocktake.load.files import Tree

FOLDER = "observed/drills"
_ABOUT = ("asset", "environment", "plan", "backup_set")
_SHOWN = ("result", "failure_cause", "finished", "measured_rto", "measured_rpo")

Evidence = Mapping[str, Mapping[str, Any]]


def read_evidence(tree: Tree) -> Evidence:
    """By path, the facts that a drill record must agree with; none where a file is not what a drill writes."""
    return {path: {} if flaw else _facts(tree, path) for path, flaw in tree.walk(FOLDER) if path.endswith(".jsonl")}


def _facts(tree: Tree, path: str) -> dict[str, Any]:
    try:
        content = tree.read(path)
        lines = content.splitlines()
        first, last = json.loads(lines[0]), json.loads(lines[-1])
        facts = {name: first[name] for name in _ABOUT if name in first}
        facts |= {name: last[name] for name in _SHOWN if name in last}
    except (InputError, ValueError, IndexError, TypeError, RecursionError):
        return {}
    from hashlib import sha256  # most registries hold no drill, and importing it takes a millisecond

    return {**facts, "evidence_digest": f"sha256:{sha256(content).hexdigest()}"}

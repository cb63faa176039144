"""What fields of records are called elsewhere, or were called: told by a check, and moved by `stocktake migrate`."""

from __future__ import annotations

from collections.abc import Collection, Mapping

# The version of records, as `schema` in stocktake.yaml has it.
VERSION = 1
# At the top of a record: templates of decisions, registers of risks, catalogues of services, our own drafts.
CALLED: Mapping[str, str] = {
    "date-decided": "date",
    "decision-makers": "deciders",
    "destination": "to",
    "kind": "type",
    "source": "from",
    "summary": "description",
    "target": "to",
    "team": "owner",
    "title": "name",
}


def now_called(key: str, allowed: Collection[str]) -> str:
    """What a field that is not allowed is called here; empty where nobody knows."""
    name = CALLED.get(key.lower().replace("_", "-"), "")
    return name if name in allowed and key not in allowed else ""

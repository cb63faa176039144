"""The evidence of a drill: one JSON line for what it is about, one for each thing that happened, one for the result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

FOLDER = "observed/drills"


def text(about: Mapping[str, Any], events: Iterable[Mapping[str, Any]], result: Mapping[str, Any]) -> bytes:
    """The lines of a file of evidence."""
    lines = [{"event": "drill", "schema": 1, **about}, *events, {"event": "result", **result}]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def digest(content: bytes) -> str:
    """The digest that stands in the record."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"

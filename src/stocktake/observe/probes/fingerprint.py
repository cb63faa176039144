"""One digest that changes with the shape of a schema and not with the version of the server."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

FINGERPRINT = "schema.fingerprint"

# The text of a view is written differently by each version (16 leaves out names of tables), and comments are no shape.
_LEFT_OUT = frozenset({"column_comments", "comment", "definition", "owner"})


def fingerprint(name: str, shape: Mapping[str, Any]) -> str:
    """The digest of one thing by its name and its shape."""
    said = [name, *(f"{fact}={value!r}" for fact, value in sorted(shape.items()) if fact not in _LEFT_OUT)]
    return f"sha256:{sha256(chr(10).join(said).encode('utf-8', 'surrogatepass')).hexdigest()}"

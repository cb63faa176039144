"""One digest that changes with the shape of a schema and not with the version of the server."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

FINGERPRINT = "schema.fingerprint"

# The text of a view is written differently by each version (16 leaves out names of tables), and comments are no shape.
_LEFT_OUT = frozenset({"column_comments", "comment", "definition", "owner"})


class Shape:
    """The shape of one thing while it is read: its facts are added in the order of their names."""

    __slots__ = ("_digest",)

    def __init__(self, name: str):
        self._digest = sha256(_bytes(name))

    def add(self, fact: str, value: Any) -> None:
        """Take in one fact."""
        if fact not in _LEFT_OUT:
            self._digest.update(_bytes(f"\n{fact}={value!r}"))

    def fingerprint(self) -> str:
        """The digest of the thing by its name and its shape."""
        return f"sha256:{self._digest.hexdigest()}"


def fingerprint(name: str, shape: Mapping[str, Any]) -> str:
    """The digest of one thing by its name and its shape."""
    whole = Shape(name)
    for fact, value in sorted(shape.items()):
        whole.add(fact, value)
    return whole.fingerprint()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")

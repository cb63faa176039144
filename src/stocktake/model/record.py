"""One declared record: the content of one file of the registry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TITLE = 120


class Record:
    """`data` is the YAML mapping (or front matter); `body` the Markdown below it, empty for plain YAML. `origin` is
    the name of the included registry that it stands in, empty for our own.
    """

    __slots__ = ("body", "data", "id", "kind", "origin", "path")

    def __init__(
        self,
        kind: str,
        id: str,  # noqa: A002
        path: str,
        data: Mapping[str, Any],
        body: str = "",
        origin: str = "",
    ):
        self.kind = kind
        self.id = id
        self.path = path
        self.data = data
        self.body = body
        self.origin = origin

    @property
    def address(self) -> str:
        """The one name by which everything else refers to it, as in `asset/orders-db`."""
        return f"{self.kind}/{self.id}"

    @property
    def name(self) -> str:
        """What people call it: its `name`, else its id."""
        return str(self.data.get("name") or self.id)

    @property
    def title(self) -> str:
        """Its name where others speak of it, cut where that is very long: only its own page tells it whole."""
        name = self.name
        return name if len(name) <= _TITLE else f"{name[: _TITLE - 1].rstrip()}…"

    def __repr__(self) -> str:
        return f"Record({self.address!r})"

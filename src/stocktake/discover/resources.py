"""What a description of infrastructure declares, whatever language it is written in: properties as plain data."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from stocktake.model.observation import Evidence

_REFERENCE = re.compile(r"\$\{([\w./:*-]{1,300})\}")


class Told(str):
    """A text with the place where it stands; what is not known yet is in it as `${ADDRESS.ATTRIBUTE}`."""

    __slots__ = ("evidence",)
    evidence: Evidence

    def __new__(cls, text: str, evidence: Evidence) -> Told:
        """The text; the place goes with it."""
        made = super().__new__(cls, text)
        made.evidence = evidence
        return made


class Resource(NamedTuple):
    """One thing, or what ties things together; `stack` tells alike addresses of different stacks apart.

    `names` are what else it is called, the best first; `is_known` is false for what stands elsewhere already; `base` is
    the address without the key of an instance.
    """

    stack: str
    address: str
    type: str
    properties: dict[str, Any]
    evidence: Evidence
    names: tuple[str, ...] = ()
    is_known: bool = True
    base: str = ""

    def text(self, key: str) -> str:
        """A property that is a text; empty for everything else."""
        value = self.get(key)
        return value if isinstance(value, str) else ""

    def get(self, key: str) -> Any:
        """A property, or one inside it as `outer.inner`; blocks that stand once are as good as mappings."""
        value: Any = self.properties
        for word in key.split("."):
            if isinstance(value, list) and value:
                value = value[0]
            value = value.get(word) if isinstance(value, dict) else None
        return value


def texts(value: Any, skipped: frozenset[str] = frozenset()) -> Iterator[str]:
    """All texts in a value, but for what stands under some keys."""
    stack = [value]
    while stack:
        value = stack.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            stack.extend(reversed(value))
        elif isinstance(value, dict):
            stack.extend(part for key, part in reversed(value.items()) if key not in skipped)


def references(value: Any, skipped: frozenset[str] = frozenset()) -> Iterator[tuple[str, Evidence | None]]:
    """Addresses with attributes that a value mentions, each with its place."""
    for text in texts(value, skipped):
        if "${" in text:
            for name in _REFERENCE.findall(text):
                yield name, getattr(text, "evidence", None)


def plain(value: Any) -> Any:
    """A value that may be JSON in a text, as data."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        try:
            return _told(json.loads(value), getattr(value, "evidence", None))
        except (ValueError, RecursionError):
            return value
    return value


def _told(value: Any, evidence: Evidence | None) -> Any:
    if isinstance(value, str):
        return Told(value, evidence) if evidence else value
    if isinstance(value, list):
        return [_told(part, evidence) for part in value]
    if isinstance(value, dict):
        return {str(key): _told(part, evidence) for key, part in value.items()}
    return str(value)

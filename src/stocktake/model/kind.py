"""A record kind, as its schema describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Shape:
    """Which keys of a value are fixed (`fields`), and whether users choose its keys (`keyed`, then `item` is each
    one's shape).

    A scalar or a list has neither: it is one fact. `step` is the shape of each entry of a list, and `parts` are the
    schemas that say all this: its own first, then what it includes.
    """

    __slots__ = ("fields", "item", "keyed", "parts", "step")

    def __init__(self, fields: dict[str, Shape] | None = None, item: Shape | None = None):
        self.fields = fields
        self.item = item
        self.keyed = item is not None
        self.parts: list[Mapping[str, Any]] = []
        self.step: Shape | None = None


class Reference(NamedTuple):
    """A field that names other records.

    `pattern` is a fact name with `[]` for user-chosen keys; `within` is the key inside each step where the fact is a
    list of steps. With one kind the field holds an id, with several `kind/id`. `types` are the asset types it may
    name, empty for all.
    """

    pattern: str
    kinds: tuple[str, ...]
    types: frozenset[str] = frozenset()
    group: str = ""
    within: str = ""


class Kind(NamedTuple):
    """What loading, the index page and `new` need to know of a kind, all of it from its schema.

    `environments` are the patterns under which an environment is named, each with whether it is a key there. The ids
    of `numbered` records begin with four digits. `sections` are the headings of a new one's text, each with what
    belongs below it. `audience` says by pattern whom a field is for, under "" whom the records are for; `people` are
    the patterns of fields that name somebody, or whose keys do where they end in `[]`.
    """

    name: str
    folder: str
    format: str
    plural: str
    columns: tuple[str, ...]
    shape: Shape
    references: tuple[Reference, ...]
    required: tuple[str, ...]
    description: str = ""
    environments: tuple[tuple[str, bool], ...] = ()
    numbered: bool = False
    sections: tuple[tuple[str, str], ...] = ()
    audience: Mapping[str, str] = {}
    people: tuple[str, ...] = ()

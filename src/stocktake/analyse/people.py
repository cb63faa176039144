"""Records without the names of people: as initials, or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from stocktake.model.estate import Change, Estate
from stocktake.model.kind import Shape
from stocktake.model.outcome import Outcome
from stocktake.model.record import Record
from stocktake.model.settings import INITIALS
from stocktake.values.unsaid import Unsaid, untaken

SOMEBODY = "(not shown)"
_PART = re.compile(r"[^\W\d_]+")
_TELLING = re.compile(r"[\s@.:/#\d]|[^\W\d_]-|^[A-Z][a-z]")  # nobody writes it who does not mean the person


class People:
    """What is written in the place of everybody whom records and Git name. `how` is `initials` or `hide`."""

    def __init__(self, estate: Estate, history: Mapping[str, Change], how: str):
        self._how = how
        named = {name for record in estate.every for name in _named(record, estate)}
        self._all = {name: self.instead(name) for name in named | {change.author for change in history.values()}}
        self._telling = Unsaid({name: told for name, told in self._all.items() if _TELLING.search(name)})
        self._every = Unsaid(self._all)

    def instead(self, name: str) -> str:
        """What stands for a name; a handle or an address says who it is, so nothing of it is left."""
        is_name = self._how == INITIALS and not re.search(r"[@#:/\d]", name)
        return " ".join(f"{part[0].upper()}." for part in _PART.findall(name)) if is_name else SOMEBODY

    def record(self, record: Record, estate: Estate) -> Record:
        """A record in which nobody is named."""
        kind = estate.kinds[record.kind]
        way = _Way(kind.people, self.instead, self._telling.clean)
        data = _inside(dict(record.data), kind.shape, "", way)
        return Record(record.kind, record.id, record.path, data, self._telling.clean(record.body), record.origin)

    def change(self, change: Change) -> Change:
        """A commit without its author's name."""
        return change._replace(author=self.instead(change.author), subject=self._telling.clean(change.subject))

    def outcome(self, outcome: Outcome) -> Outcome:
        """An answer without names: a message only names people on purpose, so that short names count too."""
        rule, at, detail = outcome.identity.partition("#")
        identity = f"{rule}{at}{self._every.clean(detail)}"
        return outcome._replace(identity=identity, message=self._every.clean(outcome.message))


def _named(record: Record, estate: Estate) -> Iterator[str]:
    found: list[str] = []

    def remember(name: str) -> str:
        found.append(name)
        return name

    kind = estate.kinds[record.kind]
    if kind.people:
        _inside(dict(record.data), kind.shape, "", _Way(kind.people, remember, str))
    yield from filter(None, found)


class _Way(NamedTuple):
    """How each name of a person, by the fields in which people are named, and each other text is said."""

    people: Collection[str]
    person: Callable[[str], str]
    text: Callable[[str], str]


def _inside(value: Any, shape: Shape | None, pattern: str, way: _Way) -> Any:
    """The value with each name of a person and each other text as `way` says it."""
    if isinstance(value, Mapping):
        return _keyed(value, shape, pattern, way)
    if isinstance(value, list):
        return [_inside(inner, shape.step if shape else None, f"{pattern}[]", way) for inner in value]
    if not isinstance(value, str):
        return value
    if pattern.removeprefix("instances[].") in way.people:
        return way.person(value)
    return value if shape and any("enum" in part or "x-ref" in part for part in shape.parts) else way.text(value)


def _keyed(value: Mapping[str, Any], shape: Shape | None, pattern: str, way: _Way) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    is_chosen = shape is not None and shape.item is not None
    for key, inner in value.items():
        part = shape.item if shape and is_chosen else (shape.fields or {}).get(key) if shape else None
        below = f"{pattern}[]" if is_chosen else f"{pattern}.{key}" if pattern else key
        name = key
        if is_chosen:
            name = way.person(key) if below.removeprefix("instances[].") in way.people else way.text(key)
        found[untaken(name, found)] = _inside(inner, part, below, way)
    return found

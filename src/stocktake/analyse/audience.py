"""What of an estate an audience may see: whole records, then their fields, then words that give away the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from stocktake.model.audience import CLASSES, INTERNAL, PUBLIC, of_class, of_field, of_records, sees
from stocktake.model.estate import Estate
from stocktake.model.kind import Kind, Reference, Shape
from stocktake.model.record import Record
from stocktake.values.unsaid import Unsaid, phrases, untaken

LEFT_OUT = "(left out)"
_GONE = object()


class Narrowed(NamedTuple):
    """An estate as it may be shown to an audience, and the words that no text for it may hold."""

    estate: Estate
    unsaid: Unsaid


def narrowed(estate: Estate, audience: str) -> Narrowed:
    """The records and fields that are for `audience`, and nothing that a machine saw.

    A record that cannot be told without one that is left out is left out too.
    """
    cut = _Cut(estate, audience)
    shown = cut.records()
    unsaid = cut.unsaid(shown)
    records = [cut.cleaned(record, data, unsaid) for record, data in shown]
    settings = estate.settings._replace(sources=(), includes=(), modules=(), distinct=(), select=(), disable=())
    if audience == PUBLIC:
        settings = settings._replace(environments=(), described={}, repository="", tiers={}, regions=frozenset())
    own = (record for record in records if not record.origin)
    others = (record for record in records if record.origin)
    return Narrowed(Estate(own, estate.kinds, estate.groups, settings, looked={}, included=others), unsaid)


class _Cut:
    """Decides what is shown, and remembers what is not."""

    def __init__(self, estate: Estate, audience: str):
        self.estate = estate
        self.audience = audience
        self.classes = {**CLASSES, "confidential": estate.settings.confidential}
        self.hidden: set[str] = set()
        self.levels: dict[tuple[str, str], str] = {}
        self.references = {
            name: {reference.pattern: reference for reference in kind.references} for name, kind in estate.kinds.items()
        }
        self.kept: Collection[str] = ()

    def records(self) -> list[tuple[Record, Mapping[str, Any]]]:
        """What is shown of which record; found by leaving out until nothing is told of what is gone."""
        left = [record for record in self.estate.every if self._is_for(record)]
        self.kept = {record.address for record in left}
        while True:
            shown = [(record, self._of(record)) for record in left]
            whole = [(record, data) for record, data in shown if self._is_whole(record, data)]
            self.kept = {record.address for record, _ in whole}
            if len(whole) == len(left):
                return [(record, data) for record, data in whole if data is not None]
            left = [record for record, _ in whole]

    def unsaid(self, shown: Iterable[tuple[Record, Mapping[str, Any]]]) -> Unsaid:
        """The words that would give away what is left out: names and places of records, hosts, identifiers."""
        told = {record.address for record, _ in shown}
        for record in self.estate.every:
            if record.address not in told:
                self._remember(record)
        gone = {word for record in self.estate.every if record.address not in told for word in _names(record)}
        known = {word for record in self.estate.every if record.address in told for word in _names(record)}
        return Unsaid(dict.fromkeys(phrases((self.hidden | gone) - known), LEFT_OUT))

    def _remember(self, record: Record) -> None:
        """The hosts and identifiers of a record that is left out, which others may speak of."""
        kind = self.estate.kinds[record.kind]
        with suppress(_BrokenError):
            self._inside(
                kind, kind.shape, "", {key: record.data[key] for key in record.data if key != "classification"}
            )

    def cleaned(self, record: Record, data: Mapping[str, Any], unsaid: Unsaid) -> Record:
        """The record with what is shown of it, without words that give away the rest."""
        kind = self.estate.kinds[record.kind]
        plain = dict(_plain(data, kind.shape, unsaid, self.references[kind.name], ""))
        body = unsaid.clean(record.body) if self._sees(kind, "body") else ""
        return Record(record.kind, record.id, record.path, plain, body, record.origin)

    def _is_for(self, record: Record) -> bool:
        kind = self.estate.kinds[record.kind]
        if not sees(self.audience, of_records(kind.audience)):
            return False
        said = record.data.get("classification")
        is_classed = "classification" in (kind.shape.fields or {})
        if not is_classed:
            return True
        return sees(self.audience, self.estate.settings.unclassified) if said is None else self._sees_class(said)

    def _sees_class(self, classification: Any) -> bool:
        return sees(self.audience, of_class(classification, self.classes))

    def _is_whole(self, record: Record, data: Mapping[str, Any] | None) -> bool:
        kind = self.estate.kinds[record.kind]
        return data is not None and all(
            name in data or not record.data.get(name) for name in kind.required if self._sees(kind, name)
        )

    def _sees(self, kind: Kind, pattern: str) -> bool:
        key = (kind.name, pattern)
        if key not in self.levels:
            self.levels[key] = of_field(kind.audience, pattern)
        return sees(self.audience, self.levels[key])

    def _of(self, record: Record) -> Mapping[str, Any] | None:
        kind = self.estate.kinds[record.kind]
        try:
            found = self._inside(kind, kind.shape, "", record.data)
        except _BrokenError:
            return None
        return found if isinstance(found, Mapping) else {}

    def _value(self, kind: Kind, shape: Shape | None, pattern: str, value: Any) -> Any:
        """A value as it is shown, or `_GONE`."""
        if isinstance(value, Mapping) and shape and (shape.fields or shape.item):
            return self._inside(kind, shape, pattern, value)
        reference = self.references[kind.name].get(pattern.removeprefix("instances[]."))
        if reference and self._sees(kind, pattern):
            return self._referring(kind, shape, reference, value)
        if isinstance(value, list) and shape and shape.step and shape.step.fields:
            steps = [self._value(kind, shape.step, f"{pattern}[]", step) for step in value]
            return [step for step in steps if step is not _GONE] or _GONE
        if self._sees(kind, pattern):
            return value
        if not sees(INTERNAL, of_field(kind.audience, pattern)):
            self.hidden.update(_words(value))
        return _GONE

    def _inside(self, kind: Kind, shape: Shape, pattern: str, value: Mapping[str, Any]) -> Any:
        """A mapping without what is not for the audience; gone where nothing is left, or where it is classified."""
        if "classification" in value and not self._sees_class(value["classification"]):
            self.hidden.update(_words(value))
            return _GONE
        found = {}
        for key, inner in value.items():
            below = f"{pattern}[]" if shape.item is not None else f"{pattern}.{key}" if pattern else key
            part = shape.item or (shape.fields or {}).get(key)
            kept = self._value(kind, part, below, inner)
            is_named = shape.item is None or self._sees(kind, below)
            if kept is not _GONE and is_named:
                found[key] = kept
            elif shape.item is not None and self._is_secret(kind, below, inner):
                self.hidden.add(str(key))
        return found if found or (not value and self._sees(kind, pattern)) else _GONE

    def _is_secret(self, kind: Kind, pattern: str, value: Any) -> bool:
        """Whether the very name of an entry would tell too much: it is for `restricted`, or classified higher."""
        said = value.get("classification") if isinstance(value, Mapping) else None
        is_above = said is not None and not self._sees_class(said)
        return is_above or not sees(INTERNAL, of_field(kind.audience, pattern))

    def _referring(self, kind: Kind, shape: Shape | None, reference: Reference, value: Any) -> Any:
        """What is left of a field that names records, where some of them are not shown."""
        if reference.within:
            named = [step.get(reference.within) for step in value if isinstance(step, Mapping)]
            if not all(self._is_kept(reference, one) for one in named):
                raise _BrokenError  # a way with a gap in it would be another way
            inner = shape.step if shape else None
            return [self._value(kind, inner, f"{reference.pattern}[]", step) for step in value]
        if isinstance(value, list):
            return [one for one in value if self._is_kept(reference, one)] or _GONE
        return value if self._is_kept(reference, value) else _GONE

    def _is_kept(self, reference: Reference, name: Any) -> bool:
        return (f"{reference.kinds[0]}/{name}" if len(reference.kinds) == 1 else str(name)) in self.kept


class _BrokenError(Exception):
    """A record of which nothing can be told without what is left out."""


def _names(record: Record) -> Iterator[str]:
    yield from (record.address, record.id, record.name, record.path, record.path.rpartition("/")[2])


def _words(value: Any) -> Iterator[str]:
    """All texts within a value, keys among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield str(key)
            yield from _words(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _words(inner)


def _plain(value: Any, shape: Shape | None, unsaid: Unsaid, references: Mapping[str, Reference], pattern: str) -> Any:
    """A value with every free text cleaned; words of a list that the schema gives, and names of records, stay."""
    if isinstance(value, Mapping):
        found: dict[str, Any] = {}
        for key, inner in value.items():
            is_chosen = shape is None or shape.item is not None
            part = shape.item if shape and shape.item else (shape.fields or {}).get(key) if shape else None
            below = f"{pattern}[]" if is_chosen else f"{pattern}.{key}" if pattern else key
            name = untaken(unsaid.clean(str(key)), found) if is_chosen else key
            found[name] = _plain(inner, part, unsaid, references, below)
        return found
    if isinstance(value, list):
        reference = references.get(pattern.removeprefix("instances[]."))
        if reference and not reference.within:
            return value
        return [_plain(inner, shape.step if shape else None, unsaid, references, f"{pattern}[]") for inner in value]
    if isinstance(value, str) and pattern.removeprefix("instances[].") not in references:
        return value if shape and any("enum" in part for part in shape.parts) else unsaid.clean(value)
    return value

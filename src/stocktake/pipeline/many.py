"""Registries of many records: read by several processes, and kept packed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeVar

from stocktake.analyse import dependencies
from stocktake.errors import Problem
from stocktake.load import claims, edges, references, registry
from stocktake.load.files import Tree
from stocktake.load.record import id_of
from stocktake.load.schemas import Schemas
from stocktake.load.yaml import field
from stocktake.model.gist import Gist, Hashes, Packed, gist_of, pack, unpack
from stocktake.model.kind import Kind
from stocktake.model.record import Record
from stocktake.pipeline.spread import spread
from stocktake.write import Scratch

# From so many files on it pays; what follows from them is the same either way.
MANY = 4_000
_AT_ONCE = 250

T = TypeVar("T")
Files = list[tuple[str, str]]


class Lazily(Mapping[str, T]):
    """A mapping of which each value is made when it is asked for, and not kept."""

    def __init__(self, keys: Collection[str], make: Callable[[str], T]):
        self._keys = dict.fromkeys(keys)
        self._make = make

    def __getitem__(self, key: str) -> T:
        if key not in self._keys:
            raise KeyError(key)
        return self._make(key)

    def __contains__(self, key: object) -> bool:
        return key in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def read_packed(
    tree: Tree, schemas: Schemas, files: Files, others: Collection[Record], named: tuple[str, ...] | None
) -> tuple[list[Record], list[Problem]]:
    """All records of these (path, kind), packed, and all problems of single files.

    `others` are the records of other registries, `named` the environments that there are.
    """
    for kind in {kind for _, kind in files}:
        schemas.validator(kind)  # compiled once, before we are many
    there = {f"{kind}/{id_of(path, schemas.form(kind))}" for path, kind in files}
    there.update(record.address for record in others)

    def read(part: Files) -> tuple[bytes, bytes, list[Problem]]:
        records, problems = registry.read_files(tree, schemas, part)
        rows = ((one, _gist(one, schemas, there.__contains__, named), _claims(one)) for one in records)
        return (*pack(rows), problems)

    found: list[tuple[Packed, Hashes]] = []
    problems: list[Problem] = []
    scratch = Scratch()
    for rows, said, wrong in spread(read, [files[at : at + _AT_ONCE] for at in range(0, len(files), _AT_ONCE)]):
        found += unpack(rows, scratch.put(said), scratch.get)
        problems += wrong
    made = Counter(claim for _, claimed in found for claim in claimed)
    made.update(claim for record in others for claim in _claims(record))
    for record, claimed in found:
        record.is_alone = not record.gist.former and all(made[claim] == 1 for claim in claimed)
    return [record for record, _ in found], problems


def _claims(record: Record) -> Hashes:
    return tuple(hash(one.key) for one in claims.claims(record))


def _gist(record: Record, schemas: Schemas, exists: Callable[[str], bool], named: tuple[str, ...] | None) -> Gist:
    data, kind = record.data, schemas.kind(record.kind)
    typed: list[tuple[str, frozenset[str]]] = []

    def fits(target: str, types: frozenset[str]) -> bool:
        typed.append((target, types))
        return True

    is_sound = references.is_sound(data, kind, exists, fits)
    if is_sound and named is not None and kind.environments:
        is_sound = all(name in named for _, name in references.environments(data, kind))
    former = data.get("formerly") or ()
    return Gist(
        dependencies.entry(record),
        str(data.get("type") or ""),
        tuple(part for pair in references_of(record, kind) for part in pair),
        next(iter(dependencies.edges([record])), None),
        edges.ends(data) if record.kind == edges.KIND else None,
        tuple(former) if isinstance(former, list) else (),
        tuple(typed),
        is_sound,
        _may_connect(data),
    )


def references_of(record: Record, kind: Kind) -> Iterator[tuple[str, str]]:
    """What a record names: the field and the address."""
    if gist := gist_of(record):
        yield from zip(gist.references[::2], gist.references[1::2], strict=True)
        return
    for found in references.named(record.data, kind):
        if target := references.address(found):
            yield field(found.path), target


def _may_connect(data: Mapping[str, Any]) -> bool:
    instances = data.get("instances")
    return "connection" in data or (
        isinstance(instances, dict) and any("connection" in (facts or ()) for facts in instances.values())
    )

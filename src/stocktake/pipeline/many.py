"""Registries of many records: read by several processes, and kept packed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from stocktake.analyse import dependencies
from stocktake.errors import InputError, Problem
from stocktake.load import claims, edges, references, registry, sequence
from stocktake.load.files import Tree
from stocktake.load.record import id_of
from stocktake.load.schemas import Schemas
from stocktake.load.yaml import SIZE_AT_MOST, field
from stocktake.model.gist import Gist, Hashes, Packed, gist_of, pack, unpack
from stocktake.model.kind import Kind
from stocktake.model.record import Record
from stocktake.pipeline.spread import spread

if TYPE_CHECKING:
    from stocktake.load.noted import Noted, Notes, Question

# From so many files on it pays; what follows from them is the same either way.
MANY = 20_000
PARTS = "part"
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
    from stocktake.load.noted import Noted  # what few records need not import
    from stocktake.write import Scratch

    for kind in {kind for _, kind in files}:
        schemas.validator(kind)  # compiled once, before we are many
    there = {f"{kind}/{id_of(path, schemas.form(kind))}" for path, kind in files}
    there.update(record.address for record in others)

    def read(part: Files) -> tuple[bytes, bytes, list[Problem], Notes]:
        here = Noted(tree.root) if isinstance(tree, Noted) else tree
        records, problems = registry.read_files(here, schemas, part)
        rows = ((one, _gist(one, schemas, there.__contains__, named), _claims(one)) for one in records)
        return (*pack(rows), problems, here.notes if isinstance(here, Noted) else {})

    found: list[tuple[Packed, Hashes]] = []
    problems: list[Problem] = []
    scratch = Scratch()
    for number, (rows, said, wrong, notes) in enumerate(spread(read, _parts(files))):
        if isinstance(tree, Noted):
            _note(tree, number, notes)
        found += unpack(rows, scratch.put(said), scratch.get)
        problems += wrong
    made = Counter(claim for _, claimed in found for claim in claimed)
    made.update(claim for record in others for claim in _claims(record))
    for record, claimed in found:
        record.is_alone = not record.gist.former and all(made[claim] == 1 for claim in claimed)
    return [record for record, _ in found], problems


def _parts(files: Files) -> list[Files]:
    return [files[at : at + _AT_ONCE] for at in range(0, len(files), _AT_ONCE)]


def _note(tree: Noted, number: int, notes: Notes) -> None:
    """Note what one part read; one digest stands for all its files."""
    tree.note((PARTS, str(number), 0), _together(digest for (what, _, _), digest in notes.items() if what == "read"))
    for question, digest in notes.items():
        if question[0] != "read":
            tree.note(question, digest)


def _together(digests: Iterable[str]) -> str:
    from hashlib import blake2b

    return blake2b("".join(digests).encode(), digest_size=16).hexdigest()


def digests(tree: Noted, files: Files) -> Iterator[tuple[Question, str]]:
    """What `read_packed` would note now of these files."""

    from stocktake.load.noted import Noted

    def read(part: Files) -> str:
        here = Noted(tree.root)
        for path, _ in part:
            with suppress(InputError):
                here.read(path, SIZE_AT_MOST)
        return _together(here.notes.values())

    for number, digest in enumerate(spread(read, _parts(files))):
        yield (PARTS, str(number), 0), digest


def _claims(record: Record) -> Hashes:
    return tuple(hash(one.key) for one in claims.claims(record))


def _gist(record: Record, schemas: Schemas, exists: Callable[[str], bool], named: tuple[str, ...] | None) -> Gist:
    data, kind = record.data, schemas.kind(record.kind)
    typed: list[tuple[str, frozenset[str]]] = []

    def fits(target: str, types: frozenset[str]) -> bool:
        typed.append((target, types))
        return True

    places = references.named(data, kind)
    is_sound = references.leads(places, exists, fits)
    if is_sound and named is not None and kind.environments:
        is_sound = all(name in named for _, name in references.environments(data, kind))
    is_sound = is_sound and _is_in_order(record)
    former = data.get("formerly") or ()
    return Gist(
        dependencies.entry(record),
        str(data.get("type") or ""),
        tuple(part for pair in _targets(places) for part in pair),
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
    yield from _targets(references.named(record.data, kind))


def _targets(places: Iterable[references.Named]) -> Iterator[tuple[str, str]]:
    for found in places:
        if target := references.address(found):
            yield field(found.path), target


def _is_in_order(record: Record) -> bool:
    """Whether it can be told from the record alone that nothing in it runs the wrong way."""
    if record.kind not in sequence.KINDS:
        return True
    others: list[str] = []

    def read(address: str) -> Mapping[str, Any]:
        others.append(address)
        return {}

    return not any(True for _ in sequence.KINDS[record.kind](record, read)) and not others


def _may_connect(data: Mapping[str, Any]) -> bool:
    instances = data.get("instances")
    return "connection" in data or (
        isinstance(instances, dict) and any("connection" in (facts or ()) for facts in instances.values())
    )

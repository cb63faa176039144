"""Rename a record: its file, every reference to it, and the memory of what it was called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from stocktake.edit.rename import FORMERLY, Path, relinked, remembered, replaced
from stocktake.errors import InputError, Problem, UsageError
from stocktake.load import environments, known, settings
from stocktake.load.documents import documents
from stocktake.load.files import Tree
from stocktake.load.record import ID
from stocktake.load.references import address, named
from stocktake.load.scalars import resolve
from stocktake.load.strict import Document
from stocktake.model.estate import Estate
from stocktake.model.record import Record
from stocktake.pipeline.estate import Opened, open_estate, places
from stocktake.pipeline.include import is_clash, refuse_included
from stocktake.rules.docket import current
from stocktake.values.text import closest, shown

_LONGEST = 100
_CODEOWNERS = ".github/CODEOWNERS"
_IDENTITIES = {"finding": "identity", "waiver": "target"}


class Rewritten(NamedTuple):
    """A file, where it is from now on, and what it holds."""

    path: str
    before: str
    after: str
    to: str


def rename(tree: Tree, old: str, new: str) -> list[Rewritten]:
    """What changes when a record gets another id, the record's own file first; `new` is an id or a whole address.

    Raises UsageError where that cannot be, InputError where the registry is wrong or a value cannot be rewritten.
    """
    opened = open_estate(tree)
    apart = opened._replace(problems=tuple(one for one in opened.problems if not is_clash(one)))
    record = found(apart.sound(), old)
    identity = _free(opened, record, new)
    later = f"{record.kind}/{identity}"
    folder, _, name = record.path.rpartition("/")
    to = f"{folder}/{identity}{name[len(record.id) :]}"
    if tree.has(to):
        raise UsageError(f"{shown(to)} exists already", "Choose another id.")
    own, others = [], []
    for path, before, after in _rewritten(opened, record, later):
        if path == record.path:
            own = [Rewritten(path, before, after, to)]
        elif before != after:
            others.append(Rewritten(path, before, after, path))
    return [*own, *sorted(others)]


def found(estate: Estate, where: str) -> Record:
    """The record at an address.

    Raises UsageError where there is none, or only in an included registry.
    """
    if where in estate.by_address:
        refuse_included(estate.by_address[where])
        return estate.by_address[where]
    candidates = [one for one in estate.by_address if "/" in where or one.partition("/")[2] == where]
    guess = closest(where, candidates) if "/" in where else next(iter(candidates), "")
    hint = f"Did you mean {guess}?" if guess else "An address is a kind and an id, as in asset/orders-db."
    raise UsageError(f'There is no record "{shown(where)}"', hint)


def _free(opened: Opened, record: Record, new: str) -> str:
    kind, slash, identity = new.rpartition("/")
    if slash and kind != record.kind:
        raise UsageError(f"{record.address} stays of its kind", f"Name the new id alone, or {record.kind}/ID.")
    if not ID.match(identity) or len(identity) > _LONGEST:
        raise UsageError(
            f'"{shown(identity)}" is not an id',
            "Use small letters, digits and hyphens, beginning with a letter or digit, at most 100.",
        )
    for other in (one for one in opened.estate.every if one.kind == record.kind):
        if other.id == identity:
            raise UsageError(f"{other.address} exists already, in {other.path}", "Choose another id.")
        if identity in (other.data.get(FORMERLY) or ()) and other is not record:
            raise UsageError(f"{record.kind}/{identity} is what {other.address} was called", "Choose another id.")
    return identity


def _rewritten(opened: Opened, record: Record, later: str) -> Iterator[tuple[str, str, str]]:
    """(path, before, after) of every file that may name the record; many are the same after it as before."""
    tree, estate = opened.tree, opened.estate
    configured = settings.read_data(tree, opened.schemas)
    is_elsewhere = any(one.address == record.address for one in estate.included)
    for one in (*estate.records, Record("settings", "stocktake", environments.FILE, configured)):
        changes = dict(_changes(opened, one, record.address, later))
        if not (changes or one.body or one is record):
            continue
        raw = tree.read(one.path)
        after = _edited(raw, one, changes) if changes else raw.decode()
        if one is record and not is_elsewhere:  # else the former id stays that of another record
            after = _called(after, one, record, later)
        if one.body:
            after = relinked(after, one.path, record.address, later, record.path)
        yield one.path, raw.decode(), after
    if tree.has(known.FILE):
        before = tree.read(known.FILE).decode()
        names = {current(name, {record.address: later}): day for name, day in estate.known.items()}
        yield known.FILE, before, before if names == estate.known else known.known_text(names)
    pages = [path for path, _ in documents(tree, opened.schemas.folders())]
    for path in (*pages, *(name for name in tree.names("") if not (tree.flaw(name) or tree.has_folder(name)))):
        if path.endswith(".md"):
            before = tree.read(path).decode("utf-8", "surrogateescape")
            yield path, before, relinked(before, path, record.address, later, record.path)
    if tree.has(_CODEOWNERS):
        before = tree.read(_CODEOWNERS).decode()
        folder, _, name = record.path.rpartition("/")
        now = f"{folder}/{later.partition('/')[2]}{name[len(record.id) :]}"
        yield _CODEOWNERS, before, re.sub(rf"(?m)^(/?){re.escape(record.path)}(?=\s)", rf"\g<1>{now}", before)


def _changes(opened: Opened, one: Record, old: str, later: str) -> Iterator[tuple[Path, tuple[str, str]]]:
    """By path in a record, the value that names the renamed one and what it is to be."""
    for name in named(one.data, opened.schemas.kind(one.kind)):
        if address(name) == old:
            yield name.path, (name.text, later if "/" in name.text else _plain(later.partition("/")[2]))
    field = _IDENTITIES.get(one.kind, "")
    if field in one.data and (now := current(one.data[field], {old: later})) != one.data[field]:
        yield (field,), (one.data[field], now)


def _plain(text: str) -> str:
    """An id as it stands in YAML: in quotes where it would be read as a number."""
    return text if isinstance(resolve(text), str) else f'"{text}"'


def _edited(raw: bytes, one: Record, changes: Mapping[Path, tuple[str, str]]) -> str:
    before = places(one.path, raw)
    after = replaced(raw.decode(), before.values, changes)
    if places(one.path, after.encode()).data == _with(before.data, changes):
        return after
    for path, change in changes.items():  # the first that is not written as it reads
        text = replaced(raw.decode(), before.values, {path: change})
        if places(one.path, text.encode()).data != _with(before.data, {path: change}):
            raise refused(one.path, before, path)
    raise refused(one.path, before, ())


def refused(path: str, document: Document, where: Path) -> InputError:
    place = document.place(where)
    return InputError([Problem(path, *place, "", "cannot be rewritten as it is written", "Write it on one line.")])


def _called(text: str, one: Record, record: Record, later: str) -> str:
    """The text of the renamed record with its id of before among the former ones."""
    before, identity = places(one.path, text.encode()), later.partition("/")[2]
    former = before.data.get(FORMERLY)
    if former and identity in former:  # it gets an id back that it had
        number = former.index(identity)
        return replaced(text, before.values, {(FORMERLY, number): (identity, _plain(record.id))})
    wanted = {**before.data, FORMERLY: [record.id, *(former or ())]}
    for candidate in remembered(text, before.values, former, _plain(record.id), end_of(text, one)):
        if places(one.path, candidate.encode()).data == wanted:
            return candidate
    raise refused(one.path, before, (FORMERLY,))


def end_of(text: str, one: Record) -> int:
    """The line before which a new line still belongs to the record."""
    lines = text.split("\n")
    if not one.path.endswith(".md"):
        return len(lines) if not lines[-1] else len(lines) + 1
    return next(number for number, line in enumerate(lines[1:], 2) if line.rstrip() == "---")


def _with(data: Any, changes: Mapping[Path, tuple[str, str]]) -> Any:
    """The data as the rewritten file says it."""
    whole = deepcopy(data)
    for (*outer, last), (_, new) in changes.items():
        inner = whole
        for step in outer:
            inner = inner[step]
        inner[last] = new.strip('"')
    return whole

"""Bring together all that differs between two sides, for the gates."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any

from stocktake.analyse.gates.table import weakenings
from stocktake.errors import InputError
from stocktake.history.approvals import FOLDER
from stocktake.load.files import Tree, schema_folder
from stocktake.load.flatten import flatten
from stocktake.load.schemas import read_schemas
from stocktake.load.settings import read_data
from stocktake.load.signers import MAILMAP, REVOKED, SIGNERS
from stocktake.model.estate import Estate
from stocktake.model.kind import Shape
from stocktake.model.record import Record
from stocktake.model.weakening import Changed, Facts, Pair, Weakening
from stocktake.pipeline.audit import formerly
from stocktake.rules.docket import current

_END = ".schema.json"
_TELLING = {"baseline": ("asset", "environment"), "dependency": ("from", "to"), "finding": ("identity",)}
# Folders in which much lies that no rule reads.
_SHARED = frozenset(("", "adr", "docs", "observed", "registry"))


def weaker(base: Tree, head: Tree, before: Estate, after: Estate) -> tuple[Weakening, ...]:
    """Everything that the second side makes weaker, by the gates of the first; nothing of either is run."""
    settings, later = (_data(base), _data(head)), formerly(after)
    modules = sorted(settings[0].get("rules", {}).get("modules", ()))
    changed = Changed(
        tuple(pairs(before, after)),
        settings,
        (frozenset(current(name, later) for name in before.known), frozenset(after.known)),
        (_schemas(base), _schemas(head)),
        (_digests(base, judging(base, modules)), _digests(head, judging(head, modules))),
        (_digests(base, _signers(base)), _digests(head, _signers(head))),
    )
    return weakenings(changed)


def judging(tree: Tree, modules: Iterable[str]) -> Iterator[str]:
    """The files of a team's own rules, and all below their folders, which they may read; only programs beside those at
    the root or in a folder of other things.
    """
    for folder in sorted({module.rpartition("/")[0] for module in modules}):
        if folder in _SHARED:
            names = (name for name in tree.names(folder) if name.endswith(".py"))
            yield from (f"{folder}/{name}" if folder else name for name in names)
        else:
            yield from _below(tree, folder)


def branch(tree: Tree) -> str:
    """The branch that is published, as the settings say."""
    return str(_data(tree).get("repository", {}).get("branch", "main"))


def pairs(before: Estate, after: Estate) -> Iterator[Pair]:
    """The records that differ, one that was renamed as one."""
    new = {record.address: record for record in after.records}
    later, names = dict(renamed(before, after)), formerly(after)
    old = {record.address: record for record in before.records}
    for address, record in old.items():
        other = new.get(later.get(address, address))
        if other is None or other.data != record.data:
            shape, was = before.kinds[record.kind].shape, _facts(record, before.kinds[record.kind].shape)
            if was and "target" in was and record.kind == "waiver":
                was = {**was, "target": current(str(was["target"]), names)}
            yield Pair(address, was, _facts(other, shape))
    known = {later.get(address, address) for address in old}
    for address, record in new.items():
        if address not in known:
            yield Pair(address, None, _facts(record, after.kinds[record.kind].shape))


def renamed(before: Estate, after: Estate) -> Iterator[tuple[str, str]]:
    """(former, present) address of each record that has another id now, and says so or is known by what it is about."""
    gone = [record for record in before.records if record.address not in after.by_address]
    left = {record.address for record in gone}
    about = {key: record.address for record in gone if (key := _about(record))}
    for record in after.records:
        if record.address in before.by_address:
            continue
        named = [f"{record.kind}/{former}" for former in record.data.get("formerly") or ()]
        for address in (*named, about.get(_about(record), "")):
            if address in left:
                left.discard(address)
                yield address, record.address
                break


def _about(record: Record) -> tuple[str, ...]:
    """What tells a record from all others of its kind whatever it is called; empty where nothing does."""
    names = _TELLING.get(record.kind, ())
    return (record.kind, *(str(record.data.get(name)) for name in names)) if names else ()


def _facts(record: Record | None, shape: Shape) -> Facts | None:
    return None if record is None else flatten(record.data, shape)


def _data(tree: Tree) -> Mapping[str, Any]:
    """What the settings hold; nothing where they are wrong, which is told elsewhere."""
    try:
        return read_data(tree, read_schemas(Tree(schema_folder())))
    except InputError:
        return {}


def _schemas(tree: Tree) -> dict[str, Any]:
    """The schemas of a team's own kinds; copies of ours judge nothing."""
    ours = set(Tree(schema_folder()).names(""))
    found = {}
    for name in tree.names("schemas"):
        if name.endswith(_END) and name not in ours:
            try:
                found[f"schemas/{name}"] = json.loads(tree.read(f"schemas/{name}"))
            except (InputError, ValueError, RecursionError):
                found[f"schemas/{name}"] = None
    return found


def _below(tree: Tree, folder: str) -> Iterator[str]:
    """All files below a folder, hidden ones too."""
    for name in tree.names(folder):
        path = f"{folder}/{name}"
        if tree.has_folder(path):
            yield from _below(tree, path)
        else:
            yield path


def _signers(tree: Tree) -> Iterator[str]:
    yield from (MAILMAP, REVOKED, SIGNERS)
    for folder in tree.names(FOLDER):
        yield from (f"{FOLDER}/{folder}/{name}" for name in tree.names(f"{FOLDER}/{folder}"))


def _digests(tree: Tree, paths: Iterable[str]) -> dict[str, str]:
    found = {}
    for path in paths:
        if tree.has(path):
            try:
                found[path] = sha256(tree.read(path)).hexdigest()
            except InputError:
                found[path] = "unreadable"
    return found

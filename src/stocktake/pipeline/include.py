"""Other registries that stocktake.yaml includes: found, read and checked against ours, and never written to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from stocktake.errors import InputError, Problem, UsageError
from stocktake.load import environments, references, registry, yaml
from stocktake.load.files import LEAVES, Tree, is_folder, real, schema_folder
from stocktake.load.record import id_of, kind_of
from stocktake.load.schemas import Schemas, read_schemas
from stocktake.load.strict import Document, parse
from stocktake.model.estate import Estate
from stocktake.model.record import Record
from stocktake.model.settings import Include

# What there is. Decisions, runbooks, drills, waivers and the like are about the registry that they stand in.
JOINED = frozenset({"asset", "dependency", "flow", "system", "team"})
_CLASH = "Give one of them another id: `stocktake rename"
_NOT_HERE = frozenset({"adr", "build", "docs", "observed", "registry", "schemas"})


class Included(NamedTuple):
    """One of them: its records as it has them itself, and its folder as seen from ours (`prefix`)."""

    name: str
    prefix: str
    tree: Tree
    schemas: Schemas
    records: tuple[Record, ...]

    @property
    def home(self) -> str:
        """What stands before the paths of its records: where it lies outside of ours is nothing for a page to tell."""
        return f"{self.name}:" if self.prefix.startswith("..") else f"{self.prefix}/"

    def joined(self) -> Iterator[Record]:
        """Its records as they stand in our estate."""
        for one in self.records:
            yield Record(one.kind, one.id, f"{self.home}{one.path}", one.data, one.body, self.name)

    def told(self, problems: Iterable[Problem]) -> list[Problem]:
        """Problems of its files as they read here."""
        hint = f"Mend it in the registry {self.name}; here it is only read."
        found = (one._replace(path=f"{self.prefix}/{one.path}") for one in problems)
        return [one._replace(hint=f"{one.hint} {hint}" if one.hint else hint) for one in found]


def read_included(tree: Tree, schemas: Schemas, includes: Iterable[Include]) -> tuple[list[Included], list[Problem]]:
    """All that are included, and what is wrong with where they are and with their files.

    What an included registry includes itself is not followed: only what our settings name is read.
    """
    found: list[Included] = []
    problems: list[Problem] = []
    folders: dict[str, str] = {real(tree.root): "this repository"}
    for include in includes:
        try:
            folder, called = _folder(tree, include), f"the include {include.name}"
            if (other := folders.setdefault(real(folder), called)) != called:
                raise _misplaced(tree, include, f"is {other} again", "Leave it out.")
            one, wrong = _read(tree, folder, include.name, schemas)
        except InputError as error:
            problems += error.problems
            continue
        found.append(one)
        problems += wrong
    return found, problems


def _read(tree: Tree, folder: str, name: str, schemas: Schemas) -> tuple[Included, list[Problem]]:
    there = Tree(folder)
    prefix = os.path.relpath(folder, tree.root).replace(os.sep, "/")
    try:
        theirs = read_schemas(Tree(schema_folder()), there)
    except InputError as error:
        raise InputError([one._replace(path=f"{prefix}/{one.path}") for one in error.problems]) from None
    records, wrong = registry.read_records(there, theirs)
    joined, folders = JOINED | theirs.own, theirs.folders()
    wrong = [one for one in wrong if one.path == "registry" or kind_of(one.path, folders) in joined]
    one = Included(name, prefix, there, theirs, tuple(record for record in records if record.kind in joined))
    return one, [*one.told(wrong), *_kinds(one, schemas)]


def _kinds(one: Included, schemas: Schemas) -> Iterator[Problem]:
    """Kinds that both registries made for themselves, each in its own way."""
    for kind in sorted(one.schemas.own & schemas.own):
        if one.schemas.documents[kind] != schemas.documents[kind]:
            path = f"schemas/{kind}.schema.json"
            said = f"differs from {one.prefix}/{path}, and there can be one kind of a name"
            yield Problem(path, 1, 1, "", said, "Make them equal, or give one of the kinds another name.")


def _folder(tree: Tree, include: Include) -> str:
    """Where an included registry is.

    Raises InputError where it is not there, or may not be.
    """
    if not include.path:
        folder = os.environ.get(include.variable, "")
        if not folder:
            hint = f"Set {include.variable} to its folder, or write its `path`."
            raise _misplaced(tree, include, "lies elsewhere, and nobody said where", hint)
        folder, shown = os.path.join(tree.root, folder), include.variable
        if not is_folder(folder):
            raise _misplaced(tree, include, f"{shown} names no folder", "Set it to the folder of the registry.")
    else:
        folder, shown = _inside(tree, include), include.path
    if not Tree(folder).has(environments.FILE):
        hint = "Name the folder of a repository made by `stocktake init`."
        raise _misplaced(tree, include, f"{shown} holds no {environments.FILE}", hint)
    return folder


def _inside(tree: Tree, include: Include) -> str:
    path = os.path.normpath(include.path).replace(os.sep, "/")
    if (first := path.partition("/")[0]) in _NOT_HERE:
        hint = f"Put it elsewhere, such as vendor/{include.name}."
        raise _misplaced(tree, include, f"{path} lies in {first}/, where Stocktake reads what is ours", hint)
    folder = tree.folder(path)
    if folder is None:
        hint = f"Leave `path` out, and set {include.variable} to its folder."
        raise _misplaced(tree, include, f"{path} {LEAVES}", hint)
    if not tree.names(path):
        if path in _submodules(tree):
            hint = f"Run `git submodule update --init {path}`."
            raise _misplaced(tree, include, f"the submodule {path} was not fetched", hint)
        raise _misplaced(tree, include, f"there is no folder {path}", "Correct the path.")
    return folder


def _submodules(tree: Tree) -> list[str]:
    """The paths of all submodules, as `.gitmodules` has them."""
    try:
        lines = tree.read(".gitmodules", yaml.SIZE_AT_MOST).decode(errors="replace").splitlines()
    except InputError:
        return []
    pairs = (line.partition("=") for line in lines)
    return [value.strip().strip('"') for key, _, value in pairs if key.strip() == "path"]


def _misplaced(tree: Tree, include: Include, message: str, hint: str) -> InputError:
    line, column = _settings(tree).key(("include", include.name))
    return InputError([Problem(environments.FILE, line, column, f"include[{include.name}]", message, hint)])


def _settings(tree: Tree) -> Document:
    return parse(tree.read(environments.FILE, yaml.SIZE_AT_MOST).decode(errors="replace"))


def clashes(records: Iterable[Record], included: Iterable[Record]) -> list[Problem]:
    """Addresses that two registries have: an id is unique in the whole estate."""
    first = {record.address: record for record in records}
    problems = []
    for record in included:
        other = first.setdefault(record.address, record)
        if other is not record:
            said = f"{record.address} exists already in {record.path}, of the included registry {record.origin}"
            problems.append(Problem(other.path, 0, 0, "", said, f"{_CLASH} {record.address} NEW`."))
    return problems


def is_clash(problem: Problem) -> bool:
    """Whether it is one of these, which a rename must not wait for."""
    return problem.hint.startswith(_CLASH)


def reference_problems(one: Included, estate: Estate, ids: Callable[[str], list[str]]) -> list[Problem]:
    """Where its records name what is nowhere in the whole estate, or an environment that is not theirs."""
    named = environments.read_environments(one.tree)
    by_address = estate.by_address
    joined = JOINED | one.schemas.own

    def exists(address: str) -> bool:
        return address in by_address or address.partition("/")[0] not in joined

    def type_of(address: str) -> str:
        return str(by_address[address].data.get("type") or "") if address in by_address else ""

    found = []
    for record in one.records:
        kind, place = one.schemas.kind(record.kind), _placing(one.tree, record.path)
        found += references.problems(record, kind, exists, type_of, ids, place)
        if named is not None:
            found += references.environment_problems(record, kind, named, place)
    hint = f"Include the registry that has it, too, or mend it in {one.name}."
    return [problem._replace(path=f"{one.prefix}/{problem.path}", hint=hint) for problem in found]


def _placing(tree: Tree, path: str) -> Callable[[], Document]:
    def place() -> Document:
        from stocktake.pipeline.estate import positions

        return positions(tree, path)

    return place


def refuse_included(record: Record) -> None:
    """Raises UsageError for a record that is only read here."""
    if record.origin:
        said = f"{record.address} is of the included registry {record.origin}, in {record.path}"
        raise UsageError(said, "It is only read here: change it there, then include the change.")


class Nearby:
    """Records of included registries for the check of single files: only their names are read, and only when ours
    have none. Raises InputError where one of the registries is not there.
    """

    def __init__(self, tree: Tree, schemas: Schemas):
        self._schemas = schemas
        self._trees = [*_trees(tree)]
        self._paths: dict[str, dict[str, tuple[Tree, str, str]]] = {}

    def of(self, kind: str) -> Mapping[str, tuple[Tree, str, str]]:
        """By id: the tree, the path in it, and the path as it reads here."""
        if kind not in self._paths:
            found: dict[str, tuple[Tree, str, str]] = {}
            folder = self._schemas.folders().get(kind, "") if kind in JOINED | self._schemas.own else ""
            for prefix, tree in self._trees if folder else ():
                for path, flaw in tree.walk(folder):
                    if not flaw and (identity := id_of(path, self._schemas.form(kind))):
                        found.setdefault(identity, (tree, path, f"{prefix}/{path}"))
            self._paths[kind] = found
        return self._paths[kind]

    def home(self, path: str) -> str:
        """The folder of the included registry that a path lies in; empty for none."""
        return next((prefix for prefix, _ in self._trees if path.startswith(f"{prefix}/")), "")


def _trees(tree: Tree) -> Iterator[tuple[str, Tree]]:
    data: Any = _settings(tree).data
    named = data.get("include") if isinstance(data, dict) else None
    for name, one in named.items() if isinstance(named, dict) else ():
        path = one.get("path", "") if isinstance(one, dict) else ""
        folder = _folder(tree, Include(str(name), path if isinstance(path, str) else ""))
        yield os.path.relpath(folder, tree.root).replace(os.sep, "/"), Tree(folder)

"""Check single files fast: their schema, and that what they name exists and is what may stand there.

Nothing else of the registry is read, and nothing is imported that this does not need: this runs in editors and hooks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from stocktake.errors import InputError, Problem
from stocktake.load import record as one
from stocktake.load import references, yaml
from stocktake.load.files import Tree, schema_folder
from stocktake.load.registry import record_files
from stocktake.load.schemas import Schemas, read_schemas
from stocktake.model.record import Record

if TYPE_CHECKING:
    from stocktake.load.strict import Document

SETTINGS = "stocktake.yaml"


def check_files(tree: Tree, paths: Iterable[str]) -> list[Problem]:
    """Everything that is wrong with these files (or the files in these folders), sorted; paths are relative to the
    repository.

    Raises InputError where a schema cannot be used.
    """
    schemas = read_schemas(Tree(schema_folder()), tree)
    checker = _Checker(tree, schemas)
    problems = []
    for path in dict.fromkeys(paths):
        problems += checker.folder(path) if tree.has_folder(path) else checker.file(path)
    return sorted(set(problems))


class _Checker:
    """Remembers which ids exist, so that several files of one run look only once."""

    def __init__(self, tree: Tree, schemas: Schemas):
        self.tree = tree
        self.schemas = schemas
        self.folders = schemas.folders()
        self._ids: dict[str, dict[str, str]] = {}
        self._environments: tuple[str, ...] | None = None

    def folder(self, path: str) -> list[Problem]:
        inside = f"{path}/"
        return [
            problem
            for found, _, flaw in record_files(self.tree, self.folders)
            if found.startswith(inside)
            for problem in ([flaw] if flaw else self.file(found))
        ]

    def file(self, path: str) -> list[Problem]:
        kind = one.kind_of(path, self.folders)
        try:
            raw = self.tree.read(path, yaml.SIZE_AT_MOST)
        except InputError as error:
            return list(error.problems)
        if path == SETTINGS:
            data, problems = yaml.parse(raw, path)
            return problems or one.check(data, raw, path, "settings", self.schemas)
        if kind is None:
            return [
                Problem(
                    path, 0, 0, "", "is not in the folder of a kind", f"Folders are {', '.join(self.folders.values())}."
                )
            ]
        record, problems = one.read(raw, path, kind, self.schemas)
        return problems if record is None else problems + references.untold(self.names(record), problems)

    def names(self, record: Record) -> list[Problem]:
        """What is wrong with what a record names, and with its own id."""
        kind, place = self.schemas.kind(record.kind), self._placing(record)
        problems = references.problems(
            record, kind, self._exists, self._type_of, lambda name: sorted(self.ids(name)), place
        )
        if any(references.environments(record.data, kind)):
            problems += references.environment_problems(record, kind, self.environments(), place)
        other = self.ids(record.kind).get(record.id, record.path)
        if other != record.path:
            problems.append(
                Problem(
                    record.path, 0, 0, "", f"{record.address} exists already in {other}", "Rename one of the files."
                )
            )
        return problems

    def ids(self, kind: str) -> dict[str, str]:
        """The path by id of all files of a kind; only their names are read."""
        if kind not in self._ids:
            found: dict[str, str] = {}
            for path, flaw in self.tree.walk(self.folders[kind]) if kind in self.folders else ():
                stem, dot, ending = path.rpartition("/")[2].rpartition(".")
                if dot and not flaw and ending in ("yaml", "md"):
                    found.setdefault(stem, path)
            self._ids[kind] = found
        return self._ids[kind]

    def environments(self) -> tuple[str, ...]:
        """The environments that the settings name."""
        if self._environments is None:
            data, _ = yaml.parse(self.tree.read(SETTINGS), SETTINGS)
            named = data.get("environments") if isinstance(data, dict) else None
            self._environments = tuple(named) if isinstance(named, dict) else ()
        return self._environments

    def _exists(self, address: str) -> bool:
        kind, _, identity = address.partition("/")
        return identity in self.ids(kind)

    def _type_of(self, address: str) -> str:
        kind, _, identity = address.partition("/")
        data, _ = yaml.parse(self.tree.read(self.ids(kind)[identity], yaml.SIZE_AT_MOST), "")
        return str(data.get("type") or "") if isinstance(data, dict) else ""

    def _placing(self, record: Record) -> Callable[[], Document]:
        def place() -> Document:
            from stocktake.pipeline.estate import positions

            return positions(self.tree, record.path)

        return place

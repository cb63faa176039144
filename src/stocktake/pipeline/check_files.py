"""Check single files fast: their schema, and that what they name exists and is what may stand there.

Nothing else of the registry is read, and nothing is imported that this does not need: this runs in editors and hooks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from stocktake.errors import InputError, Problem
from stocktake.load import edges, references, sequence, yaml
from stocktake.load import record as one
from stocktake.load.documents import documents
from stocktake.load.files import Tree, flawed, schema_folder
from stocktake.load.registry import is_ignored, record_files, stray
from stocktake.load.schemas import Schemas, read_schemas
from stocktake.model.record import Record

if TYPE_CHECKING:
    from stocktake.load.strict import Document
    from stocktake.pipeline.include import Nearby

SETTINGS = "stocktake.yaml"
KNOWN = ".stocktake/known.txt"


def check_files(tree: Tree, paths: Iterable[str]) -> tuple[list[Problem], int]:
    """Everything that is wrong with these files (or the files in these folders), sorted, and how many files that were.

    Paths are relative to the repository. Where a schema cannot be used, what is wrong with it is told instead.
    """
    try:
        schemas = read_schemas(Tree(schema_folder()), tree)
    except InputError as error:
        return list(error.problems), len({*paths})
    checker = Checker(tree, schemas)
    files: dict[str, None] = {}
    paths = list(paths)
    if paths == ["."]:
        from stocktake.pipeline.estate import open_estate

        return list(open_estate(tree, with_rules=False).problems), len(checker.inside("."))
    for path in paths:
        files.update(dict.fromkeys(checker.inside(path)))
    problems = [problem for path in files for problem in checker.file(path)]
    return sorted(set(problems)), len(files)


class Checker:
    """Checks one file after the other; remembers which ids exist, so that several files of one run look only once."""

    def __init__(self, tree: Tree, schemas: Schemas):
        self.tree = tree
        self.schemas = schemas
        self.folders = schemas.folders()
        self._ids: dict[str, dict[str, str]] = {}
        self._from: dict[str, list[str]] | None = None
        self._environments: list[tuple[str, ...] | None] = []
        self._included: Nearby | None = None
        self._has_included: bool | None = None

    def inside(self, path: str) -> list[str]:
        """The files below a folder that can be checked; a file is alone."""
        if not self.tree.has_folder(path) or self.tree.flaw(path):
            return [path]
        files = [found for found, _, _ in record_files(self.tree, self.folders)]
        files += [found for found, _ in self.tree.walk("observed") if found.endswith(".json")]
        files += [found for found, _ in documents(self.tree, self.folders)]
        files += [name for name in (SETTINGS, KNOWN) if self.tree.has(name)]
        return files if path == "." else [found for found in files if found.startswith(f"{path}/")]

    def file(self, path: str) -> list[Problem]:
        """What is wrong with one file."""
        if path.startswith(("../", "/")):
            return [Problem(path, 0, 0, "", "is outside this repository")]
        if flaw := self.tree.flaw(path):
            return [flawed(path, flaw)]
        try:
            return self._read(path)
        except InputError as error:
            return list(error.problems)

    def _read(self, path: str) -> list[Problem]:
        kind = one.kind_of(path, self.folders)
        if kind is None:
            return self._other(path)
        if is_ignored(path):
            return []
        found = self.content(path, kind, self.tree.read(path, yaml.SIZE_AT_MOST))
        if path.count("/") > self.folders[kind].count("/") + 1:  # in a folder that people named
            from stocktake.load.twins import Twins

            found = found + Twins(self.tree).problems(path, path.rpartition("/")[0])
        return found

    def content(self, path: str, kind: str, raw: bytes) -> list[Problem]:
        """What is wrong with the content of a record's file."""
        record, problems = one.read(raw, path, kind, self.schemas)
        return problems if record is None else problems + references.untold(self._names(record, raw), problems)

    def _other(self, path: str) -> list[Problem]:
        """What is wrong with a file that is no record."""
        if path == SETTINGS:
            from stocktake.load.settings import read_data

            data, raw = read_data(self.tree, self.schemas), self.tree.read(path)
            return self._names(Record("settings", "stocktake", path, data), raw)
        if path == KNOWN:
            from stocktake.load.known import read_known

            read_known(self.tree)
            return []
        if path.startswith("observed/") and path.endswith(".json"):
            from stocktake.load.observations import read_file

            return read_file(self.tree, path, self.schemas)[1]
        if path.startswith("schemas/") and path.count("/") == 1 and path.endswith(".schema.json"):
            self.tree.read(path)
            return []  # reading all schemas tells what is wrong with one
        if path.startswith("docs/"):
            from stocktake.pipeline.documents import problems_of

            return problems_of(self.tree, path, self.folders, self._exists)
        self.tree.read(path, 0)
        self._nearby("")
        if self._included and (home := self._included.home(path)):
            hint = f"Check it there: `stocktake check -C {home}`."
            return [Problem(path, 0, 0, "", "is of an included registry, which is only read here", hint)]
        return [] if path.startswith("registry/") and is_ignored(path) else [stray(path, self.folders)]

    def _names(self, record: Record, raw: bytes) -> list[Problem]:
        """What is wrong with what a record names, and with its own id."""
        kind, place = self.schemas.kind(record.kind), _placing(record.path, raw)
        problems = references.problems(
            record, kind, self._exists, self.type_of, lambda name: sorted(self.ids(name)), place
        )
        if any(references.environments(record.data, kind)) and (known := self.environments()) is not None:
            problems += references.environment_problems(record, kind, known, place)
        problems += edges.problems(record, lambda key: self._first(key, record), place)
        problems += sequence.problems(record, self._at, place)
        problems += self._claims(record, place)
        other = self.ids(record.kind).get(record.id, record.path)
        if other == record.path and (same := self._nearby(record.kind).get(record.id)):
            other = same[2]
        if other != record.path:
            problems.append(
                Problem(
                    record.path, 0, 0, "", f"{record.address} exists already in {other}", "Rename one of the files."
                )
            )
        return problems

    def _claims(self, record: Record, place: Callable[[], Document]) -> list[Problem]:
        """What the record claims and an earlier file claims too; only files that may are parsed."""
        from stocktake.load import claims

        made = [*claims.claims(record)]
        if not made:
            return []
        others = []
        wanted = claims.needles(made)
        for identity, path in self.ids(record.kind).items():
            raw = self._raw(path).lower() if path < record.path else b""
            if raw and any(needle in raw for needle in wanted):
                others.append(Record(record.kind, identity, path, self._data(path)))
        if record.kind == edges.KIND and (home := self.ids("asset").get(str(record.data.get("from")))):
            others.append(Record("asset", str(record.data["from"]), home, self._data(home)))
        claimed = [claims.Claimed(one, claim) for one in others for claim in claims.claims(one)]
        claimed += [claims.Claimed(record, claim) for claim in made]

        def positions(path: str) -> Document:
            return place() if path == record.path else _placing(path, self._raw(path))()

        found = [*claims.in_use(record, self._exists, place)] if "formerly" in record.data else []
        for problem in claims.doubled(claimed, self._distinct() if others else (), self.schemas.shape, positions):
            found += [problem] if problem.path == record.path else []
        return found

    def _distinct(self) -> list[frozenset[str]]:
        """Sets of addresses that the settings call different things."""
        data = self._data(SETTINGS).get("distinct")
        return (
            [frozenset(map(str, group)) for group in data if isinstance(group, list)] if isinstance(data, list) else []
        )

    def ids(self, kind: str) -> dict[str, str]:
        """The path by id of all files of a kind; only their names are read."""
        if kind not in self._ids:
            found: dict[str, str] = {}
            for path, flaw in self.tree.walk(self.folders[kind]) if kind in self.folders else ():
                if not flaw and (identity := one.id_of(path, self.schemas.form(kind))):
                    found.setdefault(identity, path)
            self._ids[kind] = found
        return self._ids[kind]

    def _first(self, key: edges.Ends, record: Record) -> str:
        """The first file that holds the same dependency; others are parsed only where they may."""
        if self._from is None:
            self._from = {}
            for path, flaw in self.tree.walk(self.folders[record.kind]):
                for name in () if flaw else set(edges.named_from(self._raw(path))):
                    self._from.setdefault(name, []).append(path)
        same = (path for path in self._from.get(key[0], ()) if path < record.path)
        return min((path for path in same if edges.ends(self._data(path)) == key), default=record.path)

    def environments(self) -> tuple[str, ...] | None:
        """The environments that the settings name; None where they cannot be read."""
        if not self._environments:
            from stocktake.load.environments import read_environments

            self._environments.append(read_environments(self.tree))
        return self._environments[0]

    def _exists(self, address: str) -> bool:
        kind, _, identity = address.partition("/")
        return identity in self.ids(kind) or identity in self._nearby(kind)

    def _nearby(self, kind: str) -> Mapping[str, tuple[Tree, str, str]]:
        """The records of a kind in registries that the settings include."""
        if self._has_included is None:
            self._has_included = b"include" in self._raw(SETTINGS)
        if self._included is None and self._has_included:
            from stocktake.pipeline.include import Nearby

            self._included = Nearby(self.tree, self.schemas)
        return self._included.of(kind) if self._included else {}

    def type_of(self, address: str) -> str:
        """The type of an asset; empty where it cannot be read."""
        return str(self._at(address).get("type") or "")

    def _at(self, address: str) -> dict[str, Any]:
        """What the record at an address says; nothing where there is none that can be read."""
        kind, _, identity = address.partition("/")
        path = self.ids(kind).get(identity)
        if path:
            return self._data(path)
        other = self._nearby(kind).get(identity)
        return self._data(other[1], other[0]) if other else {}

    def _raw(self, path: str, tree: Tree | None = None) -> bytes:
        try:
            return (tree or self.tree).read(path, yaml.SIZE_AT_MOST)
        except InputError:
            return b""

    def _data(self, path: str, tree: Tree | None = None) -> dict[str, Any]:
        """What a record says; nothing where it cannot be read."""
        raw = self._raw(path, tree)
        if path.endswith(".md"):
            from stocktake.load.front_matter import split

            raw = split(raw, path)[0]
        try:
            data, _ = yaml.parse(raw, "")
        except InputError:
            return {}
        return data if isinstance(data, dict) else {}


def _placing(path: str, raw: bytes) -> Callable[[], Document]:
    kept: list[Document] = []

    def place() -> Document:
        if not kept:
            from stocktake.pipeline.estate import places

            kept.append(places(path, raw))
        return kept[0]

    return place

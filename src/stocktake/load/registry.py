"""Read the whole registry: every record file of every kind, with all problems at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from stocktake.errors import InputError, Problem
from stocktake.load import record as one
from stocktake.load.files import Tree, flawed
from stocktake.load.schemas import Schemas
from stocktake.load.twins import Twins
from stocktake.load.yaml import SIZE_AT_MOST
from stocktake.model.record import Record
from stocktake.values.text import closest, shown

# What may lie in a registry folder without being a record.
_IGNORED = ("README.md",)
Sound = dict[tuple[str, bytes], Record]  # by path and content


def read_records(tree: Tree, schemas: Schemas) -> tuple[list[Record], list[Problem]]:
    """All records and all problems of single files."""
    files, problems = listed(tree, schemas)
    records, wrong = read_files(tree, schemas, files)
    return records, [*problems, *wrong, *duplicates(records)]


def listed(tree: Tree, schemas: Schemas) -> tuple[list[tuple[str, str]], list[Problem]]:
    """The path and the kind of each record, and what is wrong with what else lies there."""
    files: list[tuple[str, str]] = []
    problems: list[Problem] = []
    if not tree.has_folder("registry"):
        hint = "Run this inside a repository made by `stocktake init`."
        problems.append(Problem("registry", 0, 0, "", "there is no registry folder", hint))
    for path, kind, flaw in record_files(tree, schemas.folders()):
        if flaw:
            problems.append(flaw)
        else:
            files.append((path, kind))
    return files, problems


def read_files(
    tree: Tree, schemas: Schemas, files: Iterable[tuple[str, str]], sound: Sound | None = None
) -> tuple[list[Record], list[Problem]]:
    """The records in these files, by path and kind, and all problems of each alone. `sound` are records that were read
    elsewhere by the same schemas; those that are sound here are added to them.
    """
    records: list[Record] = []
    problems: list[Problem] = []
    read, twins, folders = tree.read, Twins(tree), schemas.folders()
    for path, kind in files:
        try:
            raw = read(path, SIZE_AT_MOST)
            known = sound.get((path, raw)) if sound else None
            found, wrong = (known, []) if known else one.read(raw, path, kind, schemas)
        except InputError as error:
            problems += error.problems
            continue
        if wrong:
            problems += wrong
        if path.count("/") > folders[kind].count("/") + 1:  # in a folder that people named
            problems += twins.problems(path, path.rpartition("/")[0])
        if found is not None:
            records.append(found)
            if sound is not None and not wrong:
                sound[path, raw] = found
    return records, problems


def record_files(tree: Tree, folders: dict[str, str]) -> Iterator[tuple[str, str, Problem | None]]:
    """(path, kind, problem) of all that lies in the folders of the kinds; what is no record there is a problem."""
    roots = sorted({"registry"} | {folder for folder in folders.values() if not folder.startswith("registry/")})
    kinds: dict[str, str | None] = {}
    for root in roots:
        for path, flaw in tree.walk(root):
            folder, _, name = path.rpartition("/")
            if name in _IGNORED:
                continue
            if folder not in kinds:
                kinds[folder] = one.kind_of(path, folders)
            kind = kinds[folder]
            if flaw:
                yield path, "", flawed(path, flaw)
            elif kind is None:
                yield path, "", stray(path, folders)
            else:
                yield path, kind, None


def is_ignored(path: str) -> bool:
    """Whether a file may lie in the folder of a kind without being a record: a README, or hidden."""
    parts = path.split("/")
    return parts[-1] in _IGNORED or any(part.startswith(".") for part in parts)


def stray(path: str, folders: dict[str, str]) -> Problem:
    """A file that is in the folder of no kind."""
    parts = path.split("/")
    if parts[0] != "registry":
        return Problem(path, 0, 0, "", "is not in the folder of a kind", f"Folders are {', '.join(folders.values())}.")
    known = sorted(folder.partition("/")[2] for folder in folders.values() if folder.startswith("registry/"))
    if len(parts) == 2:
        return Problem(
            path, 0, 0, "", "belongs to no kind", f"Move it into the folder of its kind: {', '.join(known)}."
        )
    guess = closest(parts[1], known)
    hint = f"Did you mean registry/{guess}?" if guess else f"Folders are {', '.join(known)}."
    return Problem(path, 0, 0, "", f"registry/{shown(parts[1])} is not the folder of a kind", hint)


def duplicates(records: list[Record]) -> list[Problem]:
    """Ids that two files of one kind share."""
    if len({(record.kind, record.id) for record in records}) == len(records):
        return []
    first: dict[str, Record] = {}
    problems = []
    for record in sorted(records, key=lambda record: record.path):
        other = first.setdefault(record.address, record)
        if other is not record:
            problems.append(
                Problem(
                    record.path,
                    0,
                    0,
                    "",
                    f"{record.address} exists already in {other.path}",
                    "Rename one of the files.",
                )
            )
    return problems

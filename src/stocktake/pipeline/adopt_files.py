"""Read what is to be adopted: which files, by which names, and what each of them holds."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from stocktake.discover.engines import ENGINES
from stocktake.discover.reading import NotUnderstoodError
from stocktake.discover.yaml import Node
from stocktake.discover.yaml import documents as yaml_documents
from stocktake.errors import UsageError
from stocktake.exchange.adopt import backstage, decision, document, inventory, matrix
from stocktake.exchange.adopt.columns import kind_of
from stocktake.exchange.adopt.draft import Found, shortened
from stocktake.exchange.adopt.table import UnreadableError, decoded, tables
from stocktake.exchange.adopt.words import PRODUCTS, Engine
from stocktake.load.files import Tree, is_folder
from stocktake.model.estate import Estate

TABLES = (".csv", ".tsv", ".xlsx")
TEXTS = (".adoc", ".markdown", ".md", ".org", ".rst", ".txt")
OTHERS = (".doc", ".docx", ".drawio", ".html", ".odt", ".pdf", ".ppt", ".pptx", ".vsdx")
YAML = (".yaml", ".yml")
# What is ours already, where somebody names the repository itself.
_OURS = ("adr/", "build/", "docs/runbooks/", "observed/", "registry/", "schemas/", "tests/")
_SIZE_AT_MOST = 20_000_000
_FILES_AT_MOST = 5_000


class File(NamedTuple):
    """A file by a name that says where it lies: in the repository, else below the folder that was named."""

    name: str
    raw: bytes


class Words(NamedTuple):
    """How to read tables: as which kind, with which type where none is said, and which fact a heading is."""

    kind: str
    type: str
    columns: Mapping[str, str]


def files(tree: Tree, paths: Sequence[str]) -> tuple[list[File], list[str]]:
    """What is read, by a name that says where it lies: in the repository, else below what was named."""
    found: dict[str, File] = {}
    told: list[str] = []
    for path in paths:
        if is_folder(path):
            place, inside = Tree(path), [(one, flaw) for one, flaw in Tree(path).walk("")]
        else:
            place, inside = Tree(os.path.dirname(path) or "."), [(os.path.basename(path), "")]
        for one, flaw in inside:
            name = _called(tree, place, one, is_folder(path))
            if name.startswith(_OURS) or not _is_read(name):
                continue
            if flaw:
                told.append(f"{name}: {flaw}")
                continue
            raw = place.read(one, _SIZE_AT_MOST)
            if len(raw) > _SIZE_AT_MOST:
                told.append(f"{name}: is larger than {_SIZE_AT_MOST // 1_000_000} MB")
            else:
                found[name] = File(name, raw)
    if len(found) > _FILES_AT_MOST:
        raise UsageError(f"There are more than {_FILES_AT_MOST} files", "Name fewer folders at once.")
    return [found[name] for name in sorted(found)], told


def _called(tree: Tree, place: Tree, one: str, is_folder: bool) -> str:
    full = os.path.join(place.root, one)
    inside = os.path.relpath(full, tree.root).replace(os.sep, "/")
    if not inside.startswith("../"):
        return inside
    return f"{os.path.basename(place.root)}/{one}" if is_folder else one


def _is_read(name: str) -> bool:
    return name.lower().endswith((*TABLES, *TEXTS, *OTHERS, *YAML))


def found_in(files: Iterable[File], estate: Estate, wanted: Words) -> tuple[dict[str, Found], list[str]]:
    """What each file holds, by its name; what cannot be read is told, and what is of no catalogue is left out."""
    engines = {
        word: Engine(name, one.type) for name, one in ENGINES.items() for word in (name, *one.words) if len(word) > 2
    }
    words = inventory.Known(
        frozenset().union(*estate.groups.values()),
        {**engines, **PRODUCTS},
        frozenset(estate.settings.environments),
        wanted.type,
    )
    catalogues, told = _catalogues(files)
    people = [pair for entities in catalogues.values() for pair in backstage.members(entities)]
    found: dict[str, Found] = {}
    for file in files:
        if file.name in catalogues:
            found[file.name] = backstage.read(file.name, catalogues[file.name], words, people)
        elif file.name.lower().endswith(TABLES):
            try:
                found[file.name] = _table(file, words, wanted)
            except UnreadableError as error:
                told.append(f"{file.name}: {error}")
        elif not file.name.lower().endswith(YAML):
            text = decoded(file.raw) if file.name.lower().endswith(TEXTS) else ""
            found[file.name] = _document(file.name, text)
    return found, told


def _document(name: str, text: str) -> Found:
    """A document, and the decision in it where it is one."""
    found, made = document.read(name, text), decision.read(name, text)
    if made is None and decision.is_one(text):
        question = f"When was {found.title or name!r} decided, and is it in force? {name} does not say"
        return found._replace(questions=(shortened(question), *found.questions))
    return found._replace(drafts=(made,) if made else ())


def _table(file: File, words: inventory.Known, wanted: Words) -> Found:
    parts = []
    if not (every := tables(file.name, file.raw)):
        raise UnreadableError("holds no table")
    for table in every:
        if matrix.is_matrix(table) and not wanted.kind:
            parts.append(matrix.read(table))
        else:
            parts.append(inventory.read(table, wanted.kind or kind_of(table.columns), words, wanted.columns))
    return Found(
        tuple(draft for part in parts for draft in part.drafts),
        tuple(line for part in parts for line in part.told),
        tuple(question for part in parts for question in part.questions),
    )


def _catalogues(files: Iterable[File]) -> tuple[dict[str, list[tuple[int, Mapping[str, Any]]]], list[str]]:
    """The entities in files of Backstage, by file."""
    found: dict[str, list[tuple[int, Mapping[str, Any]]]] = {}
    told = []
    for file in files:
        if not file.name.lower().endswith(YAML) or b"backstage.io/" not in file.raw:
            continue
        try:
            nodes = yaml_documents(decoded(file.raw))
        except NotUnderstoodError as error:
            told.append(f"{file.name}:{error.line}: {error.message}")
            continue
        entities = [(node.line, _plain(node)) for node in nodes]
        if of_catalogue := [(line, one) for line, one in entities if backstage.is_entity(one)]:
            found[file.name] = of_catalogue
    return found, told


def _plain(node: Node) -> Any:
    """A document as plain values; what an alias repeats is repeated, which the reader has bounded."""
    if isinstance(node.value, dict):
        return {key: _plain(one) for key, one in node.value.items()}
    return [_plain(one) for one in node.value] if isinstance(node.value, list) else node.value

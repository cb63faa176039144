"""Make a starting record and say where it belongs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from stocktake.edit.new import record_text
from stocktake.errors import UsageError
from stocktake.load.files import Tree, schema_folder
from stocktake.load.record import ID, kind_of
from stocktake.load.registry import record_files
from stocktake.load.schemas import Schemas, read_schemas
from stocktake.values.text import closest, shown


def new(
    tree: Tree, kind: str, identity: str, facts: Mapping[str, Any], today: date, within: str = ""
) -> tuple[str, str]:
    """(path, text) of a new record; `within` is a sub-folder of its kind's folder.

    Raises UsageError where the kind is unknown, the id is no id, or the record exists.
    """
    schemas = read_schemas(Tree(schema_folder()), tree)
    folder = _folder(schemas, kind)
    if not ID.match(identity):
        raise UsageError(
            f'"{shown(identity)}" is not an id',
            "Use small letters, digits and hyphens, beginning with a letter or digit.",
        )
    parts = [part for part in within.split("/") if part]
    if not all(ID.match(part) for part in parts):
        raise UsageError(f'"{shown(within)}" is not a sub-folder of {folder}', "Use small letters, digits and hyphens.")
    found = schemas.kind(kind)
    ending = "md" if found.format == "markdown" else "yaml"
    _refuse_double(tree, schemas, kind, f"{identity}.{ending}")
    path = "/".join([folder, *parts, f"{identity}.{ending}"])
    schema = resolved(schemas, kind)
    return path, record_text(found, schema, identity, facts, today.isoformat(), "../" * path.count("/"))


def _folder(schemas: Schemas, kind: str) -> str:
    folders = schemas.folders()
    if kind not in folders:
        guess = closest(kind, folders)
        hint = f"Did you mean {guess}?" if guess else f"Kinds are {', '.join(folders)}."
        raise UsageError(f'There is no kind "{shown(kind)}"', hint)
    return folders[kind]


def _refuse_double(tree: Tree, schemas: Schemas, kind: str, name: str) -> None:
    folders = schemas.folders()
    for path, _, _ in record_files(tree, folders):
        if kind_of(path, folders) == kind and path.rpartition("/")[2] == name:
            raise UsageError(f"{path} exists already", "Edit it, or choose another id.")


def resolved(schemas: Schemas, kind: str) -> dict[str, Any]:
    """The properties of a kind with what they include, so that examples and choices are at hand."""
    properties: dict[str, Any] = {}
    for part, home in schemas.parts(schemas.documents[kind], kind):
        for name, value in part.get("properties", {}).items():
            merged: dict[str, Any] = {}
            for piece, _ in schemas.parts(value, home):
                merged = {**piece, **merged}
            properties[name] = merged
    return {"properties": properties}

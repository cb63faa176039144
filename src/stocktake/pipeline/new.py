"""Make a starting record and say where it belongs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from stocktake.edit.new import record_text
from stocktake.errors import InputError, UsageError
from stocktake.load.files import Tree, schema_folder
from stocktake.load.record import ID, kind_of
from stocktake.load.registry import record_files
from stocktake.load.scalars import resolve
from stocktake.load.schemas import Schemas, read_schemas
from stocktake.load.validate import Fault, Path
from stocktake.model.kind import Kind
from stocktake.pipeline.check_files import Checker
from stocktake.values.text import closest, shown


def new(
    tree: Tree, kind: str, identity: str, facts: Mapping[str, Any], today: date, within: str = ""
) -> tuple[str, str]:
    """(path, text) of a new record; `facts` are nested texts, `within` is a sub-folder of its kind's folder.

    Raises UsageError where the kind is unknown, the id is no id, the record exists, or one that it needs does not;
    InputError where the record would be wrong.
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
    checker = Checker(tree, schemas)
    known = {**_chosen(found, checker, facts), **_typed(schemas.validator(kind).faults(facts), facts)}
    text = record_text(found, resolved(schemas, kind), identity, known, today.isoformat(), "../" * path.count("/"))
    if problems := checker.content(path, kind, text.encode("utf-8", "surrogatepass")):
        raise InputError(problems)
    return path, text


def _chosen(kind: Kind, checker: Checker, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What the record must name and was not told: something that exists, each only once."""
    chosen: dict[str, Any] = {}
    for reference in kind.references:
        name = reference.pattern
        if name in kind.required and name not in facts:
            addresses = [
                f"{other}/{one}" for other in _asset_first(reference.kinds) for one in sorted(checker.ids(other))
            ]
            if reference.types:
                addresses = [one for one in addresses if checker.type_of(one) in reference.types]
            if len(reference.kinds) == 1:
                addresses = [address.partition("/")[2] for address in addresses]
            taken = (*chosen.values(), *facts.values())
            chosen[name] = _first(
                [one for one in addresses if one not in taken], kind.name, name, _asset_first(reference.kinds)[0]
            )
    for name, _ in kind.environments:
        if name in kind.required and name not in facts:
            environments = checker.environments() or ()
            if not environments:
                raise UsageError(
                    f"A {kind.name} names an environment, and stocktake.yaml names none",
                    "Add one there, such as `environments: {production: {}}`.",
                )
            chosen[name] = environments[0]
    return chosen


def _asset_first(kinds: tuple[str, ...]) -> list[str]:
    return sorted(kinds, key=lambda kind: (kind != "asset", kind))


def _first(addresses: list[str], kind: str, name: str, wanted: str) -> str:
    if not addresses:
        hint = f"Run `stocktake new {wanted} ID` first."
        raise UsageError(f"A {kind} says `{name}`, and there is no {wanted} that it could name", hint)
    return addresses[0]


def _typed(faults: Iterable[Fault], facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """The facts with numbers, lists and truth values where the schema wants them: texts are all that was given."""
    for fault in faults:
        if fault.keyword == "type" and isinstance(fault.value, str):
            facts = _put(facts, fault.path, _as(fault.schema["type"], fault.value))
    return facts


def _as(wanted: str, text: str) -> Any:
    if wanted == "array":
        return [part.strip() for part in text.split(",")]
    try:
        return resolve(text) if wanted in ("integer", "number", "boolean") else text
    except ValueError:
        return text


def _put(facts: Mapping[str, Any], path: Path, value: Any) -> Mapping[str, Any]:
    if not path:
        return dict(value)
    first = str(path[0])
    return {**facts, first: value if len(path) == 1 else _put(facts[first], path[1:], value)}


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

"""Make a starting record and say where it belongs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from stocktake.edit.new import missing, record_text
from stocktake.errors import InputError, UsageError
from stocktake.load.files import Tree, schema_folder
from stocktake.load.messages import MISSING
from stocktake.load.record import ID
from stocktake.load.scalars import resolve
from stocktake.load.schemas import Schemas, read_schemas
from stocktake.load.validate import Fault, Path
from stocktake.model.kind import Kind
from stocktake.pipeline.check_files import Checker
from stocktake.values.text import closest, shown

_NUMBER = re.compile(r"([0-9]{4})-")


class Written(NamedTuple):
    """A new record: its file, and the fields that somebody has to say before it is one."""

    path: str
    text: str
    asked: tuple[str, ...]


def new(tree: Tree, kind: str, identity: str, facts: Mapping[str, Any], today: date, within: str = "") -> Written:
    """A new record; `facts` are nested texts, `within` is a sub-folder of its kind's folder.

    Raises UsageError where the kind is unknown, the id is no id, or the record exists; InputError where something
    that was given is wrong.
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
    found, checker = schemas.kind(kind), Checker(tree, schemas)
    title = _NUMBER.sub("", identity) if found.numbered else identity
    name = _name(found, identity, checker.ids(kind))
    path = "/".join([folder, *parts, f"{name}.{'md' if found.format == 'markdown' else 'yaml'}"])
    properties = resolved(schemas, kind)
    called = {"name": title.replace("-", " ").capitalize()} if "name" in properties["properties"] else {}
    known = {**called, **typed(schemas.validator(kind).faults(facts), facts)}
    text = record_text(found, properties, name, known, today.isoformat(), "../" * path.count("/"))
    asked = missing(found, properties, known)
    wrong = checker.content(path, kind, text.encode("utf-8", "surrogatepass"))
    if wrong := [one for one in wrong if one.message != MISSING or one.field not in asked]:
        raise InputError(wrong)
    return Written(path, text, tuple(asked))


def _name(kind: Kind, identity: str, taken: Mapping[str, str]) -> str:
    """The id, with the next number where records of the kind are numbered.

    Raises UsageError where there is such a record.
    """
    numbers = [found for one in taken if (found := _NUMBER.match(one))] if kind.numbered else []
    same = next((one for one in taken if identity in (one, kind.numbered and _NUMBER.sub("", one))), None)
    if same:
        raise UsageError(f"{taken[same]} exists already", "Edit it, or choose another id.")
    if not kind.numbered or _NUMBER.match(identity):
        return identity
    return f"{max((int(found[1]) for found in numbers), default=0) + 1:04}-{identity}"


def typed(faults: Iterable[Fault], facts: Mapping[str, Any]) -> Mapping[str, Any]:
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

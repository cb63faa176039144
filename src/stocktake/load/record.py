"""One file becomes one record, or the problems that keep it from being one."""

from __future__ import annotations

import re
from typing import Any

from stocktake.errors import Problem
from stocktake.load import yaml
from stocktake.load.files import told
from stocktake.load.schemas import Schemas
from stocktake.model.record import Record
from stocktake.values.suspicion import is_suspicious, may_be_suspicious

ID = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
_AGAIN = "Type it again, so that whoever looks for it finds it."
_SUFFIXES = {"yaml": ".yaml", "markdown": ".md"}


def kind_of(path: str, folders: dict[str, str]) -> str | None:
    """The kind whose folder a path lies in, the deepest one where folders are nested."""
    inside = [(len(folder), kind) for kind, folder in folders.items() if path.startswith(f"{folder}/")]
    return max(inside)[1] if inside else None


def id_of(path: str, form: str) -> str:
    """The id that the name of a record's file says; empty where it says none."""
    name = path.rpartition("/")[2]
    stem = name.removesuffix(_SUFFIXES[form])
    return stem if stem != name and ID.match(stem) else ""


def id_problems(path: str, form: str) -> list[Problem]:
    """What is wrong with the name of a record's file."""
    name = path.rpartition("/")[2]
    suffix = _SUFFIXES[form]
    stem = name.removesuffix(suffix)
    if stem == name:
        return [Problem(path, 0, 0, "", f"is not a {suffix} file", "A record's file name is its id and that ending.")]
    if not ID.match(stem):
        from stocktake.values.letters import foreign
        from stocktake.values.text import shown

        said = f'"{shown(stem)}" is not an id{foreign(stem)}'
        return [
            Problem(
                path,
                0,
                0,
                "",
                said,
                "Rename the file: small letters, digits and hyphens, beginning with a letter or digit.",
            )
        ]
    return []


def read(raw: bytes, path: str, kind: str, schemas: Schemas) -> tuple[Record | None, list[Problem]]:
    """The record in a file of a kind's folder; with problems there may still be a record, so that references to it
    are not refused too.
    """
    form = schemas.form(kind)
    identity = id_of(path, form)
    if not identity:
        return None, id_problems(path, form)
    body = ""
    if form == "markdown":
        from stocktake.load.front_matter import split

        raw, body, wrong = split(raw, path)
        if wrong:
            return Record(kind, identity, path, {}), wrong
    data, wrong = yaml.parse(raw, path)
    if not wrong:
        wrong = check(data, raw, path, kind, schemas)
        if not raw.isascii():
            wrong = wrong + _look_alikes(data, raw, path)
    found = secrets(raw, body, path, kind, schemas)
    return Record(kind, identity, path, data or {}, body), wrong + found if found else wrong


def _look_alikes(data: dict[str, Any], raw: bytes, path: str) -> list[Problem]:
    """Names that look like others and are not; prose may hold what it likes."""
    from stocktake.load.strict import parse
    from stocktake.values.letters import look_alikes
    from stocktake.values.text import shown

    aliases = data["aliases"] if isinstance(data.get("aliases"), list) else []
    names: list[tuple[tuple[str | int, ...], Any]] = [(("name",), data.get("name"))]
    names += [(("aliases", number), alias) for number, alias in enumerate(aliases)]
    said = [(at, name, look_alikes(name)) for at, name in names if isinstance(name, str)]
    document = parse(raw.decode()) if any(one for _, _, one in said) else None
    return [
        Problem(path, *document.place(at), yaml.field(at), f'"{shown(name)}" {one}', _AGAIN)
        for at, name, one in said
        if one and document
    ]


def check(data: Any, raw: bytes, path: str, name: str, schemas: Schemas) -> list[Problem]:
    """What the schema called `name` says against the data."""
    validator = schemas.validator(name)
    try:
        if validator.is_valid(data):
            return []
    except ValueError:  # a value that JSON does not know: told by its place below
        pass
    from itertools import islice

    from stocktake.load.messages import problems
    from stocktake.load.strict import parse
    from stocktake.load.validate import FAULTS_AT_MOST

    faults = islice(validator.faults(data), FAULTS_AT_MOST)
    return told(problems(path, faults, parse(raw.decode()), schemas.shape(name)))


def secrets(raw: bytes, body: str, path: str, name: str, schemas: Schemas) -> list[Problem]:
    """Secret-looking values anywhere in the file; `name` is that of its schema."""
    if not (may_be_suspicious(raw) or (body and is_suspicious(body))):
        return []
    from stocktake.load.leaks import in_record  # what it knows of secrets takes a while to compile

    return in_record(raw.decode(errors="replace"), body, path, schemas.shape(name))

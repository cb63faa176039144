"""Move the records of a registry to the present schema, all at once or none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from stocktake.edit.follow import follow
from stocktake.edit.migrate import NEWEST, STEPS, Step, called, due
from stocktake.errors import InputError, Problem
from stocktake.load import yaml
from stocktake.load.environments import FILE
from stocktake.load.files import Tree, schema_folder
from stocktake.load.registry import record_files
from stocktake.load.schemas import Schemas, read_schemas
from stocktake.load.strict import parse

SETTINGS = "settings"
_SCHEMA = re.compile(r"^(\"schema\"|'schema'|schema)(\s*:\s*)(-?[0-9]+)", re.MULTILINE)


class Migrated(NamedTuple):
    """A file before and after, and what was done to it in words."""

    path: str
    before: str
    after: str
    says: tuple[str, ...]


def migrate(tree: Tree, steps: Sequence[Step] = STEPS, newest: int = NEWEST) -> list[Migrated]:
    """Every file that changes, the settings with their version last.

    Raises InputError where a file cannot be read or rewritten, or is of a version that this Stocktake does not know.
    """
    schemas = read_schemas(Tree(schema_folder()), tree)
    said = _version(tree, newest)
    found, problems = [], []
    for path, kind, flaw in (*record_files(tree, schemas.folders()), (FILE, SETTINGS, None)):
        try:
            if flaw is not None:
                raise InputError([flaw])
            own = Step(newest, kind, "other names of fields became ours", called(_fields(schemas, kind)))
            one = _one(tree, path, [*due(steps, said, newest, kind), own])
        except InputError as error:
            problems += error.problems
            continue
        if kind == SETTINGS and said != newest:
            one = one._replace(after=_with_version(one.after, newest), says=(*one.says, f"schema is {newest}"))
        if one.after != one.before:
            found.append(one)
    if problems:
        raise InputError(problems)
    return found


def _fields(schemas: Schemas, kind: str) -> frozenset[str]:
    return frozenset(schemas.shape(kind).fields or ())


def _version(tree: Tree, newest: int) -> int:
    """The version that the settings say.

    Raises InputError where they say none, or a newer one.
    """
    if not tree.has(FILE):
        hint = "Run this inside a repository made by `stocktake init`."
        raise InputError([Problem(FILE, 0, 0, "", "there is no such file", hint)])
    raw = tree.read(FILE, yaml.SIZE_AT_MOST)
    if wrong := yaml.encoding_problems(raw, FILE):
        raise InputError(wrong)
    document = parse(raw.decode())
    said = document.data.get("schema") if isinstance(document.data, dict) else None
    place = document.place(("schema",))
    if not isinstance(said, int) or isinstance(said, bool):
        hint = f"Write `schema: {newest}`, or the version that the records were written for."
        raise InputError([Problem(FILE, *place, "schema", "says no version", hint)])
    if said > newest:
        message = f"is {said}, and this Stocktake knows versions up to {newest}"
        raise InputError([Problem(FILE, *place, "schema", message, "Install a newer Stocktake.")])
    return said


def _one(tree: Tree, path: str, steps: Iterable[Step]) -> Migrated:
    raw = tree.read(path, yaml.SIZE_AT_MOST)
    if wrong := yaml.encoding_problems(raw, path):
        raise InputError(wrong)
    text = raw.decode()
    start, end = _front(text) if path.endswith(".md") else (0, len(text))
    if start == end:  # nothing to move; a check says what is missing
        return Migrated(path, text, text, ())
    data, wrong = yaml.parse(text[start:end].encode(), path)
    if wrong:
        above = text.count("\n", 0, start)
        raise InputError([problem._replace(line=problem.line + above) for problem in wrong])
    after, says = text[start:end], []
    for step in steps if isinstance(data, dict) else ():
        goal = step.change(data)
        if goal != data:
            after, data = _followed(after, goal, path, step), goal
            says.append(step.says)
    return Migrated(path, text, f"{text[:start]}{after}{text[end:]}", tuple(says))


def _followed(text: str, goal: Any, path: str, step: Step) -> str:
    after = follow(text, goal, parse)
    if after is None:
        hint = "Make the change by hand, then run `stocktake migrate` again."
        raise InputError([Problem(path, 1, 1, "", f"cannot be rewritten as it is written ({step.says})", hint)])
    return after


def _front(text: str) -> tuple[int, int]:
    """Where the front matter of a page begins and ends; nothing of it where it has none."""
    fences = [found.start() for found in re.finditer(r"^---[ \t]*\r?$", text, re.MULTILINE)][:2]
    if len(fences) < 2 or fences[0]:
        return 0, 0
    return text.index("\n") + 1, fences[1]


def _with_version(text: str, newest: int) -> str:
    return _SCHEMA.sub(lambda found: f"{found[1]}{found[2]}{newest}", text, count=1)


def told(found: Iterable[Migrated]) -> Iterator[str]:
    """Each file that changes with what was done to it."""
    for one in found:
        yield f"{one.path}: {'; '.join(dict.fromkeys(one.says))}"

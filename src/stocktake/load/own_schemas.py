"""Read the schemas of a team's own kinds: what they say is checked before anything is judged by it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from stocktake.errors import InputError, Problem
from stocktake.load import objects
from stocktake.load.files import Tree, told
from stocktake.load.keywords import Path, Schema, Wrong, subschemas, wrong
from stocktake.model.audience import AUDIENCES
from stocktake.values.text import closest, shown

SUFFIX = ".schema.json"
_NAME = re.compile(r"[a-z][a-z0-9-]*\Z")
_HOME = "https://stocktake.dev/schemas/"
_FORMATS = ("markdown", "yaml")
_BLOCK: dict[str, tuple[type[Any], str]] = {
    "audience": (dict, "an object"),
    "columns": (list, "a list of texts"),
    "numbered": (bool, "true or false"),
    "people": (list, "a list of texts"),
    "plural": (str, "text"),
    "sections": (dict, "an object"),
    "title": (str, "text"),
}
_TAKEN = ("build", "observed", "reports", "schemas")
# What applies to the same value as the schema that it stands in.
_IN_PLACE = ("allOf", "anyOf", "else", "if", "not", "oneOf", "then")


def read(tree: Tree, names: Iterable[str], ours: Mapping[str, Schema]) -> dict[str, dict[str, Any]]:
    """The schemas of these names in `schemas/` by name; `ours` are those that are built in.

    Raises InputError with everything that is wrong with them.
    """
    found: dict[str, dict[str, Any]] = {}
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for name in names:
        if not _NAME.match(name):
            hint = "Rename the file: small letters, digits and hyphens, beginning with a letter."
            problems.append(Problem(path_of(name), 0, 0, "", f'"{shown(name)}" is not the name of a kind', hint))
            continue
        raw = tree.read(path_of(name))
        data, flaws = objects.read(raw, path_of(name))
        problems += flaws
        if not flaws and not isinstance(data, dict):
            problems.append(Problem(path_of(name), 1, 1, "", "is not a JSON object", "A schema is a JSON object."))
        elif not flaws:
            found[name], texts[name] = {"$id": f"{_HOME}{name}{SUFFIX}", **data}, raw.decode()
    for name, schema in found.items():
        problems += _placed(name, texts[name], list(wrong(schema)) or list(_meaning(name, schema, {**ours, **found})))
    if problems:
        raise InputError(problems)
    return found


def path_of(name: str) -> str:
    """The file of a schema in a repository."""
    return f"schemas/{name}{SUFFIX}"


def _placed(name: str, text: str, flaws: list[Wrong]) -> list[Problem]:
    places = objects.places(text) if flaws else {}
    found = []
    for path, message, hint in flaws:
        nearest = next(path[:size] for size in range(len(path), -1, -1) if path[:size] in places)
        found.append(
            Problem(path_of(name), *places[nearest], ".".join(shown(str(step)) for step in path), message, hint)
        )
    return told(sorted(found))


def _meaning(name: str, schema: Schema, every: Mapping[str, Schema]) -> Iterator[Wrong]:
    """What is wrong with what a schema names: itself, others, kinds, groups, and the folder of its records."""
    if schema["$id"] != f"{_HOME}{name}{SUFFIX}":
        yield ("$id",), f"is not {_HOME}{name}{SUFFIX}", "References between schemas are found by it."
    flaws = [one for where, inner in subschemas(schema) for one in _names(name, where, inner, every)]
    yield from flaws
    if not flaws and (circle := _circle(name, schema, every)):
        yield circle, "leads back to itself", "A schema may name itself only for values inside of its own."
    if "x-registry" in schema:
        yield from _registry(name, schema["x-registry"], every)


def _names(name: str, where: Path, schema: Schema, every: Mapping[str, Schema]) -> Iterator[Wrong]:
    if "$ref" in schema and (said := _reference(schema["$ref"], name, every)):
        yield (*where, "$ref"), f"{shown(schema['$ref'])} {said[0]}", said[1]
    if "x-ref" in schema:
        kinds = [schema["x-ref"]] if isinstance(schema["x-ref"], str) else schema["x-ref"]
        known = [kind for kind, other in every.items() if "x-registry" in other]
        if not isinstance(kinds, list) or not kinds or not all(isinstance(kind, str) for kind in kinds):
            yield (*where, "x-ref"), "is not a kind or a list of kinds", ""
        else:
            for kind in [kind for kind in kinds if kind not in known]:
                guess = closest(kind, known)
                hint = f"Did you mean {guess}?" if guess else ""
                yield (*where, "x-ref"), f"{shown(kind)} is not a kind of record", hint
    groups = sorted(every.get("asset", {}).get("x-groups", {}))
    if "x-ref-group" in schema and schema["x-ref-group"] not in groups:
        yield (*where, "x-ref-group"), f"is not one of {', '.join(groups)}", ""


def _reference(reference: str, name: str, every: Mapping[str, Schema]) -> tuple[str, str] | None:
    """What is wrong with a `$ref`, and what to do."""
    uri, _, pointer = reference.partition("#")
    other = uri.removeprefix(_HOME).removesuffix(SUFFIX) if uri else name
    if other not in every or (uri and not uri.endswith(SUFFIX)):
        here = ", ".join(f"{known}{SUFFIX}" for known in sorted(every) if known == "common" or closest(other, [known]))
        return "is not one of the schemas here, and nothing is fetched from elsewhere", f"Here are {here} and others."
    target, _ = _target(reference, name, every)
    if (pointer and not pointer.startswith("/")) or not isinstance(target, (bool, dict)):
        names = sorted(every[other].get("$defs", ()))
        guess = closest((pointer or "").rpartition("/")[2], names)
        return "names nothing", f"Did you mean {uri}#/$defs/{guess}?" if guess else "A reference is FILE#/$defs/NAME."
    return None


def _circle(name: str, schema: Schema, every: Mapping[str, Schema]) -> Path | None:
    """Where a reference leads back to a schema about the same value, which no validator would ever finish."""
    for where, inner in subschemas(schema):
        if "$ref" in inner and _leads_to(inner, inner, name, every, ()):
            return (*where, "$ref")
    return None


def _leads_to(schema: Any, end: Schema, home: str, every: Mapping[str, Schema], passed: tuple[int, ...]) -> bool:
    if not isinstance(schema, dict) or id(schema) in passed:
        return False
    nexts: list[tuple[Any, str]] = []
    if "$ref" in schema:
        nexts.append(_target(schema["$ref"], home, every))
    for key in _IN_PLACE:
        value = schema.get(key, [])
        nexts += [(inner, home) for inner in (value if isinstance(value, list) else [value])]
    return any(inner is end or _leads_to(inner, end, place, every, (*passed, id(schema))) for inner, place in nexts)


def _target(reference: str, home: str, every: Mapping[str, Schema]) -> tuple[Any, str]:
    """What a `$ref` names, None where it is nothing, and the schema in whose file it stands."""
    uri, _, pointer = reference.partition("#")
    name = uri.rsplit("/", 1)[-1].removesuffix(SUFFIX) if uri else home
    target: Any = every.get(name)
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~").replace("%24", "$")
        if isinstance(target, list):
            target = target[int(key)] if key.isdigit() and int(key) < len(target) else None
        else:
            target = target.get(key) if isinstance(target, dict) else None
    return target, name


def _registry(name: str, block: Any, every: Mapping[str, Schema]) -> Iterator[Wrong]:
    """The block that makes a kind of a schema."""
    at = ("x-registry",)
    if not isinstance(block, dict):
        yield at, "is not an object", f'Write {{"folder": "registry/{name}s"}} or more.'
        return
    form = block.get("format", "yaml")
    if form not in _FORMATS:
        yield (*at, "format"), f"is not one of {', '.join(_FORMATS)}", ""
    folder = block.get("folder")
    if not isinstance(folder, str) or not _is_folder(folder):
        yield (*at, "folder"), "is not a folder", f"Write one such as registry/{name}s."
    elif folder.split("/")[0] in _TAKEN or folder == "registry":
        yield (*at, "folder"), "is a folder for something else", f"Write one such as registry/{name}s."
    else:
        for other, schema in every.items():
            block_of = schema.get("x-registry")
            if other != name and isinstance(block_of, dict) and block_of.get("folder") == folder:
                yield (*at, "folder"), f"is the folder of {other} already", "Two kinds cannot share one."
    for key, (kind, said) in _BLOCK.items():
        value = block.get(key, kind())
        if not isinstance(value, kind) or (kind is list and not all(isinstance(one, str) for one in value)):
            yield (*at, key), f"is not {said}", ""
        elif key == "audience":
            for field, word in value.items():
                if word not in AUDIENCES:
                    yield (*at, key, field), f"is not one of {', '.join(AUDIENCES)}", ""


def _is_folder(path: str) -> bool:
    return bool(path) and all(_is_name(part) for part in path.split("/"))


def _is_name(part: str) -> bool:
    return part[:1].isalnum() and part.replace("-", "").replace("_", "").isalnum() and part.isascii()

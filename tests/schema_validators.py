"""What the tests of the schemas share: the schemas, two validators of each, and ways to walk them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import yaml_rs
from referencing import Registry, Resource

ROOT = Path(__file__).parent
FOLDER = ROOT.parent / "schemas"
CASES = ROOT / "cases" / "schemas"
SCHEMAS = {path.name.removesuffix(".schema.json"): json.loads(path.read_bytes()) for path in FOLDER.glob("*.json")}
BY_URI = {schema["$id"]: schema for schema in SCHEMAS.values()}
REGISTRY = Registry().with_resources([(uri, Resource.from_contents(schema)) for uri, schema in BY_URI.items()])
SLOW = {name: jsonschema.Draft202012Validator(schema, registry=REGISTRY) for name, schema in SCHEMAS.items()}
LINEAR = jsonschema_rs.RegexOptions()  # the engine that only accepts linear expressions


ALL = jsonschema_rs.Registry(list(BY_URI.items()))
FAST = {
    name: jsonschema_rs.Draft202012Validator(schema, registry=ALL, pattern_options=LINEAR, offline=True)
    for name, schema in SCHEMAS.items()
}


def data(path: Path) -> Any:
    return yaml_rs.loads(path.read_text("utf-8"), parse_datetime=False)


def steps(field: str) -> list[str]:
    return [step for step in re.split(r"[.\[\]]", field) if step]


def named(message: str) -> list[str]:
    """The fields that a message on a missing or unexpected field names."""
    return re.findall(r"'([^']*)'|\"([^\"]+)\" is a required", message) if message else []


def places(path: list[str | int], keyword: str, message: str) -> list[list[str]]:
    """Which fields an error is about, without positions in lists; a missing or unexpected field is itself the place."""
    start = [step for step in path if isinstance(step, str)]
    if keyword not in ("required", "unevaluatedProperties"):
        return [start]
    return [[*start, "".join(name)] for name in named(message)]


def slow_errors(kind: str, value: Any) -> Iterator[tuple[list[list[str]], str]]:
    for error in SLOW[kind].iter_errors(value):
        said = error.schema.get("errorMessage", "") if isinstance(error.schema, dict) else ""
        yield places(list(error.path), str(error.validator), error.message), f"{said} {error.message}"


def fast_errors(kind: str, value: Any) -> Iterator[list[list[str]]]:
    for error in FAST[kind].iter_errors(value):
        yield places(error.instance_path, error.kind.name, error.message)


def subschemas(schema: Any, where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema in a schema file, with its JSON pointer; values of `examples` and the like are not schemas."""
    if not isinstance(schema, dict):
        return
    yield where, schema
    for keyword in ("additionalProperties", "items", "propertyNames", "not", "if", "then"):
        yield from subschemas(schema.get(keyword), f"{where}/{keyword}")
    for keyword in ("properties", "$defs"):
        for name, inner in schema.get(keyword, {}).items():
            yield from subschemas(inner, f"{where}/{keyword}/{name}")
    for position, inner in enumerate(schema.get("allOf", [])):
        yield from subschemas(inner, f"{where}/allOf/{position}")


def resolved(schema: dict[str, Any], file: str) -> tuple[dict[str, Any], str]:
    """The schema itself, or what its `$ref` leads to, with the file that it stands in."""
    if "$ref" not in schema:
        return schema, file
    name, _, pointer = schema["$ref"].partition("#/")
    file = name.removesuffix(".schema.json") or file
    target: Any = SCHEMAS[file]
    for step in pointer.split("/"):
        target = target[step]
    return resolved(target, file)


def fields(schema: dict[str, Any], file: str) -> dict[str, tuple[dict[str, Any], str]]:
    """What an object of a schema may hold, its own and what it takes in by `$ref`, with the files they stand in."""
    taken = resolved(schema, file) if "$ref" in schema else ({}, file)
    return {
        name: (inner, home)
        for part, home in (taken, (schema, file))
        for name, inner in part.get("properties", {}).items()
    }


def unused(schema: dict[str, Any], file: str, value: dict[str, Any], where: str = "") -> Iterator[str]:
    """Fields that a value, or every entry of a mapping, leaves out; instances repeat the record and are passed over."""
    for name, (inner, home) in fields(schema, file).items():
        if name not in value:
            yield f"{where}{name}"
        elif isinstance(value[name], dict) and name != "instances":
            target, home = resolved(inner, home)
            entry = target.get("additionalProperties")
            entries = list(value[name].values()) if entry else [value[name]]
            if all(isinstance(each, dict) for each in entries):
                together = {key: inside for each in entries for key, inside in each.items()}
                yield from unused(*resolved(entry or target, home), together, f"{where}{name}.")

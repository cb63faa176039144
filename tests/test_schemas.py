"""The schemas say what they should, to two validators that share no code."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
import yaml_rs
from referencing import Registry, Resource

ROOT = Path(__file__).parent
FOLDER = ROOT.parent / "schemas"
CASES = ROOT / "cases" / "schemas"
SCHEMAS = {path.name.removesuffix(".schema.json"): json.loads(path.read_bytes()) for path in FOLDER.glob("*.json")}
BY_URI = {schema["$id"]: schema for schema in SCHEMAS.values()}
REGISTRY = Registry().with_resources([(uri, Resource.from_contents(schema)) for uri, schema in BY_URI.items()])
SLOW = {name: jsonschema.Draft202012Validator(schema, registry=REGISTRY) for name, schema in SCHEMAS.items()}
VALID = sorted(CASES.glob("*/valid/*.yaml"))
INVALID = sorted(CASES.glob("*/invalid/*.yaml"))
KINDS = sorted(name for name, schema in SCHEMAS.items() if "x-registry" in schema)
CONDITION = re.compile(r"/(if|then)(/|$)|/library$")  # what only narrows fields that are described elsewhere
PATTERN = jsonschema_rs.RegexOptions()  # the engine that only accepts linear expressions


ALL = jsonschema_rs.Registry(list(BY_URI.items()))
FAST = {
    name: jsonschema_rs.Draft202012Validator(schema, registry=ALL, pattern_options=PATTERN, offline=True)
    for name, schema in SCHEMAS.items()
}


def data(path: Path) -> Any:
    return yaml_rs.loads(path.read_text("utf-8"), parse_datetime=False)


def title(path: Path) -> str:
    return path.relative_to(CASES).as_posix().removesuffix(".yaml")


def steps(field: str) -> list[str]:
    return [step for step in re.split(r"[.\[\]]", field) if step]


def named(message: str) -> list[str]:
    """The fields that a message on a missing or unexpected field names."""
    return re.findall(r"'([^']+)'|\"([^\"]+)\" is a required", message) if message else []


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


EVERYWHERE = [(f"{name}#{where}", inner) for name in sorted(SCHEMAS) for where, inner in subschemas(SCHEMAS[name], "")]


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


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_schema_is_valid_2020_12(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])
    jsonschema_rs.meta.validate(SCHEMAS[name])

    assert SCHEMAS[name]["$id"] == f"https://stocktake.dev/schemas/{name}.schema.json"


@pytest.mark.parametrize("path", VALID, ids=title)
def test_a_valid_case_is_valid_for_both_validators(path: Path) -> None:
    kind, value = path.parts[-3], data(path)

    assert [message for _, message in slow_errors(kind, value)] == []
    assert [error.message for error in FAST[kind].iter_errors(value)] == []


@pytest.mark.parametrize("path", INVALID, ids=title)
def test_an_invalid_case_is_invalid_where_and_for_the_reason_it_says(path: Path) -> None:
    kind, value = path.parts[-3], data(path)
    field, _, fragment = path.read_text("utf-8").partition("\n")[0].removeprefix("# expect: ").partition(": ")
    found = [(place, message) for where, message in slow_errors(kind, value) for place in where]

    assert {tuple(place) for place, _ in found} == {tuple(steps(field))}
    assert fragment
    assert any(fragment in message for _, message in found)
    assert {tuple(place) for where in fast_errors(kind, value) for place in where} == {tuple(steps(field))}


@pytest.mark.parametrize("name", sorted(set(SCHEMAS) - {"common"}))
def test_the_full_case_uses_every_field(name: str) -> None:
    value, schema = data(CASES / name / "valid" / "full.yaml"), SCHEMAS[name]

    assert sorted(unused(schema, name, value)) == []


def test_every_field_has_a_description() -> None:
    silent = [
        f"{where}/{name}"
        for where, schema in EVERYWHERE
        if not CONDITION.search(where)
        for name, inner in schema.get("properties", {}).items()
        if not described(inner, where.partition("#")[0])
    ]

    assert silent == []


def described(schema: dict[str, Any], file: str) -> bool:
    """Whether it, or what it refers to, has a description of whole sentences."""
    return str(schema.get("description") or resolved(schema, file)[0].get("description")).endswith((".", ".)"))


def test_every_object_is_either_closed_or_a_mapping_keyed_by_its_user() -> None:
    """Parts that other schemas take in by `$ref` stay open, since the taker closes them."""
    parts = {"common#/$defs/base", "asset#/$defs/facts"}
    for where, schema in EVERYWHERE:
        if "properties" not in schema or where in parts or CONDITION.search(where):
            continue
        assert schema.get("unevaluatedProperties") is False, where
        assert schema.get("type") == "object", where
        assert "additionalProperties" not in schema, where


def test_every_mapping_keyed_by_its_user_says_what_a_key_looks_like() -> None:
    mappings = [
        (where, schema) for where, schema in EVERYWHERE if "additionalProperties" in schema and "/then/" not in where
    ]

    assert mappings
    for where, schema in mappings:
        assert {"type", "propertyNames"} <= schema.keys(), where
        assert isinstance(schema["additionalProperties"], dict), where
        assert "properties" not in schema, where


def test_every_pattern_is_anchored_and_has_words_for_people() -> None:
    for where, schema in EVERYWHERE:
        if "pattern" in schema and not where.endswith("/not"):
            assert schema["errorMessage"], where
            assert schema["pattern"].startswith("^"), where


def test_no_pattern_means_different_things_to_different_engines() -> None:
    for where, schema in EVERYWHERE:
        assert not re.search(r"\\[dDwWsSbBpPzZ]|\(\?[^:]|\\[1-9]", schema.get("pattern", "")), where


def test_every_enumeration_explains_each_of_its_words() -> None:
    for where, schema in EVERYWHERE:
        if "enum" in schema and "/if/" not in where:
            assert len(schema["enum"]) == len(schema["enumDescriptions"]) == len(set(schema["enum"])), where


def test_no_schema_leaves_the_choice_of_one_among_many_to_a_validator() -> None:
    for where, schema in EVERYWHERE:
        assert not {"oneOf", "anyOf", "format", "dependentSchemas", "patternProperties"} & schema.keys(), where


def test_every_example_is_valid() -> None:
    for where, schema in EVERYWHERE:
        file, _, pointer = where.partition("#")
        single = jsonschema.Draft202012Validator({"$ref": f"{SCHEMAS[file]['$id']}#{pointer}"}, registry=REGISTRY)
        for example in [*schema.get("examples", []), *([schema["default"]] if "default" in schema else [])]:
            assert [error.message for error in single.iter_errors(example)] == [], where


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_names_columns_and_references_that_exist(name: str) -> None:
    schema = SCHEMAS[name]
    block = schema["x-registry"]
    kinds = {kind for where, inner in EVERYWHERE if where.startswith(f"{name}#") for kind in aslist(inner.get("x-ref"))}

    assert block.keys() == {"folder", "format", "title", "plural", "columns"}
    assert {*block["columns"], block["title"]} <= fields(schema, name).keys()
    assert kinds <= set(KINDS)


def aslist(value: str | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else value or []


def test_a_reference_to_one_kind_is_an_id_and_to_several_an_address() -> None:
    for where, schema in EVERYWHERE:
        if "x-ref" in schema:
            form = "id" if isinstance(schema["x-ref"], str) else "address"
            assert schema["$ref"] == f"common.schema.json#/$defs/{form}", where


def test_every_type_of_asset_is_in_exactly_one_group() -> None:
    groups = SCHEMAS["asset"]["x-groups"]

    assert [*groups["stores"], *groups["components"], *groups["externals"]] == SCHEMAS["asset"]["$defs"]["type"]["enum"]


def test_the_schema_of_assets_compiles_fast() -> None:
    def once() -> float:
        start = time.perf_counter()
        registry = jsonschema_rs.Registry([(SCHEMAS["common"]["$id"], SCHEMAS["common"])])
        jsonschema_rs.Draft202012Validator(SCHEMAS["asset"], registry=registry, offline=True)
        return time.perf_counter() - start

    assert min(once() for _ in range(10)) < 0.006

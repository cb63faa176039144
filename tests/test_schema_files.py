"""How the schema files are written, so that loading, editors and people can rely on their form."""

from __future__ import annotations

import re
import time
from typing import Any

import jsonschema
import jsonschema_rs
import pytest

from schema_validators import REGISTRY, SCHEMAS, fields, resolved, subschemas
from stocktake.load.files import Tree, schema_folder
from stocktake.load.schemas import read_schemas
from stocktake.model.audience import AUDIENCES
from stocktake.model.field import fields as model_fields

BUILT_IN = read_schemas(Tree(schema_folder()))
KINDS = sorted(name for name, schema in SCHEMAS.items() if "x-registry" in schema)
EVERYWHERE = [(f"{name}#{where}", inner) for name in sorted(SCHEMAS) for where, inner in subschemas(SCHEMAS[name], "")]
CONDITION = re.compile(
    r"/(if|then)(/|$)|/(component|external|file|library)$"
)  # what only narrows fields that are described elsewhere


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_schema_is_valid_2020_12(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])
    jsonschema_rs.meta.validate(SCHEMAS[name])

    assert SCHEMAS[name]["$id"] == f"https://stocktake.dev/schemas/{name}.schema.json"


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

    assert block.keys() - {"audience", "numbered", "people", "sections"} == {
        "folder",
        "format",
        "title",
        "plural",
        "columns",
    }
    assert block["format"] == "markdown" or "sections" not in block
    assert {*block["columns"], block["title"]} <= fields(schema, name).keys()
    assert kinds <= set(KINDS)


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_says_of_fields_that_exist_whom_they_are_for(name: str) -> None:
    kind = BUILT_IN.kind(name)
    known = {field.name for field in model_fields(kind.shape)}

    assert kind.audience.keys() - {""} <= known
    assert {pattern.removesuffix("[]") for pattern in kind.people} <= known
    assert {*kind.audience.values()} <= {*AUDIENCES}


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

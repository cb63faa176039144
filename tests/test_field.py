"""What a reference says of a field comes from its schema alone."""

from __future__ import annotations

from typing import Any

from schema_validators import FAST
from stocktake.load.files import Tree, schema_folder
from stocktake.load.schemas import Schemas, read_schemas
from stocktake.model.field import Field, example, fields

SCHEMAS = read_schemas(Tree(schema_folder()))


def of(**properties: Any) -> dict[str, Field]:
    """The fields of a schema with these properties, by name."""
    common = {"$defs": {"day": {"type": "string", "description": "A day."}}}
    schemas = Schemas({"common": common, "one": {"properties": properties, "required": ["at"]}})
    return {field.name: field for field in fields(schemas.shape("one"))}


def test_a_field_says_what_it_means_and_the_definition_it_takes_in_how_it_is_written() -> None:
    ends = {"$ref": "common.schema.json#/$defs/day", "description": "The day on which it ends."}
    found = of(at=ends)["at"]

    assert (found.meaning, found.form, found.required) == ("The day on which it ends.", "A day", True)


def test_the_words_of_a_list_are_those_of_its_entries() -> None:
    layers = {"type": "array", "items": {"enum": ["a", "b"], "enumDescriptions": ["First.", "Second."]}}
    found = of(layers=layers)["layers"]

    assert (found.form, found.words) == ("a list of words", (("a", "First."), ("b", "Second.")))


def test_what_stands_in_a_step_or_below_a_key_of_the_user_is_a_field_too() -> None:
    step = {"type": "object", "properties": {"at": {"type": "string"}}}
    found = of(timeline={"type": "array", "items": step}, plans={"type": "object", "additionalProperties": step})

    assert found.keys() == {"timeline", "timeline[].at", "plans", "plans[].at"}


def test_the_example_of_every_kind_is_a_valid_record() -> None:
    for name, kind in SCHEMAS.kinds().items():
        if kind.format == "yaml":
            assert FAST[name].is_valid(example(kind.shape)), name

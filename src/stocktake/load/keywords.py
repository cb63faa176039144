"""Whether a schema that a team wrote is one: each keyword has a value of its form, and refers to what is here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from stocktake.values.pattern import flaw
from stocktake.values.text import closest, shown

Path = tuple[str | int, ...]
Wrong = tuple[Path, str, str]
Schema = Mapping[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
_DEEPEST = 50


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_schema(value: Any) -> bool:
    return isinstance(value, (bool, dict))


def _are(check: Callable[[Any], bool], least: int = 0) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and len(value) >= least and all(map(check, value))


def _by_name(check: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, dict) and all(map(check, value.values()))


def _is_type(value: Any) -> bool:
    return value in _TYPES if isinstance(value, str) else _are(lambda one: one in _TYPES, 1)(value)


_ONE = "additionalProperties contains else if items not propertyNames then unevaluatedItems unevaluatedProperties"
_NAMED = "$defs dependentSchemas patternProperties properties"
_SEVERAL = "allOf anyOf oneOf prefixItems"
_COUNTS = "maxContains maxItems maxLength maxProperties minContains minItems minLength minProperties"
_NUMBERS = "exclusiveMaximum exclusiveMinimum maximum minimum multipleOf"
_TEXTS = "$anchor $comment $id $ref $schema description errorMessage format markdownDescription pattern title"
_FLAGS = "deprecated readOnly uniqueItems writeOnly x-environment"
_ANYTHING = "const default defaultSnippets"
_FORMS: dict[str, tuple[Callable[[Any], bool], str]] = {
    **dict.fromkeys(_ONE.split(), (_is_schema, "a schema: an object, true or false")),
    **dict.fromkeys(_NAMED.split(), (_by_name(_is_schema), "an object whose values are schemas")),
    **dict.fromkeys(_SEVERAL.split(), (_are(_is_schema, 1), "a list of schemas")),
    **dict.fromkeys(_COUNTS.split(), (_is_count, "a whole number from 0 up")),
    **dict.fromkeys(_NUMBERS.split(), (_is_number, "a number")),
    **dict.fromkeys(_TEXTS.split(), (_is_text, "text")),
    **dict.fromkeys(_FLAGS.split(), (lambda value: isinstance(value, bool), "true or false")),
    **dict.fromkeys(("enum", "examples"), (_are(lambda _: True), "a list")),
    **dict.fromkeys(("enumDescriptions", "required"), (_are(_is_text), "a list of texts")),
    **dict.fromkeys(_ANYTHING.split(), (lambda _: True, "")),
    "dependentRequired": (_by_name(_are(_is_text)), "an object whose values are lists of texts"),
    "type": (_is_type, f"one of {', '.join(_TYPES)}, or a list of them"),
}
_REFUSED = ("$dynamicAnchor", "$dynamicRef", "$recursiveAnchor", "$recursiveRef", "$vocabulary")


def wrong(schema: Any, path: Path = ()) -> Iterator[Wrong]:
    """What is wrong with a schema and with those in it: (where, what, what to do)."""
    if not isinstance(schema, dict) or len(path) > _DEEPEST:
        return
    for key, value in schema.items():
        here = (*path, key)
        if key in _REFUSED or (key == "$id" and path):
            yield here, "is a keyword that is not used here", "Remove it."
        elif key not in _FORMS:
            yield from _unknown(key, here)
        elif not _FORMS[key][0](value):
            yield here, f"is not {_FORMS[key][1]}", ""
        else:
            yield from _inside(key, value, here)


def _unknown(key: str, here: Path) -> Iterator[Wrong]:
    """A keyword that nobody knows is no mistake, unless it is nearly one that everybody knows."""
    if not key.startswith("x-") and (guess := closest(key, _FORMS)):
        yield here, f"{shown(key)} is no keyword, so it asks nothing", f"Did you mean {guess}?"


def _inside(key: str, value: Any, here: Path) -> Iterator[Wrong]:
    if key == "pattern" and (said := flaw(value)):
        yield here, f'"{shown(value[:60])}" {said}', "Write it with letters, classes, groups and counts only."
    elif key == "multipleOf" and value <= 0:
        yield here, "is not a number above 0", ""
    elif key == "$schema" and value.rstrip("#") != DRAFT:
        yield here, f"{shown(value)} is another draft", f"Write {DRAFT}."
    elif key in _ONE.split():
        yield from wrong(value, here)
    elif key in _SEVERAL.split():
        for number, inner in enumerate(value):
            yield from wrong(inner, (*here, number))
    elif key in _NAMED.split():
        for name, inner in value.items():
            if key == "patternProperties" and (said := flaw(name)):
                yield (*here, name), f'"{shown(name[:60])}" {said}', ""
            yield from wrong(inner, (*here, name))


def subschemas(schema: Any, path: Path = ()) -> Iterator[tuple[Path, Schema]]:
    """A schema in which nothing is wrong, and all those in it."""
    if not isinstance(schema, dict) or len(path) > _DEEPEST:
        return
    yield path, schema
    for key, value in schema.items():
        if key in _ONE.split():
            yield from subschemas(value, (*path, key))
        elif key in _SEVERAL.split():
            for number, inner in enumerate(value):
                yield from subschemas(inner, (*path, key, number))
        elif key in _NAMED.split():
            for name, inner in value.items():
                yield from subschemas(inner, (*path, key, name))

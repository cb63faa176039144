"""Check data against a schema: jsonschema-rs where it is installed, jsonschema elsewhere; both tell the same faults."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from itertools import islice
from typing import Any, NamedTuple

from stocktake.errors import InputError, Problem

try:
    import jsonschema_rs
except ImportError:  # no wheel for this platform
    jsonschema_rs = None  # type: ignore[assignment]

Schema = dict[str, Any]
Path = tuple[str | int, ...]


FAULTS_AT_MOST = 200
_WIDE = 100


class Fault(NamedTuple):
    """One broken constraint: where in the data, which keyword of which schema, and the value that broke it.

    `extra` are the keys that are missing or not allowed; with `is_key` the last step of the path is what broke it.
    """

    path: Path
    keyword: str
    schema: Mapping[str, Any]
    value: Any
    extra: tuple[str, ...] = ()
    is_key: bool = False


class Fast:
    """A validator by jsonschema-rs."""

    __slots__ = ("_documents", "_plain", "_validator", "is_valid")

    def __init__(self, name: str, documents: Mapping[str, Schema]):
        self._plain = partial(Plain, name, documents)
        registry = jsonschema_rs.Registry(
            [(_uri(other, document), document) for other, document in documents.items() if other != name]
        )
        self._documents = {_uri(other, document): document for other, document in documents.items()}
        self._validator = jsonschema_rs.Draft202012Validator(documents[name], registry=registry, offline=True)
        self.is_valid = self._validator.is_valid

    def faults(self, data: Any) -> Iterator[Fault]:
        """Every broken constraint."""
        # Each error holds a copy of the mapping it is about, and all are made at once; it tells "007" as 7.
        if _widest(data) > _WIDE or _has_number_keys(data):
            yield from self._plain().faults(data)
            return
        for error in self._validator.iter_errors(data):
            path = tuple(error.instance_path)
            if is_key := error.kind.name == "propertyNames":
                error = error.kind.as_dict()["error"]
                path = (*path, error.instance)
            keyword = (
                "false" if error.kind.name == "falseSchema" else str(error.schema_path[-1] if error.schema_path else "")
            )
            facts = error.kind.as_dict()
            extra = (facts["property"],) if keyword == "required" else tuple(facts.get("unexpected", ()))
            yield Fault(path, keyword, self._schema(error), error.instance, extra, is_key)

    def _schema(self, error: Any) -> Mapping[str, Any]:
        uri, _, pointer = error.absolute_keyword_location.partition("#")
        target: Any = self._documents.get(uri, {})
        parts = pointer.split("/")[1:]
        for part in parts if error.kind.name == "falseSchema" else parts[:-1]:
            key = part.replace("~1", "/").replace("~0", "~").replace("%24", "$")
            target = target[int(key)] if isinstance(target, list) else target.get(key, {})
        return target if isinstance(target, dict) else {}


class Plain:
    """A validator by jsonschema: a hundred times slower, and the oracle of the fast one."""

    __slots__ = ("_validator", "is_valid")

    def __init__(self, name: str, documents: Mapping[str, Schema]):
        from jsonschema import Draft202012Validator
        from jsonschema.validators import extend
        from referencing import Registry
        from referencing.jsonschema import DRAFT202012

        resources = [
            (_uri(other, document), DRAFT202012.create_resource(document)) for other, document in documents.items()
        ]
        linear = extend(Draft202012Validator, {"pattern": _pattern, "uniqueItems": _unique_items})  # type: ignore[no-untyped-call]
        self._validator = linear(documents[name], registry=Registry().with_resources(resources))
        self.is_valid = self._validator.is_valid

    def faults(self, data: Any) -> Iterator[Fault]:
        """Every broken constraint."""
        for error in self._validator.iter_errors(data):
            path = tuple(error.absolute_path)
            if is_key := _is_of_a_key(list(error.absolute_schema_path)):
                path = (*path, error.instance)
            keyword = str(error.validator or "false")
            schema = error.schema if isinstance(error.schema, dict) else {}
            yield Fault(path, keyword, schema, error.instance, tuple(_extra(keyword, error)), is_key)


def _widest(data: Any) -> int:
    """The number of entries of the largest mapping or list."""
    if not isinstance(data, (dict, list)):
        return 0
    return max([len(data), *map(_widest, data.values() if isinstance(data, dict) else data)])


def _has_number_keys(data: Any) -> bool:
    """Whether a key reads like a place in a list."""
    if isinstance(data, dict) and any(str(key).removeprefix("+").isdecimal() for key in data):
        return True
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return any(map(_has_number_keys, inner))


def _unique_items(validator: Any, wanted: bool, data: Any, schema: Schema) -> Iterator[Any]:
    """As jsonschema has it, but not comparing each item with each other."""
    from json import dumps

    from jsonschema import ValidationError

    if wanted and isinstance(data, list) and len({dumps(_whole(item), sort_keys=True) for item in data}) < len(data):
        yield ValidationError("has non-unique elements")


def _whole(value: Any) -> Any:
    """The value with 1.0 as 1, which JSON Schema does not tell apart."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _whole(inner) for key, inner in value.items()}
    return [_whole(inner) for inner in value] if isinstance(value, list) else value


def _pattern(validator: Any, pattern: str, data: Any, schema: Schema) -> Iterator[Any]:
    """As jsonschema has it, but as ECMA 262 reads it: a $ is the end, and \\d and \\w are of ASCII."""
    from jsonschema import ValidationError

    if isinstance(data, str) and not _compiled(pattern).search(data):
        yield ValidationError("does not match")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    ends = re.sub(r"(\\.|\[\^?(?:[^\]\\]|\\.)*\])|\$", lambda found: found[1] or r"\Z", pattern)
    return re.compile(ends, re.ASCII)


def _is_of_a_key(steps: list[str | int]) -> bool:
    return any(
        step == "propertyNames" and before != "properties" for before, step in zip(["", *steps], steps, strict=False)
    )


def _extra(keyword: str, error: Any) -> Iterable[str]:
    if keyword == "required":
        return [key for key in error.validator_value if key not in error.instance and f"{key!r} is" in error.message][
            :1
        ]
    if keyword in ("unevaluatedProperties", "additionalProperties") and isinstance(error.instance, dict):
        found = (key for key in error.instance if repr(key) in error.message)
        return list(islice(found, FAULTS_AT_MOST))
    return ()


def compile_schema(name: str, documents: Mapping[str, Schema]) -> Fast | Plain:
    """The validator of one document among all of them.

    Raises InputError where the schema itself is broken or refers to something that is not here.
    """
    try:
        return Fast(name, documents) if jsonschema_rs is not None else Plain(name, documents)
    except _broken() as error:
        first = str(error).strip().partition("\n")[0]
        raise InputError(
            [Problem(f"schemas/{name}.schema.json", 0, 0, "", f"is not a schema that can be used: {first}")]
        ) from None


def _broken() -> tuple[type[Exception], ...]:
    rust = (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError) if jsonschema_rs is not None else ()
    return (ValueError, *rust)


def _uri(name: str, document: Schema) -> str:
    return str(document.get("$id") or f"https://stocktake.dev/schemas/{name}.schema.json")

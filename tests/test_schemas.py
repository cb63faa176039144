"""What each schema accepts and refuses, to two validators that share no code."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from schema_validators import CASES, FAST, SCHEMAS, data, fast_errors, slow_errors, steps, unused

VALID = sorted(CASES.glob("*/valid/*.yaml"))
INVALID = sorted(CASES.glob("*/invalid/*.yaml"))
DOCUMENTS = sorted(set(SCHEMAS) - {"common"})


def title(path: Path) -> str:
    return path.relative_to(CASES).as_posix().removesuffix(".yaml")


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


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_full_cases_use_every_field(name: str) -> None:
    cases = [data(path) for path in sorted((CASES / name / "valid").glob("full*.yaml"))]
    unused_in = [set(unused(SCHEMAS[name], name, value)) for value in cases]

    assert sorted(set.intersection(*unused_in)) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_minimal_case_has_only_what_is_required(name: str) -> None:
    value = data(CASES / name / "valid" / "minimal.yaml")

    for field in value:
        rest = {key: inner for key, inner in value.items() if key != field}
        assert refused(name, rest) == {(field,)}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_value_of_another_form_is_refused_where_it_stands(name: str) -> None:
    value = data(CASES / name / "valid" / "full.yaml")

    for path, inner in [((), value), *inside(value)]:
        other = ["x"] if isinstance(inner, dict) else {"x": {}} if isinstance(inner, list) else [[[]]]
        assert refused(name, put(value, path, other)) == {place(path)}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_an_empty_text_is_refused_where_it_stands(name: str) -> None:
    value = data(CASES / name / "valid" / "full.yaml")

    for path, inner in inside(value):
        if isinstance(inner, str) and not is_free(path):
            assert refused(name, put(value, path, "")) == {place(path)}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_an_endless_text_is_refused_where_it_stands(name: str) -> None:
    value = data(CASES / name / "valid" / "full.yaml")

    for path, inner in inside(value):
        if isinstance(inner, str):
            assert refused(name, put(value, path, inner + inner[-1] * 30000)) == {place(path)}


@pytest.mark.parametrize("name", DOCUMENTS)
@pytest.mark.parametrize("key", ["", "x" * 5000], ids=["empty", "endless"])
def test_an_empty_or_endless_key_is_refused_in_every_object(name: str, key: str) -> None:
    value = data(CASES / name / "valid" / "full.yaml")

    for path, inner in [((), value), *inside(value)]:
        if isinstance(inner, dict) and inner:
            assert refused(name, put(value, path, {**inner, key: next(iter(inner.values()))}))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_surplus_field_is_refused_in_every_object(name: str) -> None:
    value = data(CASES / name / "valid" / "full.yaml")

    for path, inner in [((), value), *inside(value)]:
        if isinstance(inner, dict):
            assert refused(name, put(value, path, {**inner, "surplus": None})) == {(*place(path), "surplus")}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_an_entry_of_a_list_may_not_stand_in_it_twice(name: str) -> None:
    value = data(CASES / name / "valid" / "full.yaml")

    for path, inner in inside(value):
        if isinstance(inner, list) and inner and isinstance(inner[0], str) and not is_free(path):
            assert refused(name, put(value, path, [*inner, inner[0]])) == {place(path)}


Route = tuple[str | int, ...]


def inside(value: Any, path: Route = ()) -> Iterator[tuple[Route, Any]]:
    """Everything in a value, with its path."""
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield (*path, key), inner
        yield from inside(inner, (*path, key))


def put(value: Any, path: Route, other: Any) -> Any:
    """A copy of a value with something else at a path."""
    if not path:
        return other
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = put(value[path[0]], path[1:], other)
    return copy


def place(path: Route) -> tuple[str, ...]:
    return tuple(step for step in path if isinstance(step, str))


def is_free(path: Route) -> bool:
    """Whether it is the value of a setting or a fact, which may be empty or a list with repetitions."""
    return "facts" in path or "value" in path


def refused(name: str, value: Any) -> set[tuple[str, ...]]:
    """The places that both validators refuse."""
    slow = {tuple(found) for where, _ in slow_errors(name, value) for found in where}
    fast = {tuple(found) for where in fast_errors(name, value) for found in where}

    assert slow == fast
    assert not FAST[name].is_valid(value)
    return slow

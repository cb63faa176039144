"""Check that what a record names exists, and is what may stand there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from stocktake.errors import Problem
from stocktake.load.files import TOLD_AT_MOST, told
from stocktake.model.kind import Kind, Reference
from stocktake.model.record import Record
from stocktake.values.text import closest, shown

if TYPE_CHECKING:
    from stocktake.load.strict import Document

Path = tuple[str | int, ...]


class Named(NamedTuple):
    """One place where a record names another."""

    path: Path
    text: str
    reference: Reference


def named(data: Mapping[str, Any], kind: Kind) -> Iterator[Named]:
    """All references in a record's data; values of the wrong type are left to the schema."""
    for reference in kind.references:
        steps = _steps(reference.pattern)
        value = data.get(steps[0])
        if type(value) is str and len(steps) == 1:  # as most are
            yield Named(steps, value, reference)
        elif value is not None:
            for path, inner in _find(data, steps, ()):
                yield from _texts(path, inner, reference)


@cache
def _steps(pattern: str) -> tuple[str, ...]:
    return tuple(pattern.replace("[]", ".[]").split("."))


def _find(value: Any, steps: tuple[str, ...], path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict):
        step, rest = steps[0], steps[1:]
        for key in value if step == "[]" else (step,) if step in value else ():
            if rest:
                yield from _find(value[key], rest, (*path, key))
            else:
                yield (*path, key), value[key]


def _texts(path: Path, value: Any, reference: Reference) -> Iterator[Named]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _texts((*path, number), item, reference)
    elif isinstance(value, Mapping) and reference.within:
        for inner, found in _find(value, _steps(reference.within), path):
            yield from _texts(inner, found, reference._replace(within=""))
    elif isinstance(value, str):
        yield Named(path, value, reference)


def address(name: Named) -> str:
    """The address that a reference means; empty where it needs `kind/id` and has no slash."""
    kinds = name.reference.kinds
    if len(kinds) == 1 and "/" not in name.text:
        return f"{kinds[0]}/{name.text}"
    return name.text if "/" in name.text else ""


def problems(
    record: Record,
    kind: Kind,
    exists: Callable[[str], bool],
    type_of: Callable[[str], str],
    ids: Callable[[str], list[str]],
    place: Callable[[], Document],
) -> list[Problem]:
    """What is wrong with the references of one record.

    `exists` and `type_of` take an address, `ids` a kind; `place` parses the file again and is called only where there
    is a problem.
    """
    found: list[Problem] = []
    for name in named(record.data, kind):
        if wrong := _wrong(name, exists, type_of, ids):
            from stocktake.load.places import fact

            line, column = place().place(name.path)
            found.append(Problem(record.path, line, column, fact(name.path, kind.shape), *wrong))
            if len(found) > TOLD_AT_MOST:
                break
    return told(found)


def _wrong(
    name: Named, exists: Callable[[str], bool], type_of: Callable[[str], str], ids: Callable[[str], list[str]]
) -> tuple[str, str] | None:
    target, kinds = address(name), name.reference.kinds
    said = f'"{shown(name.text)}"'
    if not target:
        return f"{said} is not an address", f"Write the kind too, as in {kinds[-1]}/{shown(name.text)}."
    kind, _, identity = target.partition("/")
    if kind not in kinds:
        return f"{said} is a {shown(kind)}, expected {' or '.join(kinds)}", ""
    if not exists(target):
        guess = closest(identity, ids(kind))
        shape = f"{kind}/{guess}" if len(kinds) > 1 else guess
        return (
            f"there is no {kind} {said}",
            f"Did you mean {shape}?" if guess else f"Create it with `stocktake new {kind} {shown(identity)}`.",
        )
    if name.reference.types and (kind_of_asset := type_of(target)) and kind_of_asset not in name.reference.types:
        wanted = name.reference.group.removesuffix("s") or "asset of another type"
        return f"{said} is of type {shown(kind_of_asset)}, which is no {wanted}", ""
    return None


def environments(data: Mapping[str, Any], kind: Kind) -> Iterator[tuple[Path, str]]:
    """Every place where a record names an environment."""
    for pattern, is_key in kind.environments:
        steps = _steps(pattern)
        for path, value in _find(data, steps, ()) if steps[0] in data else ():
            if is_key and isinstance(value, Mapping):
                yield from (((*path, key), key) for key in value)
            elif isinstance(value, list):
                yield from (((*path, number), item) for number, item in enumerate(value) if isinstance(item, str))
            elif isinstance(value, str) and not is_key:
                yield path, value


def environment_problems(
    record: Record, kind: Kind, known: tuple[str, ...], place: Callable[[], Document]
) -> list[Problem]:
    """Environments that `stocktake.yaml` does not name."""
    found: list[Problem] = []
    for path, name in environments(record.data, kind):
        if name not in known and len(found) <= TOLD_AT_MOST:
            from stocktake.load.places import fact

            guess = closest(name, known)
            hint = f"Did you mean {guess}?" if guess else "Name it in stocktake.yaml under `environments`."
            found.append(
                Problem(
                    record.path,
                    *place().key(path),
                    fact(path, kind.shape),
                    f'there is no environment "{shown(name)}"',
                    hint,
                )
            )
    return told(found)


def untold(found: list[Problem], told: list[Problem]) -> list[Problem]:
    """What is found at places of which nothing was told yet: a value of the wrong form names nothing."""
    places = {problem[:4] for problem in told}
    return [problem for problem in found if problem[:4] not in places]

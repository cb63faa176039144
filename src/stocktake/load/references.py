"""Check that what a record names exists, and is what may stand there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
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
Fits = Callable[[str, frozenset[str]], bool]
# Kinds of which people name one where another is meant.
_OFTEN_MEANT = ("asset", "system", "team")


class Named(NamedTuple):
    """One place where a record names another."""

    path: Path
    text: str
    reference: Reference


class Steps:
    """Where a kind names other records, as a tree of keys, so that one walk finds all of it; `[]` is any key."""

    __slots__ = ("any", "ends", "keys")

    def __init__(self) -> None:
        self.keys: dict[str, Steps] = {}
        self.any: Steps | None = None
        self.ends: list[tuple[int, Reference]] = []

    def to(self, steps: Iterable[str]) -> Steps:
        """The branch at the end of these steps."""
        here = self
        for step in steps:
            if step == "[]":
                here.any = here.any or Steps()
                here = here.any
            else:
                here = here.keys.setdefault(step, Steps())
        return here


@cache
def _tree(references: tuple[Reference, ...]) -> Steps:
    root = Steps()
    for number, reference in enumerate(references):
        root.to(_steps(reference.pattern)).ends.append((number, reference))
    return root


@cache
def _steps(pattern: str) -> tuple[str, ...]:
    return tuple(pattern.replace("[]", ".[]").split("."))


def named(data: Mapping[str, Any], kind: Kind) -> list[Named]:
    """All references in a record's data; values of the wrong type are left to the schema."""
    found: list[tuple[int, Named]] = []
    _walk(data, _tree(kind.references), (), found)
    if len(found) > 1:
        found.sort(key=_number)
    return [one for _, one in found]


def _number(found: tuple[int, Named]) -> int:
    return found[0]


def _walk(value: Any, tree: Steps, path: Path, found: list[tuple[int, Named]]) -> None:
    if tree.ends and value is not None:
        for number, reference in tree.ends:
            if type(value) is str:  # as most are
                found.append((number, Named(path, value, reference)))
            else:
                found.extend((number, one) for one in _texts(path, value, reference))
    if isinstance(value, dict):
        if tree.any is not None:
            for key, inner in value.items():
                _walk(inner, tree.any, (*path, key), found)
        for key, branch in tree.keys.items():
            if key in value:
                _walk(value[key], branch, (*path, key), found)


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
    if is_sound(record.data, kind, exists, lambda target, types: not (found := type_of(target)) or found in types):
        return []
    found: list[Problem] = []
    for name in named(record.data, kind):
        if wrong := _wrong(name, exists, type_of, ids):
            from stocktake.load.places import fact

            line, column = place().place(name.path)
            found.append(Problem(record.path, line, column, fact(name.path, kind.shape), *wrong))
            if len(found) > TOLD_AT_MOST:
                break
    return told(found)


def is_sound(data: Any, kind: Kind, exists: Callable[[str], bool], fits: Fits) -> bool:
    """Whether every reference is plainly right: the id of one kind, which exists. Most records are told by this.

    `fits` takes an address and the asset types that may stand there.
    """
    return _is_sound(data, _tree(kind.references), exists, fits)


def leads(places: Iterable[Named], exists: Callable[[str], bool], fits: Fits) -> bool:
    """The same of what `named` found in data that its schema takes."""
    return all(_leads(text, reference, exists, fits) for _, text, reference in places)


def _is_sound(value: Any, tree: Steps, exists: Callable[[str], bool], fits: Fits) -> bool:
    for _, reference in tree.ends:
        if not _leads(value, reference, exists, fits):
            return False
    if type(value) is dict:
        for key, branch in tree.keys.items():
            if key in value and not _is_sound(value[key], branch, exists, fits):
                return False
        if tree.any is not None:
            for inner in value.values():
                if not _is_sound(inner, tree.any, exists, fits):
                    return False
    return True


def _leads(value: Any, reference: Reference, exists: Callable[[str], bool], fits: Fits) -> bool:
    if reference.within:
        return False
    kinds = reference.kinds
    names = (value,) if type(value) is str else value if type(value) is list else (None,)
    for one in names:
        if type(one) is not str:
            return False
        if len(kinds) > 1:  # an address
            target, is_right = one, one.partition("/")[0] in kinds
        else:
            target, is_right = f"{kinds[0]}/{one}", "/" not in one
        if not is_right or not exists(target) or (reference.types and not fits(target, reference.types)):
            return False
    return True


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
        shape = f"{kind}/{guess}" if len(kinds) > 1 or "/" in name.text else guess
        hint = f"Did you mean {shape}?" if guess else f"Create it with `stocktake new {kind} {shown(identity)}`."
        if other := next((one for one in _OFTEN_MEANT if one not in kinds and exists(f"{one}/{identity}")), ""):
            hint = f"There is {other}/{shown(identity)}, but a record of kind {kind} is meant here."
        return f"there is no {kind} {said}", hint
    if name.reference.types and (kind_of_asset := type_of(target)) and kind_of_asset not in name.reference.types:
        wanted = name.reference.group.removesuffix("s") or "asset of another type"
        return f"{said} is of type {shown(kind_of_asset)}, which is no {wanted}", ""
    return None


def environments(data: Mapping[str, Any], kind: Kind) -> Iterator[tuple[Path, str]]:
    """Every place where a record names an environment."""
    for first, steps, is_key in _environment_steps(kind.environments):
        for path, value in _find(data, steps, ()) if first in data else ():
            if is_key and isinstance(value, Mapping):
                yield from (((*path, key), key) for key in value)
            elif isinstance(value, list):
                yield from (((*path, number), item) for number, item in enumerate(value) if isinstance(item, str))
            elif isinstance(value, str) and not is_key:
                yield path, value


@cache
def _environment_steps(patterns: tuple[tuple[str, bool], ...]) -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    return tuple((_steps(pattern)[0], _steps(pattern), is_key) for pattern, is_key in patterns)


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

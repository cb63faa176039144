"""Move a record from an older schema to a newer one: what it says is changed by pure functions, its text follows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from copy import deepcopy
from typing import Any, NamedTuple

from stocktake.model.older import VERSION, now_called

Data = Mapping[str, Any]
Change = Callable[[Data], Data]


class Step(NamedTuple):
    """One move: records of a `kind` (empty: of all) of the version before `version` are what `change` makes of them.

    `says` tells people, in a sentence. A change takes what the step before left, and gives new data.
    """

    version: int
    kind: str
    says: str
    change: Change


def due(steps: Iterable[Step], said: int, current: int, kind: str) -> list[Step]:
    """The steps that a record of a registry of version `said` has before it, oldest first.

    Those of the current version are taken again: records carry no version, and a branch may bring back an old one.
    """
    found = [one for one in steps if said < one.version <= current or one.version == current]
    return sorted((one for one in found if one.kind in ("", kind)), key=lambda one: one.version)


def renamed(old: str, new: str) -> Change:
    """A field gets another name or place, both as dotted names; `[]` stands for every key that users chose.

    Where both are there already the record stays as it is, so that nothing is lost: a check tells the old one.
    """
    return lambda data: _moved(data, tuple(_steps(old)), tuple(_steps(new)))


def reworded(name: str, words: Mapping[str, Any]) -> Change:
    """Values of a field are written otherwise; of a list each."""

    def change(data: Data) -> Data:
        whole = deepcopy(dict(data))
        for holder, key in _holders(whole, tuple(_steps(name))):
            value = holder[key]
            if isinstance(value, list):
                holder[key] = [words.get(one, one) if isinstance(one, str) else one for one in value]
            elif isinstance(value, str):
                holder[key] = words.get(value, value)
        return whole

    return change


def listed(name: str) -> Change:
    """A field that held one value holds a list."""

    def change(data: Data) -> Data:
        whole = deepcopy(dict(data))
        for holder, key in _holders(whole, tuple(_steps(name))):
            if not isinstance(holder[key], list):
                holder[key] = [holder[key]]
        return whole

    return change


def called(allowed: Collection[str]) -> Change:
    """Fields at the top that are called otherwise here, where that one is not there yet."""

    def change(data: Data) -> Data:
        names = {key: now_called(key, allowed) for key in data}
        taken = [*data, *names.values()]
        return {names[key] if names[key] and taken.count(names[key]) == 1 else key: data[key] for key in data}

    return change


def _steps(name: str) -> list[str]:
    return name.replace("[]", ".[]").split(".")


def _holders(data: dict[str, Any], steps: tuple[str, ...]) -> list[tuple[dict[str, Any], str]]:
    """The mappings that hold the field, and its key in them."""
    first, *rest = steps
    keys = list(data) if first == "[]" else [first] if first in data else []
    if not rest:
        return [(data, key) for key in keys]
    inner = [data[key] for key in keys if isinstance(data[key], dict)]
    return [found for one in inner for found in _holders(one, tuple(rest))]


def _moved(data: Data, old: tuple[str, ...], new: tuple[str, ...]) -> Data:
    if old[0] == new[0]:
        keys = list(data) if old[0] == "[]" else [old[0]]
        return {
            key: _moved(value, old[1:], new[1:]) if key in keys and isinstance(value, Mapping) else value
            for key, value in data.items()
        }
    if len(old) == len(new) == 1:
        if new[0] in data:
            return dict(data)
        return {new[0] if key == old[0] else key: value for key, value in data.items()}
    whole = deepcopy(dict(data))
    for holder, key in _holders(whole, old)[:1]:  # two values cannot move to one place
        target = whole
        for step in new[:-1]:
            inner = target.get(step)
            if inner is None:
                inner = target[step] = {}
            if not isinstance(inner, dict):
                return dict(data)
            target = inner
        if new[-1] in target:
            return dict(data)
        target[new[-1]] = holder.pop(key)
        _prune(whole, old[:-1])
    return whole


def _prune(data: dict[str, Any], steps: tuple[str, ...]) -> None:
    """Take away mappings in which nothing is left."""
    if not steps or not isinstance(inner := data.get(steps[0]), dict):
        return
    _prune(inner, steps[1:])
    if not inner:
        del data[steps[0]]


# What each version changed. There is one version so far, and it knows what others call its fields.
STEPS: tuple[Step, ...] = ()
NEWEST = VERSION

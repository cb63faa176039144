"""All facts of one record in one environment, declared and observed side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

Sketch = tuple[tuple[Any, ...], tuple[bool, ...]]


class Seen(NamedTuple):
    """One observed fact: its value and where and when it was seen; `fresh` is False once it is older than the
    freshness limit.
    """

    value: Any
    source: str
    day: date | None
    evidence: str = ""
    confidence: float = 1.0
    fresh: bool = True


class Sheet:
    """Facts of `address` in `environment` (None: the record's own facts, or it has no instances).

    `sheet["x"]` is the effective value: a fresh observation, else the declared one. A sheet made by `within` looks up
    names below its prefix first, then the record's own: `plan["schedule"]` and `plan["backup.rpo"]` both work on a
    backup plan. `like` is the record's own sheet, if this one has no other keys that users chose.
    """

    __slots__ = (
        "_declared", "_facts", "_keys", "_renewed", "address", "environment", "get", "id", "kind", "prefix", "seen",
    )  # fmt: skip

    get: Callable[..., Any]  # the effective value, or a default where nothing is known

    def __init__(
        self,
        address: str,
        environment: str | None,
        declared: Mapping[str, Any],
        seen: Mapping[str, Seen] | None = None,
        like: Sheet | None = None,
    ):
        self.address = address
        self.kind, _, self.id = address.partition("/")
        self.environment = environment
        self._declared = declared
        self.seen: Mapping[str, Seen] = seen or {}
        self.prefix = ""
        fresh = {name: fact.value for name, fact in seen.items() if fact.fresh} if seen else None
        self._facts: Mapping[str, Any] = {**declared, **fresh} if fresh else declared
        self._keys: dict[str, tuple[str, ...]] = {} if like is None else like._keys
        self._renewed: list[Sheet | None] = []  # worked out once, also for the sheets within this one
        self.get = self._facts.get  # asked dozens of times for each sheet

    def __getitem__(self, name: str) -> Any:
        return self._facts[name]

    def __contains__(self, name: str) -> bool:
        return name in self._facts

    def sketch(self, looked_at: Iterable[str], needed: Iterable[str]) -> Sketch:
        """The effective values of some facts, and which of others there are; what sheets may be sorted by."""
        return (*map(self._facts.get, looked_at),), (*map(self._facts.__contains__, needed),)

    def names(self) -> Iterable[str]:
        """All fact names that have a value, absolute."""
        return self._facts.keys()

    def declared_names(self) -> Iterable[str]:
        """The names of all that the record says, absolute."""
        return self._declared.keys()

    def items(self) -> Iterable[tuple[str, Any]]:
        """All facts with their effective values, names absolute."""
        return self._facts.items()

    def declared(self, name: str) -> Any:
        """What the record says, or None."""
        return self._declared.get(name)

    def observed(self, name: str) -> Seen | None:
        """What was seen, fresh or not, or None."""
        return self.seen.get(name)

    def refreshed(self) -> Sheet:
        """The same sheet as if nothing that was seen had gone stale; itself if nothing has."""
        if not self._renewed:
            is_stale = not all(fact.fresh for fact in self.seen.values())
            seen = {name: fact._replace(fresh=True) for name, fact in self.seen.items()} if is_stale else {}
            self._renewed.append(Sheet(self.address, self.environment, self._declared, seen) if is_stale else None)
        whole = self._renewed[0]
        if whole is None:
            return self
        return Part(whole, self.prefix) if self.prefix else whole

    def keys(self, pattern: str) -> list[str]:
        """The user-chosen keys under a pattern that ends in `[]`, sorted: `keys("backup.plans[]")` names the backup
        plans.
        """
        found = self._keys.get(pattern)  # many rules ask for the same
        if found is None:
            if not self._keys:
                self._gather()
            is_outermost = pattern.endswith("[]") and pattern.count("[") == 1
            found = self._keys.get(pattern, ()) if is_outermost else self._below(pattern)
            self._keys[pattern] = found
        return [*found]

    def _gather(self) -> None:
        """The keys of all mappings at once, since whoever asks for one asks for others."""
        from stocktake.values.name import decode_key

        self._keys[""] = ()  # so that it is done once
        below: dict[str, set[str]] = {}
        for name in self._facts:
            if "[" in name:
                mapping, _, rest = name.partition("[")
                below.setdefault(mapping, set()).add(rest.partition("]")[0])
        for mapping, keys in below.items():
            self._keys[f"{mapping}[]"] = tuple(sorted({*map(decode_key, keys)}))

    def _below(self, pattern: str) -> tuple[str, ...]:
        from stocktake.values.name import decode_key

        start = pattern.removesuffix("]")
        below = {name[len(start) :].partition("]")[0] for name in self._facts if name.startswith(start)}
        return tuple(sorted({*map(decode_key, below)}))

    def within(self, pattern: str, key: str) -> Sheet:
        """The same sheet, with names below one entry of a mapping looked up first."""
        from stocktake.values.name import encode_key

        return Part(self, f"{pattern.removesuffix(']')}{encode_key(key)}]")

    def parts(self, pattern: str) -> list[Sheet]:
        """The sheet within each entry of a mapping, in the order of their keys."""
        return [self.within(pattern, key) for key in self.keys(pattern)]


class Part(Sheet):
    """A sheet in which names are looked up below a prefix first."""

    __slots__ = ()

    def __init__(self, whole: Sheet, prefix: str):
        self.address, self.kind, self.id, self.environment = whole.address, whole.kind, whole.id, whole.environment
        self._declared, self.seen, self._facts, self._keys = whole._declared, whole.seen, whole._facts, whole._keys
        self._renewed = whole._renewed
        self.prefix = prefix

    def _name(self, name: str, facts: Mapping[str, Any]) -> str:
        return own if (own := f"{self.prefix}.{name}") in facts else name

    def __getitem__(self, name: str) -> Any:
        return self._facts[self._name(name, self._facts)]

    def __contains__(self, name: str) -> bool:
        return f"{self.prefix}.{name}" in self._facts or name in self._facts

    def get(self, name: str, default: Any = None) -> Any:
        """The effective value, or `default` where nothing is known."""
        own = f"{self.prefix}.{name}"
        return self._facts[own] if own in self._facts else self._facts.get(name, default)

    def declared(self, name: str) -> Any:
        """What the record says, or None."""
        return self._declared.get(self._name(name, self._declared))

    def observed(self, name: str) -> Seen | None:
        """What was seen, fresh or not, or None."""
        return self.seen.get(self._name(name, self.seen))

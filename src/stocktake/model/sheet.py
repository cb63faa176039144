"""All facts of one record in one environment, declared and observed side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

_MISSING = object()


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
    backup plan.
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
        prefix: str = "",
    ):
        self.address = address
        self.kind, _, self.id = address.partition("/")
        self.environment = environment
        self._declared = declared
        self.seen: Mapping[str, Seen] = seen or {}
        self.prefix = prefix
        fresh = {name: fact.value for name, fact in seen.items() if fact.fresh} if seen else None
        self._facts: Mapping[str, Any] = {**declared, **fresh} if fresh else declared
        self._keys: dict[str, tuple[str, ...]] = {}
        self._renewed: list[Sheet | None] = []  # worked out once, also for the sheets within this one
        self.get = self._get if prefix else self._facts.get  # asked dozens of times for each sheet

    def _name(self, name: str, facts: Mapping[str, Any]) -> str:
        return own if (own := f"{self.prefix}.{name}") in facts else name

    def __getitem__(self, name: str) -> Any:
        return self._facts[self._name(name, self._facts) if self.prefix else name]

    def __contains__(self, name: str) -> bool:
        return (self._name(name, self._facts) if self.prefix else name) in self._facts

    def _get(self, name: str, default: Any = None) -> Any:
        return self._facts.get(self._name(name, self._facts), default)

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
        return self._declared.get(self._name(name, self._declared) if self.prefix else name)

    def observed(self, name: str) -> Seen | None:
        """What was seen, fresh or not, or None."""
        return self.seen.get(self._name(name, self.seen) if self.prefix else name)

    def refreshed(self) -> Sheet:
        """The same sheet as if nothing that was seen had gone stale; itself if nothing has."""
        if not self._renewed:
            is_stale = not all(fact.fresh for fact in self.seen.values())
            seen = {name: fact._replace(fresh=True) for name, fact in self.seen.items()} if is_stale else {}
            self._renewed.append(Sheet(self.address, self.environment, self._declared, seen) if is_stale else None)
        whole = self._renewed[0]
        return self if whole is None else whole._at(self.prefix)

    def keys(self, pattern: str) -> list[str]:
        """The user-chosen keys under a pattern that ends in `[]`, sorted: `keys("backup.plans[]")` names the backup
        plans.
        """
        found = self._keys.get(pattern)  # many rules ask for the same
        if found is None:
            from stocktake.values.name import decode_key

            start = pattern.removesuffix("]")
            below = {name[len(start) :].partition("]")[0] for name in self._facts if name.startswith(start)}
            found = self._keys[pattern] = tuple(sorted({*map(decode_key, below)}))
        return [*found]

    def within(self, pattern: str, key: str) -> Sheet:
        """The same sheet, with names below one entry of a mapping looked up first."""
        from stocktake.values.name import encode_key

        return self._at(f"{pattern.removesuffix(']')}{encode_key(key)}]")

    def _at(self, prefix: str) -> Sheet:
        """The same sheet with another prefix."""
        inner = object.__new__(Sheet)
        inner.address, inner.kind, inner.id, inner.environment = self.address, self.kind, self.id, self.environment
        inner._declared, inner.seen, inner._facts, inner._keys = self._declared, self.seen, self._facts, self._keys
        inner._renewed, inner.prefix = self._renewed, prefix
        inner.get = inner._get if prefix else inner._facts.get
        return inner

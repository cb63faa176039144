"""What is already known about failures: waivers, the list of known findings, and the names that records had before."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping
from typing import NamedTuple

from stocktake.model.graph import Index
from stocktake.model.sheet import Sheet
from stocktake.rules.selector import NOWHERE, Selector, covers, selector
from stocktake.values.identity import parse


class Waiver(NamedTuple):
    """An accepted exception: the identity that it targets, or a rule and of what; the last day on which it holds."""

    id: str
    target: str
    expires: str
    rule: str = ""
    selector: Selector = NOWHERE


def waivers_of(sheets: Mapping[str, tuple[Sheet, ...]]) -> tuple[Waiver, ...]:
    """All waivers of a registry."""
    found = (sheets[address][0] for address in sheets if address.startswith("waiver/"))
    return tuple(_waiver(own) for own in found)


def _waiver(own: Sheet) -> Waiver:
    target, expires, rule = (str(own.get(name, "")) for name in ("target", "expires", "rule"))
    return Waiver(own.id, target, expires, rule, selector(own) if rule else NOWHERE)


def current(identity: str, formerly: Mapping[str, str]) -> str:
    """The identity as it reads today: addresses in it that were renamed stand under their present name."""
    if not formerly:
        return identity
    rule, _, rest = identity.partition("@")
    place, hash_, detail = rest.partition("#")
    parts = place.split("/")
    address = _followed("/".join(parts[:2]), formerly)
    return f"{rule}@{'/'.join([address, *parts[2:]])}{hash_}{_followed(detail, formerly)}"


def _followed(address: str, formerly: Mapping[str, str]) -> str:
    passed = {address}
    while (later := formerly.get(address)) and later not in passed:
        passed.add(later)
        address = later
    return address


class Docket:
    """Looked up for every failure and every unknown answer, by identity as it reads today."""

    __slots__ = ("_bases", "_formerly", "_index", "_known", "_of_rule", "_today", "_waivers")

    def __init__(
        self, waivers: Iterable[Waiver], known: Collection[str], formerly: Mapping[str, str], today: str, index: Index
    ):
        self._index = index
        self._of_rule: dict[str, list[Waiver]] = {}
        self._formerly = formerly
        self._known: Container[str] = (
            known
            if isinstance(known, Mapping) and not formerly
            else frozenset(current(identity, formerly) for identity in known)
        )
        self._today = today
        self._waivers: dict[str, list[Waiver]] = {}
        self._bases: dict[str, list[str]] = {}
        for waiver in sorted(waivers, key=_lasting):
            if waiver.rule:
                self._of_rule.setdefault(waiver.rule, []).append(waiver)
                continue
            target = current(waiver.target, formerly)
            self._waivers.setdefault(target, []).append(waiver)
            self._bases.setdefault(target.partition("#")[0], []).append(waiver.id)

    @property
    def has_waivers(self) -> bool:
        """Whether there is any waiver at all."""
        return bool(self._waivers or self._of_rule)

    def current(self, identity: str) -> str:
        """The identity as it reads today."""
        return current(identity, self._formerly)

    def is_known(self, identity: str) -> bool:
        """Whether it stands on the list of known findings."""
        return identity in self._known

    def waivers(self, identity: str) -> list[Waiver]:
        """All waivers of one failure, the one that lasts longest at the end."""
        exact = self._waivers.get(identity, [])
        chosen = self._chosen(identity)
        return sorted([*exact, *chosen], key=_lasting) if chosen else exact

    def _chosen(self, identity: str, any_detail: bool = False) -> list[Waiver]:
        """The waivers of a rule whose selector finds it; with `any_detail` also those that want another detail."""
        waivers = self._of_rule.get(identity.partition("@")[0])
        if not waivers:
            return []
        named = parse(identity)
        entry = self._index.get(named.subject)
        return [one for one in waivers if covers(one.selector, named, entry, any_detail)]

    def is_in_force(self, waiver: Waiver) -> bool:
        """Whether today is not after its last day."""
        return waiver.expires >= self._today

    def waivers_around(self, identity: str) -> list[str]:
        """Ids of the waivers that may be about an unknown answer: of the same identity, or of a detail of it."""
        if not self.has_waivers:  # asked for every unknown answer, of which there are many where nobody looked
            return []
        exact = [waiver.id for waiver in (*self._waivers.get(identity, ()), *self._chosen(identity, any_detail=True))]
        return exact if "#" in identity else exact + self._bases.get(identity, [])


def _lasting(waiver: Waiver) -> tuple[str, str]:
    return waiver.expires, waiver.id

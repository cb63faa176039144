"""What is already known about failures: waivers, the list of known findings, and the names that records had before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from stocktake.model.sheet import Sheet


class Waiver(NamedTuple):
    """An accepted exception: the identity that it targets, and the last day on which it is in force."""

    id: str
    target: str
    expires: str


def waivers_of(sheets: Mapping[str, tuple[Sheet, ...]]) -> tuple[Waiver, ...]:
    """All waivers of a registry."""
    found = (own for address, (own, *_) in sheets.items() if address.startswith("waiver/"))
    return tuple(Waiver(own.id, str(own.get("target", "")), str(own.get("expires", ""))) for own in found)


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

    __slots__ = ("_bases", "_formerly", "_known", "_today", "_waivers")

    def __init__(self, waivers: Iterable[Waiver], known: Iterable[str], formerly: Mapping[str, str], today: str):
        self._formerly = formerly
        self._known = frozenset(current(identity, formerly) for identity in known)
        self._today = today
        self._waivers: dict[str, list[Waiver]] = {}
        self._bases: dict[str, list[str]] = {}
        for waiver in sorted(waivers, key=lambda waiver: (waiver.expires, waiver.id)):
            target = current(waiver.target, formerly)
            self._waivers.setdefault(target, []).append(waiver)
            self._bases.setdefault(target.partition("#")[0], []).append(waiver.id)

    @property
    def has_waivers(self) -> bool:
        """Whether there is any waiver at all."""
        return bool(self._waivers)

    def current(self, identity: str) -> str:
        """The identity as it reads today."""
        return current(identity, self._formerly)

    def is_known(self, identity: str) -> bool:
        """Whether it stands on the list of known findings."""
        return identity in self._known

    def waivers(self, identity: str) -> list[Waiver]:
        """All waivers of one failure, the one that lasts longest at the end."""
        return self._waivers.get(identity, [])

    def is_in_force(self, waiver: Waiver) -> bool:
        """Whether today is not after its last day."""
        return waiver.expires >= self._today

    def waivers_around(self, identity: str) -> list[str]:
        """Ids of the waivers that may be about an unknown answer: of the same identity, or of a detail of it."""
        if not self._waivers:  # asked for every unknown answer, of which there are many where nobody looked
            return []
        exact = [waiver.id for waiver in self.waivers(identity)]
        return exact if "#" in identity else exact + self._bases.get(identity, [])

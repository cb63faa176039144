"""Versions as image tags, servers and manifests write them, and whether two of them can be the same."""

import re
from functools import lru_cache

_DIGEST_OR_RANGE = re.compile(r"\s*(?:[<>=^~!*]|sha[0-9]{3}:)")
_NUMBERS = re.compile(r"(?:(?<![0-9A-Za-z.])v?|(?<=RELEASE\.))([0-9]{1,18}(?:[.][0-9]{1,18}){0,9})", re.IGNORECASE)
_DATE = re.compile(r"(?:RELEASE\.)?([0-9]{4})-([0-9]{2})-([0-9]{2})", re.IGNORECASE)
_PRERELEASE = re.compile(
    r"[0-9][-._]?(?:alpha|beta|dev|pre|preview|rc|snapshot|a|b)[-._]?[0-9]{0,4}(?![A-Za-z])", re.IGNORECASE
)


@lru_cache(maxsize=1024)
def parse(text: str) -> tuple[int, ...]:
    """The numbers of a version; empty if none is named (`latest`, `alpine`), or several fit (`^8.0`)."""
    text = text[:200]
    if _DIGEST_OR_RANGE.match(text):
        return ()
    dated = _DATE.match(text)
    if dated:
        return tuple(int(part) for part in dated.groups())
    found = _NUMBERS.search(text)
    return tuple(int(part) for part in found[1].split(".")) if found else ()


@lru_cache(maxsize=1024)
def compare(one: str, other: str) -> int | None:
    """-1, 0 or 1 as `one` is older, equal or newer; None if either names no version."""
    first, second = parse(one), parse(other)
    if not first or not second:
        return None
    width = max(len(first), len(second))
    left = (*first, *(0,) * (width - len(first)), not _is_prerelease(one))
    right = (*second, *(0,) * (width - len(second)), not _is_prerelease(other))
    return (left > right) - (left < right)


def major(text: str) -> int | None:
    """The first number of a version."""
    numbers = parse(text)
    return numbers[0] if numbers else None


def agrees(declared: str, observed: str) -> bool | None:
    """Whether both can be the same version as far as each is told; None if either tells none.

    `16` agrees with `16.4`, and `15-alpine` with `15`, but `16.3` does not agree with `16.4`.
    """
    first, second = parse(declared), parse(observed)
    if not first or not second:
        return None
    return all(a == b for a, b in zip(first, second, strict=False))


def _is_prerelease(text: str) -> bool:
    return _PRERELEASE.search(text[:200]) is not None

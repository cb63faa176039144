"""The versions that a repository pins: one that its people or a robot moved on is no conflict."""

from __future__ import annotations

import re

from stocktake.values.version import compare

_ACTION = re.compile(r"(uses: )([\w.-]+/[\w./-]+)@([0-9a-f]{40} # (\S+))")
_VERSION = re.compile(r"stocktake==([^\s,;]+)")
_SPEC = re.compile(r'"stocktake(\[[a-z,]*\])?((?: @ |[=~!<>])[^"\n]*)?"')


def aligned(base: str, mine: str, new: str) -> tuple[str, str]:
    """`base` and `new` as they would be had the scaffold always pinned what `mine` pins, unless it now pins newer."""
    spec = {found[1] or "": found[0] for found in _SPEC.finditer(mine)}
    base = _SPEC.sub(lambda found: spec.get(found[1] or "", found[0]), base)
    pins = _pins(mine)

    def older(found: re.Match[str]) -> str:
        return found[1] + pins.get(found[2], f"{found[2]}@{found[3]}")

    def newest(found: re.Match[str]) -> str:
        own = pins.get(found[2])
        is_newer = own is not None and compare(own.rpartition(" ")[2], found[4]) in (0, 1)
        return found[1] + own if own and is_newer else found[0]

    return _ACTION.sub(older, base), _ACTION.sub(newest, new)


def _pins(text: str) -> dict[str, str]:
    """The pin of each action that has one and the same everywhere in a text."""
    every: dict[str, set[str]] = {}
    for found in _ACTION.finditer(text):
        every.setdefault(found[2], set()).add(f"{found[2]}@{found[3]}")
    return {action: pins.pop() for action, pins in every.items() if len(pins) == 1}


def spec_in(text: str) -> str:
    """Where a text installs Stocktake from, without extras; empty where it does not say so, or in several ways."""
    found = {f"stocktake{one[2] or ''}" for one in _SPEC.finditer(text)}
    return found.pop() if len(found) == 1 else ""


def newer(one: str, other: str) -> str:
    """The requirement of two that names the newer version; the first that says anything where they name none."""
    first, second = _VERSION.fullmatch(one), _VERSION.fullmatch(other)
    if first and second and compare(second[1], first[1]) == 1:
        return other
    return one or other


def moved_on(spec: str, version: str) -> str:
    """The requirement with the version that runs, if it names an older one; one that names a place stays."""
    return newer(spec, f"stocktake=={version}")

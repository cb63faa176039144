"""Who a site is made for, and which field of which kind is for whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PUBLIC, INTERNAL, RESTRICTED = "public", "internal", "restricted"
AUDIENCES = (PUBLIC, INTERNAL, RESTRICTED)  # each sees all that those before it see
EVERYTHING = ""  # the key under which a table says whom the records of its kind are for
# What records of all kinds may say. A schema says it of the fields of its own kind, in `x-registry`.
COMMON: Mapping[str, str] = {
    "aliases": INTERNAL,
    "description": PUBLIC,
    "formerly": INTERNAL,
    "labels": INTERNAL,
    "links": INTERNAL,
    "name": PUBLIC,
    "tags": PUBLIC,
}
# For whom data is, by how it is classified, where the settings say nothing else.
CLASSES: Mapping[str, str] = {"public": PUBLIC, "internal": INTERNAL, "confidential": RESTRICTED}


def sees(audience: str, least: str) -> bool:
    """Whether what is for `least` is for this audience too."""
    return AUDIENCES.index(audience) >= AUDIENCES.index(least)


def of_records(table: Mapping[str, str]) -> str:
    """Who the records of a kind are for."""
    return table.get(EVERYTHING, INTERNAL)


def of_class(classification: Any, classes: Mapping[str, str] = CLASSES) -> str:
    """Who may see what is classified like this; a word that nobody knows is taken for the highest class."""
    return classes.get(classification, RESTRICTED) if isinstance(classification, str) else RESTRICTED


def of_field(table: Mapping[str, str], pattern: str) -> str:
    """Who a field is for: what is said of it, else of the nearest that it stands in, else `internal`.

    What stands in an instance is the field of that name.
    """
    name = pattern.removeprefix("instances[]").removeprefix(".")
    while name:
        if found := table.get(name) or COMMON.get(name):
            return found
        name = name[:-2] if name.endswith("[]") else name[: max(name.rfind("."), 0)]
    return INTERNAL

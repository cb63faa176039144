"""Who may sign, and which addresses are one person: the text of `allowed_signers` and of `.mailmap`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from stocktake.model.approval import named

SIGNERS = ".stocktake/allowed_signers"
REVOKED = ".stocktake/revoked_signers"
MAILMAP = ".mailmap"
_ADDRESS = re.compile(r"<([^<>]*)>")


class Signer(NamedTuple):
    """One line: the principals and the key (type and data), by which `ssh-keygen` knows the line."""

    principals: tuple[str, ...]
    key: str


def signers(text: str) -> tuple[Signer, ...]:
    """The lines that name people one by one; patterns and authorities are left out, since nobody knows who they are."""
    found = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        principals, rest = _first(line.strip())
        key = re.search(r"(?:^|\s)((?:ssh-|ecdsa-|sk-)[a-z0-9@.-]+\s+[A-Za-z0-9+/=]+)", _unquoted(rest))
        names = tuple(name for name in principals.split(",") if name)
        if key and names and not re.search(r"[*?!]", principals) and "cert-authority" not in rest.split(key[1])[0]:
            found.append(Signer(names, " ".join(key[1].split())))
    return tuple(found)


def _first(line: str) -> tuple[str, str]:
    """The principals, which may stand in quotes, and the rest."""
    if line.startswith('"'):
        names, _, rest = line[1:].partition('"')
        return names, rest
    names, _, rest = line.partition(" ")
    return names, rest


def _unquoted(text: str) -> str:
    """The text without what options say in quotes."""
    return re.sub(r'"[^"]*"', '""', text)


def groups(found: tuple[Signer, ...]) -> list[frozenset[str]]:
    """The names of each person: the principals of all lines with one key."""
    keys: dict[str, tuple[str, ...]] = {}
    for one in found:
        keys[one.key] = (*keys.get(one.key, ()), *one.principals)
    return [named(names) for names in keys.values()]


def aliases(text: str) -> Iterator[frozenset[str]]:
    """The addresses of each line of `.mailmap` that has two."""
    for line in text.splitlines():
        if not line.lstrip().startswith("#") and len(found := _ADDRESS.findall(line)) > 1:
            yield named((found[0], found[1]))

"""Names and values in a command line of any program, as far as a value there can be a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_VALUE = r"""(?:"([^"\n]{1,500})"|'([^'\n]{1,500})'|([^\s"';&|<>()`]{1,500})(?![(`]))"""
_ASSIGNED = re.compile(rf"(?<![A-Za-z0-9_$.{{])-{{0,2}}([A-Za-z_][\w.-]{{0,100}})={_VALUE}")
_OPTION = re.compile(rf"(?<!\S)--?([A-Za-z][\w-]{{1,60}})[ \t]{{1,8}}(?!-){_VALUE}")
_NAME = "password"
# Clients whose short option takes a password, alone or glued to it.
_CLIENTS = (
    (r"mysql|mysqladmin|mysqlcheck|mysqldump|mysqlimport|mysqlshow|mariadb(?:-\w+)?", "-p"),
    (r"keydb-cli|redis-cli|valkey-cli", "-a[ \t]{0,8}"),
    (r"ldapsearch|ldapwhoami|mongo|mongodump|mongoexport|mongoimport|mongorestore|mongosh|sshpass", "-[pw][ \t]{0,8}"),
    (r"sqlcmd", "-P[ \t]{0,8}"),
    (r"curl|wget", r"(?:-u|--user)[ \t=]{0,8}[\"']?[\w.@-]{1,100}:"),
)
_SHORT = tuple(
    re.compile(rf"(?<![\w-])(?:{programs})\b[^|;&\n]{{0,300}}?\s{option}{_VALUE}") for programs, option in _CLIENTS
)


class Word(NamedTuple):
    """A value with the name that it is given under, and where it stands in the text."""

    name: str
    value: str
    start: int
    end: int


def words(text: str) -> Iterator[Word]:
    """`NAME=value`, `--name value` and the passwords of well-known clients; addresses are left to whom reads URLs."""
    for pattern in (_ASSIGNED, _OPTION):
        for found in pattern.finditer(text):
            yield from _word(found, found[1], 2)
    for pattern in _SHORT:
        for found in pattern.finditer(text):
            yield from _word(found, _NAME, 1)


def _word(found: re.Match[str], name: str, first: int) -> Iterator[Word]:
    group = next(number for number in range(first, (found.lastindex or first) + 1) if found[number] is not None)
    if "://" not in found[group]:
        yield Word(name, found[group], found.start(group), found.end(group))

"""A grant in words: `INSERT, SELECT (id) ON TABLE shop.public.orders TO app` gives two privileges."""

import re
from collections.abc import Iterable

_WORD = re.compile(r'"(?:[^"]|"")*"| ON |[^"(), ]+|.', re.DOTALL)
_DEPTH = {"(": 1, ")": -1}


def parts(grant: str) -> tuple[tuple[str, ...], str]:
    """The privileges, and the rest from ` ON ` on; names in quotes may hold commas, brackets and that word."""
    privileges: list[str] = []
    now, depth = "", 0
    for found in _WORD.finditer(grant):
        word = found[0]
        if word == " ON " and not depth:
            return (*privileges, now.strip()), grant[found.start() :]
        if word == "," and not depth:
            privileges.append(now.strip())
            now = ""
        else:
            depth += _DEPTH.get(word, 0)
            now += word
    return (*privileges, now.strip()), ""


def singles(grants: Iterable[str]) -> set[str]:
    """One grant a privilege, so that a changed list of privileges tells only what changed."""
    return {f"{privilege}{rest}" for privileges, rest in map(parts, grants) for privilege in privileges}


def without(grants: Iterable[str], gone: str) -> list[str]:
    """The grants without one privilege; what else its line gives stays, in its place."""
    kept = []
    for grant in grants:
        privileges, rest = parts(grant)
        left = [one for one in privileges if f"{one}{rest}" != gone]
        kept += [grant] if len(left) == len(privileges) else [f"{', '.join(left)}{rest}"] if left else []
    return kept


def joined(grants: Iterable[str], new: str) -> list[str]:
    """The grants and one privilege more, in the line that is about the same where there is one."""
    lines = list(grants)
    _, rest = parts(new)
    for place, grant in enumerate(lines):
        privileges, other = parts(grant)
        if other == rest and not any("(" in one for one in (*privileges, new.removesuffix(rest))):
            lines[place] = f"{', '.join(sorted({*privileges, new.removesuffix(rest)}))}{rest}"
            return lines
    return [*lines, new]

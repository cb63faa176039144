"""What every parser of source code tells: the same for each language."""

from __future__ import annotations

from typing import NamedTuple

VARIABLE = "${%s}"
DEFAULT = "${%s:-%s}"


class Literal(NamedTuple):
    """A text or number in the code. `names` lead to it: variables, keys and arguments, the last one last.

    `call` are the words of the nearest function, class or struct that it is given to (`redis`, `Redis`), `place` its
    number among the arguments without a name, -1 for one with a name. What only a running program knows stands in
    the text as `${name}`.
    """

    value: str
    line: int
    names: tuple[str, ...] = ()
    call: tuple[str, ...] = ()
    place: int = -1
    is_number: bool = False


class Given(NamedTuple):
    """Where an expression stands: the names that lead to it, and what it is given to, as a literal tells both."""

    names: tuple[str, ...] = ()
    call: tuple[str, ...] = ()
    place: int = -1


class Read(NamedTuple):
    """A setting that the code reads from its environment, and what it takes where nobody sets it."""

    key: str
    line: int
    default: str = ""


class Import(NamedTuple):
    """A module and the name by which the code calls it, or a part of it."""

    module: str
    name: str
    line: int


class Source(NamedTuple):
    """Everything one parser understood in one file."""

    literals: tuple[Literal, ...] = ()
    reads: tuple[Read, ...] = ()
    imports: tuple[Import, ...] = ()

"""Whether a pattern of a schema is one that every engine understands alike and answers in linear time."""

from __future__ import annotations

import re
from itertools import combinations

_AHEAD = {"(?=": "looks ahead", "(?!": "looks ahead", "(?<=": "looks back", "(?<!": "looks back"}
_TIMES = re.compile(r"\{([0-9]{1,9})(,?)([0-9]{0,9})\}")
_CLASS = re.compile(r"\[\^?(?:[^\]\[\\]|\\.)+\]")
_ESCAPED = re.compile(r"\\(?:[dDwWtnrfv]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^0-9A-Za-z])")
_ASCII = "".join(map(chr, range(128)))
_LARGEST = 20_000
_OFTEN = 1_000


class _RefusedError(Exception):
    """Carries what is wrong."""


class _Group:
    """What was read of one group: the first and the last atom, where those must stand there once, the first ones of its
    alternatives, and what may stand any number of times.
    """

    __slots__ = ("begins", "endless", "first", "is_begun", "last", "size")

    def __init__(self) -> None:
        self.begins: list[str] = []
        self.endless: list[str] = []
        self.first = self.last = ""
        self.is_begun = False
        self.size = 0

    def another(self) -> None:
        """A | was read: what the group begins and ends with is not one letter any more."""
        self.begins.append(self.first)
        self.first = self.last = ""
        self.is_begun = False

    def close(self) -> None:
        """The end was read."""
        if self.begins:
            self.another()
            self.is_begun = True


def flaw(pattern: str) -> str:
    """What is wrong with a pattern, in words; empty where nothing is."""
    try:
        _read(pattern)
        re.compile(pattern)
    except _RefusedError as error:
        return str(error)
    except (re.error, RecursionError, OverflowError):
        return "is not a regular expression"
    return ""


def _read(pattern: str) -> None:
    groups, at = [_Group()], 0
    while at < len(pattern):
        char, group = pattern[at], groups[-1]
        if char == "(":
            at += _opened(pattern[at : at + 4])
            groups.append(_Group())
            continue
        if char in "|^$":
            if char == "|":
                group.another()
            at += 1
            continue
        if char == ")":
            if len(groups) == 1:
                raise _RefusedError("closes a group that is not open")
            atom, inner, size = "", groups.pop(), 1
            inner.close()
        else:
            atom = _atom(pattern, at)
            inner, size = None, len(atom)
        at = _repeated(pattern, at + size, groups[-1], atom, inner)
    if len(groups) > 1:
        raise _RefusedError("opens a group that it does not close")


def _opened(text: str) -> int:
    """How long the beginning of a group is."""
    if not text.startswith("(?"):
        return 1
    if text.startswith("(?:"):
        return 3
    for begin, what in _AHEAD.items():
        if text.startswith(begin):
            raise _RefusedError(f"{what} ({begin}), which no engine does in linear time")
    raise _RefusedError(f"begins a group with {text[:3]}, which engines read differently")


def _atom(pattern: str, at: int) -> str:
    """One letter, escape or class."""
    char = pattern[at]
    if char == "\\":
        found = _ESCAPED.match(pattern, at)
        if found:
            return found[0]
        if pattern[at + 1 : at + 2].isdigit() or pattern[at + 1 : at + 2] == "k":
            raise _RefusedError(f"refers back to a group ({pattern[at : at + 2]}), which no engine does in linear time")
        raise _RefusedError(f"holds {pattern[at : at + 2]}, which engines read differently")
    if char == "[":
        found = _CLASS.match(pattern, at)
        if not found or any(sign in found[0] for sign in ("&&", "--", "~~", "||")):
            raise _RefusedError("holds a class of letters that engines read differently: escape [ ] & - ~ | in it")
        for escape in re.findall(r"\\.", found[0]):
            if not _ESCAPED.match(found[0], found[0].index(escape)):
                raise _RefusedError(f"holds {escape}, which engines read differently")
        return found[0]
    if char in "*+?":
        raise _RefusedError(f"repeats nothing with {char}")
    if char in "{}]":
        raise _RefusedError(f"holds {char} by itself: write \\{char}")
    return char


def _repeated(pattern: str, at: int, group: _Group, atom: str, inner: _Group | None) -> int:
    """Where the pattern goes on after an atom or group and its quantifier; what it says is kept in `group`."""
    least, most, size = _times(pattern, at)
    group.size += max(least, most or 1) * (inner.size if inner else 1)
    if max(least, most or 0) > _OFTEN or group.size > _LARGEST:
        raise _RefusedError(f"repeats something more than {_OFTEN:,} times")
    at += size
    if size and pattern[at : at + 1] == "+":
        raise _RefusedError("repeats without giving back (++), which engines read differently")
    at += pattern[at : at + 1] == "?" and bool(size)
    if inner is not None and size and not inner.is_begun:
        raise _RefusedError("repeats an empty group")
    if inner is not None and most is None and not _is_told_apart(inner):
        raise _RefusedError("repeats what is itself repeated, which takes long on some texts")
    if most is None:
        group.endless.append(atom or "(")
    if inner is not None and not _is_closed(inner):
        group.endless += inner.endless
    once = atom if (least, most) == (1, 1) else ""
    group.first = group.first if group.is_begun else once
    group.last, group.is_begun = once, True
    return at


def _times(pattern: str, at: int) -> tuple[int, int | None, int]:
    """The least and the most (None for any number) of a quantifier, and its length."""
    sign = pattern[at : at + 1]
    if sign in ("*", "+", "?") and sign:
        return int(sign == "+"), 1 if sign == "?" else None, 1
    if sign != "{":
        return 1, 1, 0
    found = _TIMES.match(pattern, at)
    if not found:
        raise _RefusedError("holds { by itself: write \\{")
    least = int(found[1])
    most = (int(found[3]) if found[3] else None) if found[2] else least
    return least, most, len(found[0])


def _is_told_apart(group: _Group) -> bool:
    """Whether a text can be read as rounds of a group in one way only: its alternatives begin differently, and it
    repeats nothing, or begins or ends with a letter that nothing repeated in it may be.
    """
    if any(set(_letters(one)) & set(_letters(other)) for one, other in combinations(filter(None, group.begins), 2)):
        return False
    return not group.endless or _is_mark(group.first, group) or _is_mark(group.last, group)


def _is_closed(group: _Group) -> bool:
    """Whether what is repeated in a group cannot run beyond it, as in brackets."""
    return _is_mark(group.first, group) and _is_mark(group.last, group)


def _is_mark(mark: str, group: _Group) -> bool:
    return bool(mark) and all(not _may_be(atom, mark) for atom in group.endless)


def _letters(atom: str) -> str:
    return "".join(letter for letter in _ASCII if re.fullmatch(atom, letter))


def _may_be(atom: str, mark: str) -> bool:
    """Whether an atom may match what a mark is; a class as a mark may be anything."""
    letter = mark[1:] if len(mark) == 2 and mark[0] == "\\" and not mark[1].isalnum() else mark
    return atom == "(" or len(letter) > 1 or re.fullmatch(atom, letter) is not None

"""Let the text of a record follow what it is to say: names, places and values change, comments and all else stay."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from stocktake.edit.retire import Put, candidates

Path = tuple[str | int, ...]
Place = tuple[int, int]
_COMMENT = re.compile(r"(?:^|\s)(#.*?)\s*$", re.MULTILINE)
_CHANGES_AT_MOST = 500


class Parsed(Protocol):
    """A text with the places of all that stands in it."""

    data: Any
    keys: dict[Path, Place]
    values: dict[Path, Place]
    flaws: list[Any]


class Changed(NamedTuple):
    """A value that goes from one path to another (`old` and `new` differ), or is another value at the same path."""

    old: Path
    new: Path
    value: Any


Parse = Callable[[str], Any]


def follow(text: str, goal: Mapping[str, Any], parse: Parse) -> str | None:
    """The text that says what is wanted, with all its comments; None where it cannot be written so."""
    ending = "\r\n" if "\r\n" in text else "\n"
    plain = text.replace("\r\n", "\n")
    for way in (_by_lines, _by_round_trip):
        after = way(plain, goal, parse)
        if after is not None and _says(after, goal, parse) and _comments(after) == _comments(plain):
            return after.replace("\n", ending)
    return None


def _says(text: str, goal: Mapping[str, Any], parse: Parse) -> bool:
    document = parse(text)
    return not document.flaws and document.data == goal


def _comments(text: str) -> list[str]:
    return sorted(_COMMENT.findall(text))


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Changed] | None:
    """What makes the new of the old; None where something came from nowhere or went away."""
    removed, added, found = [*_lost(old, new)], [*_lost(new, old)], [*_valued(old, new)]
    for levels in removed:
        pairs = ((_same(levels, others), others) for others in added)
        match = min(((pair, others) for pair, others in pairs if pair), key=lambda one: _distance(one[0]), default=None)
        if match is None:
            return None
        found.append(match[0])
        added.remove(match[1])
    return None if added else found


Levels = list[tuple[Path, Any]]


def _lost(old: Mapping[str, Any], new: Mapping[str, Any], path: Path = ()) -> Iterator[Levels]:
    """What is no longer there; with a mapping that holds one thing alone, that thing too."""
    for key, value in old.items():
        here = new.get(key)
        if key not in new:
            levels: Levels = [((*path, key), value)]
            while isinstance(value, Mapping) and len(value) == 1:
                [(inner, value)] = value.items()
                levels.append(((*levels[-1][0], inner), value))
            yield levels
        elif isinstance(value, Mapping) and isinstance(here, Mapping):
            yield from _lost(value, here, (*path, key))


def _same(levels: Levels, others: Levels) -> Changed | None:
    """The outermost value that both hold."""
    return next(
        (Changed(one, other, value) for one, value in levels for other, found in others if found == value), None
    )


def _distance(change: Changed) -> int:
    """A new name in the same mapping comes before another place."""
    return 0 if change.old[:-1] == change.new[:-1] else 1


def _valued(old: Any, new: Any, path: Path = ()) -> Iterator[Changed]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in old:
            if key in new:
                yield from _valued(old[key], new[key], (*path, key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for number, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _valued(one, other, (*path, number))
    elif old != new:
        yield Changed(path, path, new)


def _by_lines(text: str, goal: Mapping[str, Any], parse: Parse) -> str | None:
    """Line by line, so that nothing else changes; None where a change is in a mapping between braces."""
    for _ in range(_CHANGES_AT_MOST):
        document = parse(text)
        wanted = changes(document.data, goal)
        if not wanted:
            return text if wanted == [] else None
        after = _once(text, wanted[0], document, parse)
        if after is None or after == text:
            return None
        text = after
    return None


def _once(text: str, change: Changed, document: Parsed, parse: Parse) -> str | None:
    if change.old == change.new:
        put = Put(change.old, _at(document.data, change.old), change.value)
        if isinstance(put.old, list | Mapping):
            return None
        return next(candidates(text, put, document.keys, document.values, 0), None)
    if change.old[:-1] == change.new[:-1]:
        return _with_key(text, document.keys[change.old], str(change.old[-1]), str(change.new[-1]))
    return _moved(text, change, document, parse)


def _at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _with_key(text: str, place: Place, old: str, new: str) -> str | None:
    lines = text.split("\n")
    line, column = place
    head, rest = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
    written = next((one for one in (old, f'"{old}"', f"'{old}'") if rest.startswith(one)), None)
    if written is None:
        return None
    lines[line - 1] = f"{head}{new}{rest[len(written) :]}"
    return "\n".join(lines)


def _moved(text: str, change: Changed, document: Parsed, parse: Parse) -> str | None:
    """The lines of a key, with the comments right above it, in another mapping."""
    lines = text.split("\n")
    outermost = _only(document.data, change.old)
    start, _ = _lines(lines, outermost, document)
    first, stop = _lines(lines, change.old, document)
    if first < 0 or start < 0:
        return None
    line, column = document.keys[change.old]
    renamed = _with_key(text, (line, column), str(change.old[-1]), str(change.new[-1]))
    if renamed is None:
        return None
    block = renamed.split("\n")[first:stop]
    block = [one for one in lines[start:first] if one.lstrip().startswith("#")] + block
    rest = [*lines[:start], *lines[stop:]]
    return _inserted(rest, block, column - 1, change.new[:-1], parse)


def _only(data: Any, path: Path) -> Path:
    """The outermost mapping that holds nothing else than what is at a path."""
    while len(path) > 1 and len(_at(data, path[:-1])) == 1:
        path = path[:-1]
    return path


def _lines(lines: Sequence[str], path: Path, document: Parsed) -> tuple[int, int]:
    """The first line of a key with the comments right above it, and the one after its last; -1 between braces."""
    line, column = document.keys[path]
    indent = lines[line - 1][: column - 1]
    if indent.strip():
        return -1, -1
    later = [place[0] for place in document.keys.values() if place[0] > line and place[1] <= column]
    stop = min(later, default=len(lines) + 1) - 1
    while stop > line and (not lines[stop - 1].strip() or _is_comment(lines[stop - 1], column - 1)):
        stop -= 1
    first = line - 1
    while first and lines[first - 1].startswith(f"{indent}#") and "yaml-language-server" not in lines[first - 1]:
        first -= 1
    return first, stop


def _is_comment(line: str, indent: int) -> bool:
    bare = line.lstrip()
    return bare.startswith("#") and len(line) - len(bare) <= indent


def _inserted(lines: list[str], block: list[str], indent: int, around: Path, parse: Parse) -> str | None:
    """The block at the end of a mapping, which is made where it is not there."""
    document = parse("\n".join(lines))
    missing = [*around]
    while missing and tuple(around[: len(missing)]) not in document.keys:
        missing.pop()
    there, made = around[: len(missing)], around[len(missing) :]
    inside = [place for path, place in document.keys.items() if path[:-1] == there and len(path) == len(there) + 1]
    if not inside or lines[inside[0][0] - 1][: inside[0][1] - 1].strip():
        return None
    column = inside[0][1] - 1
    stop = _lines(lines, there, document)[1] if there else _end(lines)
    heads = [f"{' ' * (column + 2 * depth)}{step}:" for depth, step in enumerate(made)]
    by = column + 2 * len(made) - indent
    shifted = [_shifted(line, by) for line in block]
    return "\n".join([*lines[:stop], *heads, *shifted, *lines[stop:]])


def _end(lines: Sequence[str]) -> int:
    stop = len(lines)
    while stop and not lines[stop - 1].strip():
        stop -= 1
    return stop


def _shifted(line: str, by: int) -> str:
    if not line.strip():
        return line
    return f"{' ' * by}{line}" if by >= 0 else line[min(-by, len(line) - len(line.lstrip())) :]


def _by_round_trip(text: str, goal: Mapping[str, Any], _: Parse) -> str | None:
    """By ruamel.yaml, which keeps comments and order, but may write what it read in another form."""
    import io

    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    engine = YAML()
    engine.preserve_quotes = True
    engine.width = 10_000
    try:
        document = engine.load(text)
    except (YAMLError, ValueError):  # what our parser takes as text
        return None
    wanted = changes(document, goal) or []
    for change in wanted:
        holder = _at(document, change.old[:-1])
        if change.old == change.new:
            holder[change.old[-1]] = change.value
        else:
            _carry(document, change)
    out = io.StringIO()
    engine.dump(document, out)
    return out.getvalue()


def _carry(document: Any, change: Changed) -> None:
    holder, key = _at(document, change.old[:-1]), change.old[-1]
    position, value = list(holder).index(key), holder[key]
    comment = holder.ca.items.pop(key, None)
    del holder[key]
    target = document
    for step in change.new[:-1]:
        target = target.setdefault(step, type(document)())
    place = position if target is holder else len(target)
    target.insert(place, change.new[-1], value)
    if comment:
        target.ca.items[change.new[-1]] = comment
    for depth in range(len(change.old) - 1, 0, -1):  # what is empty now
        if not _at(document, change.old[:depth]):
            del _at(document, change.old[: depth - 1])[change.old[depth - 1]]

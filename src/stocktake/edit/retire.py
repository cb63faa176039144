"""Put values into the text of a record, one at a time, and leave everything else in it as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from stocktake.edit.fix import Mend, rewritten
from stocktake.edit.new import dump

Path = tuple[str | int, ...]
Place = tuple[int, int]
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


class Put(NamedTuple):
    """One value for one path: `old` is what stands there, None where nothing does and the mapping around it is to hold
    one more.
    """

    path: Path
    old: Any
    new: Any


def puts(data: Mapping[str, Any], wanted: Mapping[str, Any], path: Path = ()) -> Iterator[Put]:
    """What has to change so that `data` also says what is wanted."""
    for key, value in wanted.items():
        here = data.get(key)
        if isinstance(here, Mapping) and isinstance(value, Mapping):
            yield from puts(here, value, (*path, key))
        elif here != value:
            yield Put((*path, key), here, value)


def merged(data: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """The data with everything that is wanted in it."""
    whole = dict(data)
    for key, value in wanted.items():
        here = whole.get(key)
        both = isinstance(here, Mapping) and isinstance(value, Mapping)
        whole[key] = merged(here, value) if both else value  # type: ignore[arg-type]
    return whole


def candidates(
    text: str, put: Put, keys: Mapping[Path, Place], values: Mapping[Path, Place], end: int
) -> Iterator[str]:
    """Texts that may say one value more, the one to prefer first; whoever asks reads them again before taking one.

    `keys` and `values` say where each begins; `end` is the line before which a new line still belongs to the record,
    counted from 1.
    """
    if put.old is not None:
        yield from _extended(text, put, values) if isinstance(put.old, list) else _replaced(text, put, values[put.path])
        return
    *outer, last = put.path
    around = tuple(outer)
    lines = text.split("\n")
    line, column = values[around]
    if lines[line - 1].startswith("{", column - 1):
        is_empty = not any(path[:-1] == around for path in keys)
        written = f"{last}: {_inline(put.new)}{'' if is_empty else ', '}"
        yield _at(lines, line, f"{lines[line - 1][:column]}{written}{lines[line - 1][column:]}")
        return
    first = min((place for path, place in keys.items() if path[:-1] == around), default=(line, column))
    block = _block({str(last): put.new}, first[1] - 1, "\r" if lines[0].endswith("\r") else "")
    last_line = max(place[0] for path, place in values.items() if path[: len(around)] == around)
    for number in (end if not around else last_line + 1, first[0]):
        yield "\n".join([*lines[: number - 1], *block, *lines[number - 1 :]])


def _replaced(text: str, put: Put, place: Place) -> Iterator[str]:
    line, column = place
    rest = text.split("\n")[line - 1][column - 1 :]
    quote = rest[:1] if rest[:1] in ("'", '"') else ""
    if quote and isinstance(put.new, str) and not re.search(r"[\"'\\\n]", put.new):
        yield rewritten(text, [Mend(put.path, line, column, f"{quote}{put.old}{quote}", f"{quote}{put.new}{quote}")])
    else:
        new = put.new if _is_plain(put.new) else _inline(put.new)
        yield rewritten(text, [Mend(put.path, line, column, f"{quote}{put.old}{quote}", new)])


def _extended(text: str, put: Put, values: Mapping[Path, Place]) -> Iterator[str]:
    """A list with more in it."""
    lines = text.split("\n")
    line, column = values[put.path]
    if lines[line - 1].startswith("[", column - 1):
        written, _, _ = lines[line - 1][column - 1 :].partition("]")
        yield rewritten(text, [Mend(put.path, line, column, f"{written}]", _inline(put.new))])
    elif put.old:
        line, _ = values[(*put.path, len(put.old) - 1)]
        ending = "\r" if lines[0].endswith("\r") else ""
        more = [f"{' ' * (column - 1)}- {_inline(one)}{ending}" for one in put.new[len(put.old) :]]
        yield "\n".join([*lines[:line], *more, *lines[line:]])


def _is_plain(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[a-z][a-z-]*", value) is not None


def _inline(value: Any) -> str:
    """A value on one line, as YAML and JSON both read it; keys stay without quotes."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_inline(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    return value if _is_plain(value) else json.dumps(value, ensure_ascii=False)


def _block(data: Mapping[str, Any], indent: int, ending: str) -> list[str]:
    lines = dump(_styled(data)).rstrip("\n").split("\n")
    return [f"{' ' * indent}{line}{ending}" if line else ending for line in lines]


def _styled(value: Any) -> Any:
    """Days in quotes, as older YAML takes them for something else, and texts of several lines as they are read."""
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

    if isinstance(value, Mapping):
        return {key: _styled(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_styled(one) for one in value]
    if isinstance(value, str) and "\n" in value:
        return LiteralScalarString(value)
    return DoubleQuotedScalarString(value) if isinstance(value, str) and _DAY.match(value) else value


def _at(lines: Sequence[str], number: int, line: str) -> str:
    return "\n".join([*lines[: number - 1], line, *lines[number:]])

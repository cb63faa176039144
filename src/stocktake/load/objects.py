"""Read JSON that people write as strictly as our YAML, and say where in it something stands."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import Any

from stocktake.errors import Problem
from stocktake.load.scalars import DIGITS_AT_MOST, LARGEST
from stocktake.load.yaml import encoding_problems

Path = tuple[str | int, ...]
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')
_DEEPEST = 60


class _TwiceError(ValueError):
    pass


def read(raw: bytes, path: str) -> tuple[Any, list[Problem]]:
    """The data, and what is wrong with the text: its encoding, its grammar, a key that stands twice, no numbers."""
    if wrong := encoding_problems(raw, path, tabs=True):
        return None, wrong
    text = raw.decode()
    try:
        data = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_float, parse_int=_int)
        return data, _half_characters(data, path)
    except json.JSONDecodeError as error:
        return None, [Problem(path, error.lineno, error.colno, "", f"is not JSON: {error.msg}")]
    except _TwiceError as error:
        key = json.dumps(str(error), ensure_ascii=False)
        places = [found.start() for found in re.finditer(re.escape(key) + r"\s*:", text)]
        at = _place(text, places[-1]) if places else (1, 1)
        return None, [Problem(path, *at, "", f"the key {key} stands twice in one object", "Remove one of them.")]
    except (ValueError, RecursionError) as error:
        why = "nested too deep" if isinstance(error, RecursionError) else str(error)
        return None, [Problem(path, 1, 1, "", f"is not JSON: {why}")]


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _TwiceError(next(key for key in keys if keys.count(key) > 1))
    return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a number")


def _float(text: str) -> float:
    value = float(text)
    if abs(value) > LARGEST:
        raise ValueError(f"{text[:50]} is larger than numbers may be here")
    return value


def _int(text: str) -> int:
    if len(text) > DIGITS_AT_MOST or abs(int(text)) > LARGEST:
        raise ValueError(f"{text[:50]} is larger than numbers may be here")
    return int(text)


def _half_characters(data: Any, path: str) -> list[Problem]:
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return [Problem(path, 1, 1, "", "holds half a character", "Write both halves, as in \\ud83d\\ude00.")]
    return []


def places(text: str) -> dict[Path, tuple[int, int]]:
    """Where each value of a JSON text begins; where it has a key, the key."""
    found: dict[Path, tuple[int, int]] = {(): (1, 1)}
    _Places(text, found).value(())
    return found


class _Places:
    """Walks over the tokens of a text that is JSON."""

    def __init__(self, text: str, found: dict[Path, tuple[int, int]]):
        self.found = found
        self.tokens: Iterator[re.Match[str]] = _TOKEN.finditer(text)
        self.ends = [end.start() for end in re.finditer("\n", text)]

    def value(self, path: Path) -> None:
        self.inside(next(self.tokens), path)

    def inside(self, token: re.Match[str], path: Path) -> None:
        if token[0] not in ("{", "[") or len(path) > _DEEPEST:
            return
        number = 0
        while (inner := next(self.tokens))[0] not in ("}", "]"):
            if inner[0] == ",":
                continue
            step: str | int = json.loads(inner[0]) if token[0] == "{" else number
            line = bisect_left(self.ends, inner.start())
            self.found[(*path, step)] = line + 1, inner.start() - (self.ends[line - 1] if line else -1)
            if token[0] == "{":
                next(self.tokens)
                inner = next(self.tokens)
            self.inside(inner, (*path, step))
            number += 1


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)

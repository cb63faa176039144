"""Fact names: dotted paths in which a key that users choose stands in brackets, `backup.plans[nightly].schedule`."""

import re
from collections.abc import Iterable

from stocktake.values.text import percent_decoded

_UNSAFE = re.compile(r"[%\[\]\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_KEY = re.compile(r"\[([^\[\]]*)\]")
_STEP = re.compile(r"\[([^\[\]]*)\]|(?:^|\.)([^.\[\]]+)")
_EMPTY = "%"


def encode_key(key: str) -> str:
    """A key as it stands between brackets; the empty key is a bare `%`, since `[]` means every key."""
    return _UNSAFE.sub(_encoded, key) if key else _EMPTY


def decode_key(text: str) -> str:
    """The key that stands between brackets as users wrote it."""
    return "" if text == _EMPTY else percent_decoded(text)


def join(prefix: str, key: str, keyed: bool) -> str:
    """The name of `key` inside `prefix`; `keyed` says that users chose the key."""
    if keyed:
        return f"{prefix}[{encode_key(key)}]"
    return f"{prefix}.{key}" if prefix else key


def split(name: str) -> tuple[tuple[str, bool], ...]:
    """The parts of a name, each with whether users chose it."""
    parts, end = [], 0
    while end < len(name):
        found = _STEP.match(name, end)
        if not found:
            raise ValueError(f'"{name[:80]}" is not a fact name')
        key, field = found.groups()
        parts.append((field, False) if key is None else (decode_key(key), True))
        end = found.end()
    return tuple(parts)


def pattern(name: str) -> str:
    """The name with every user's key left out: `backup.plans[].schedule`."""
    return _KEY.sub("[]", name) if "[" in name else name


def keys(names: Iterable[str], pattern: str) -> list[str]:
    """The keys that stand in the last brackets of a pattern such as `backup.plans[]`, decoded, sorted, each once."""
    if pattern.count("[") == 1 and pattern.endswith("[]"):
        start = pattern[:-1]
        size = len(start)
        found = {name[size : name.index("]", size)] for name in names if name.startswith(start)}
    else:
        shape = re.compile(re.escape(pattern).replace(r"\[\]", r"\[([^\[\]]*)\]"))
        found = {matched[matched.lastindex or 0] for name in names if (matched := shape.match(name))}
    return sorted(decode_key(key) for key in found)


def _encoded(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "surrogatepass"))

"""Functions of Helm that pass on what names, images and settings are made of."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

import yaml

_NO = frozenset(("", "0", "false", "no", "null", "off"))


class Name:
    """The name of a function."""

    def __init__(self, text: str) -> None:
        self.text = text


def holds(value: Any) -> bool:
    """Whether a condition of this value holds."""
    return bool(value) and not (isinstance(value, str) and value.lower() in _NO)


def text_of(value: Any) -> str:
    """A value as it is written into a template."""
    if value is None or isinstance(value, Name):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else json.dumps(value) if isinstance(value, (dict, list)) else str(value)


def _yaml(value: Any) -> str:
    if isinstance(value, (dict, list)):
        return yaml.safe_dump(value, default_flow_style=False, sort_keys=False, width=10_000).rstrip("\n")
    return text_of(value)


def _indent(count: Any, text: Any, first: str = "") -> str:
    width = min(int(count), 100) if str(count).isdigit() else 0
    shown = text_of(text)
    return first + "\n".join(" " * width + line for line in shown.split("\n"))


def _printf(form: Any, *values: Any) -> str:
    rest = iter(values)
    return re.sub(r"%[-+#0-9.]*[a-zA-Z]", lambda match: text_of(next(rest, "")), text_of(form).replace("%%", "%"))


def _number(value: Any) -> int:
    return int(value) if re.fullmatch(r"-?\d{1,9}", text_of(value)) else 0


def _equal(value: Any, *others: Any) -> bool:
    return any(text_of(value) == text_of(other) for other in others)


def _all(*values: Any) -> Any:
    return next((value for value in values if not holds(value)), values[-1])


def _any(*values: Any) -> Any:
    return next((value for value in values if holds(value)), values[-1])


def _dict(*pairs: Any) -> dict[str, Any]:
    return {text_of(key): value for key, value in zip(pairs[::2], pairs[1::2], strict=False)}


def _merged(*values: Any) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for value in reversed(values):
        merged.update(value if isinstance(value, dict) else {})
    return merged


def _get(value: Any, *keys: Any) -> Any:
    for key in keys:
        if isinstance(value, list):
            value = value[_number(key)] if 0 <= _number(key) < len(value) else None
        else:
            value = value.get(text_of(key)) if isinstance(value, dict) else None
    return value


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "and": _all,
    "b64enc": lambda value: "",
    "coalesce": _any,
    "contains": lambda part, text="": text_of(part) in text_of(text),
    "default": lambda other, value=None: value if holds(value) else other,
    "dict": _dict,
    "empty": lambda value: not holds(value),
    "eq": _equal,
    "fail": lambda value: "",
    "first": lambda value: _get(value, 0),
    "get": _get,
    "gt": lambda one, other=0: _number(one) > _number(other),
    "has": lambda item, values=None: item in values if isinstance(values, list) else False,
    "hasKey": lambda value, key="": isinstance(value, dict) and key in value,
    "indent": lambda count, text="": _indent(count, text),
    "index": _get,
    "int": _number,
    "join": lambda sign, values=None: text_of(sign).join(map(text_of, values)) if isinstance(values, list) else "",
    "keys": lambda value: list(value) if isinstance(value, dict) else [],
    "kindIs": lambda kind, value=None: {"map": dict, "slice": list, "string": str}.get(kind, bool) is type(value),
    "list": lambda *values: list(values),
    "lookup": lambda *values: None,
    "lower": lambda text: text_of(text).lower(),
    "lt": lambda one, other=0: _number(one) < _number(other),
    "merge": _merged,
    "mergeOverwrite": lambda *values: _merged(*reversed(values)),
    "ne": lambda one, other="": not _equal(one, other),
    "nindent": lambda count, text="": _indent(count, text, "\n"),
    "not": lambda value: not holds(value),
    "or": _any,
    "print": lambda *values: "".join(map(text_of, values)),
    "printf": _printf,
    "quote": lambda *values: " ".join(json.dumps(text_of(value)) for value in values),
    "replace": lambda old, new="", text="": (
        text_of(text).replace(text_of(old), text_of(new)) if text_of(old) else text_of(text)
    ),
    "required": lambda message, value=None: value,
    "semverCompare": lambda *values: True,
    "splitList": lambda sign, text="": text_of(text).split(text_of(sign) or "\n"),
    "squote": lambda value: "'" + text_of(value).replace("'", "''") + "'",
    "ternary": lambda one, other="", test=None: one if holds(test) else other,
    "toJson": lambda value: json.dumps(value),
    "toString": lambda value: text_of(value),
    "toYaml": lambda value: _yaml(value),
    "trimPrefix": lambda part, text="": text_of(text).removeprefix(text_of(part)),
    "trimSuffix": lambda part, text="": text_of(text).removesuffix(text_of(part)),
    "trunc": lambda count, text="": text_of(text)[: _number(count)] if _number(count) > 0 else text_of(text),
    "typeIs": lambda kind, value=None: kind == "string" and isinstance(value, str),
    "upper": lambda text: text_of(text).upper(),
}
